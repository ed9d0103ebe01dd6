// What a page does beyond links and forms: the viewer's time zone, times that grow, whether the stream stands. No state is kept here.
(() => {
  const time = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const date = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

  function lasting(seconds) {
    if (seconds < 10) return `${seconds.toFixed(1)} s`;
    if (seconds < 60) return `${Math.floor(seconds)} s`;
    const minutes = Math.floor(seconds / 60), hours = Math.floor(minutes / 60), days = Math.floor(hours / 24);
    if (hours < 1) return `${minutes} min ${String(Math.floor(seconds % 60)).padStart(2, '0')} s`;
    return days < 1 ? `${hours} h ${String(minutes % 60).padStart(2, '0')} min` : `${days} d ${hours % 24} h`;
  }

  let shownAt = performance.now();

  function localize(root) {
    for (const each of root.querySelectorAll('time[data-at]')) {
      const at = new Date(each.dateTime);
      const text = (each.dataset.at === 'date' ? date : time).format(at);
      if (each.textContent !== text) each.textContent = text;
    }
  }

  function tick() {
    const passed = (performance.now() - shownAt) / 1000;
    for (const each of document.querySelectorAll('.lasting[data-seconds]')) each.textContent = lasting(Number(each.dataset.seconds) + passed);
  }

  function shown() {
    shownAt = performance.now();
    localize(document);
    document.dispatchEvent(new CustomEvent('baton:shown'));
  }

  const rows = () => new Set([...document.querySelectorAll('tr[id]')].map(row => row.id));
  let before = new Set();
  document.addEventListener('htmx:before:swap', () => { before = rows(); });
  document.addEventListener('htmx:after:swap', () => {
    for (const row of document.querySelectorAll('tr[id]')) row.classList.toggle('new', before.size > 0 && !before.has(row.id));
    shown();
  });

  const live = state => {
    document.body.dataset.live = state;
    const word = document.querySelector('.live');
    if (word) word.textContent = state === 'on' ? 'live' : 'not connected';
  };
  document.addEventListener('htmx:sse:after:connection', () => live('on'));
  document.addEventListener('htmx:sse:error', () => live('off'));
  document.addEventListener('htmx:sse:close', () => live('off'));

  setInterval(tick, 1000);
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', shown); else shown();
})();
