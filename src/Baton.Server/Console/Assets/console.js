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

  // The policy's editor: a number beside each line, those with errors marked; a link of an error goes to its line.
  function number() {
    const text = document.getElementById('policy-text');
    if (!text) return;
    const wrong = new Set([...document.querySelectorAll('#policy-check [data-line]')].map(link => Number(link.dataset.line)));
    const lines = text.previousElementSibling, count = text.value.split('\n').length;
    lines.replaceChildren(...Array.from({ length: count }, (_, i) => {
      const line = document.createElement('span');
      line.textContent = wrong.has(i + 1) ? `● ${i + 1}` : i + 1;
      line.classList.toggle('wrong', wrong.has(i + 1));
      return line;
    }));
    lines.scrollTop = text.scrollTop;
  }

  function goTo(text, line) {
    const before = text.value.split('\n').slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0);
    const end = text.value.indexOf('\n', before);
    text.focus();
    text.setSelectionRange(before, end < 0 ? text.value.length : end);
    text.scrollTop = Math.max(0, (line - 5) * text.scrollHeight / text.value.split('\n').length);
  }

  document.addEventListener('input', event => { if (event.target.id === 'policy-text') number(); });
  document.addEventListener('scroll', event => { if (event.target.id === 'policy-text') event.target.previousElementSibling.scrollTop = event.target.scrollTop; }, true);
  document.addEventListener('click', event => {
    const link = event.target.closest('a[data-line]'), text = document.getElementById('policy-text');
    if (!link || !text) return;
    event.preventDefault();
    goTo(text, Number(link.dataset.line));
  });
  document.addEventListener('baton:shown', number);

  // Charts are drawn from the tables behind them; lines differ by dash and point as well as by color.
  const charts = new Map(), dashes = [[], [7, 4], [2, 3], [9, 3, 2, 3], [4, 2], [1, 4]], mostBars = 12;

  function color(token, host, share = 100) {
    const probe = document.createElement('span');
    probe.style.color = `color-mix(in srgb, var(--${token}) ${share}%, transparent)`;
    host.append(probe);
    const value = getComputedStyle(probe).color;
    probe.remove();
    return value;
  }

  function wordsOf(value, unit) {
    if (value === null || value === undefined) return '–';
    return unit === 's' ? lasting(value) : unit === '%' ? `${Math.round(value)} %` : String(value);
  }

  function draw(table) {
    const figure = table.closest('.figure'), host = figure.querySelector('.chart');
    // Its place is kept while it is drawn anew, else the page would jump.
    host.style.minHeight = `${host.clientHeight}px`;
    charts.get(table)?.destroy();
    host.replaceChildren();
    host.hidden = false;
    const overTime = table.dataset.chart === 'time', ink = color('soft', host), grid = { stroke: color('line', host), width: 1 };
    const rows = [...table.tBodies[0].rows].slice(0, overTime ? undefined : mostBars);
    const columns = [...table.tHead.rows[0].cells].map((cell, at) => ({ at, name: cell.textContent.trim(), unit: cell.dataset.unit ?? '', tone: cell.dataset.tone })).filter(column => column.tone);
    const x = rows.map((row, i) => overTime ? Number(row.cells[0].dataset.x) : i), names = rows.map(row => row.cells[0].textContent.trim());
    const values = columns.map(column => rows.map(row => { const text = row.cells[column.at].dataset.value; return text === undefined || text === '' ? null : Number(text); }));
    const unit = columns[0].unit, byDay = table.dataset.by === 'day';
    const seconds = byDay ? 86400 : 3600;
    const options = {
      width: host.clientWidth, height: 240, cursor: { drag: { x: false, y: false } },
      tzDate: at => byDay ? uPlot.tzDate(new Date(at * 1000), 'Etc/UTC') : new Date(at * 1000),
      scales: {
        x: overTime ? { time: true, range: (_, least, most) => [least - seconds / 2, most + seconds / 2] } : { time: false, range: [-0.6, rows.length - 0.4] },
        y: { range: (_, __, most) => [0, unit === '%' ? 100 : Math.max(1, (most ?? 0) * 1.1)] },
      },
      axes: [
        { stroke: ink, grid, ticks: grid, ...(overTime ? {} : { splits: () => x, values: (_, at) => at.map(i => { const name = names[i] ?? ''; return name.length > 14 ? `${name.slice(0, 13)}…` : name; }), rotate: rows.length > 5 || host.clientWidth < 600 ? -35 : 0, size: rows.length > 5 || host.clientWidth < 600 ? 80 : 40 }) },
        { stroke: ink, grid, ticks: grid, size: 64, values: (_, at) => at.map(value => unit ? wordsOf(value, unit) : Number.isInteger(value) ? value : '') },
      ],
      series: [
        overTime ? {} : { label: table.tHead.rows[0].cells[0].textContent, value: (_, at) => names[at] ?? '–' },
        ...columns.map((column, i) => ({
          label: column.name, stroke: color(column.tone, host), value: (_, value) => wordsOf(value, column.unit),
          ...(overTime
            ? { width: 2, dash: dashes[i % dashes.length], points: { show: true, size: 5 + 2 * (i % 3), filter: (plot, at) => plot.data[at].flatMap((value, n) => value ? [n] : []) } }
            : { fill: i === 0 ? color('accent', host, 25) : undefined, paths: i === 0 ? uPlot.paths.bars({ size: [0.6, 60] }) : () => null, points: { show: i > 0, size: 7 + 2 * (i % 3) }, width: 2 }),
        })),
      ],
    };
    const chart = new uPlot(options, [x, ...values], host);
    charts.set(table, chart);
    host.style.minHeight = '';
  }

  const resized = new ResizeObserver(entries => {
    for (const { target } of entries)
      for (const [table, chart] of charts)
        if (table.closest('.figure') === target && chart.width !== target.querySelector('.chart').clientWidth) chart.setSize({ width: target.querySelector('.chart').clientWidth, height: 240 });
  });

  function drawAll() {
    if (typeof uPlot === 'undefined') return;
    for (const [table, chart] of charts) {
      if (table.isConnected) continue;
      chart.destroy();
      charts.delete(table);
    }
    for (const table of document.querySelectorAll('table[data-chart]')) {
      if (!charts.has(table)) {
        table.closest('details').open = false;
        resized.observe(table.closest('.figure'));
      }
      draw(table);
    }
  }

  document.addEventListener('baton:shown', drawAll);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);

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
