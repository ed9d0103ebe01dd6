// The agent's desk: copies, keys, and telling that a suggestion is on the screen. What is so is in the page; nothing is remembered beyond it but where the agent is.
(() => {
  document.documentElement.classList.add('scripted');

  const items = () => [...document.querySelectorAll('[data-suggestion]')];
  const current = () => document.activeElement?.closest?.('[data-suggestion]') ?? document.getElementById(at);
  let at = '';

  function say(words) {
    const said = document.getElementById('said');
    said.textContent = words;
    setTimeout(() => { if (said.textContent === words) said.textContent = ''; }, 4000);
  }

  // In a frame the clipboard may be closed to us; the older way needs only that somebody pressed something.
  async function copy(element) {
    const text = element.textContent;
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const selection = getSelection(), range = document.createRange();
      range.selectNodeContents(element);
      selection.removeAllRanges();
      selection.addRange(range);
      const isCopied = document.execCommand('copy');
      if (isCopied) selection.removeAllRanges();
      return isCopied;
    }
  }

  document.addEventListener('submit', async event => {
    const form = event.target, text = document.getElementById(form.dataset.copies ?? '');
    if (!text) return;
    say(await copy(text) ? 'Copied' : 'Could not copy by itself: the text is selected, press Ctrl+C');
  }, true);

  document.addEventListener('focusin', event => { at = event.target.closest?.('[data-suggestion]')?.id ?? at; });

  function move(by) {
    const all = items(), from = all.indexOf(current());
    const to = all[from < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, from + by))];
    to?.focus();
    to?.scrollIntoView({ block: 'nearest' });
  }

  function press(form) {
    if (!form) return;
    const item = form.closest('[data-suggestion]');
    item.focus();
    form.requestSubmit();
  }

  const keys = document.getElementsByTagName('dialog');
  function toggleKeys() {
    const dialog = keys[0];
    if (dialog?.open) dialog.close(); else dialog?.showModal();
  }

  document.addEventListener('click', event => { if (event.target.closest('[data-opens]')) toggleKeys(); });

  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches('input, textarea, select')) return;
    if (event.key === '?') { toggleKeys(); event.preventDefault(); return; }
    if (keys[0]?.open) return;
    const one = current();
    const isItem = event.target === one;
    switch (event.key) {
      case 'j': move(1); break;
      case 'k': move(-1); break;
      case 'i': press(one?.querySelector('form[data-copies]')); break;
      case 'Enter': if (!isItem) return; press(one.querySelector('form[data-copies]')); break;
      case 'd': press(one?.querySelector('form[data-dismisses]')); break;
      default: return;
    }
    event.preventDefault();
  });

  // Only what is really seen counts as displayed. The server says what it knows by data-state; telling it twice changes nothing.
  const telling = new Set();
  async function tell(item) {
    const id = item.dataset.suggestion;
    if (telling.has(id)) return;
    telling.add(id);
    try {
      const reply = await fetch(`/desk/suggestions/${id}/displayed`, { method: 'POST', headers: { 'HX-Request': 'true' } });
      if (!reply.ok) telling.delete(id);
    } catch { telling.delete(id); }
  }

  const watcher = new IntersectionObserver(seen => {
    for (const each of seen) {
      const isSeen = each.isIntersecting && (each.intersectionRatio >= 0.5 || each.intersectionRect.height >= innerHeight / 2);
      if (isSeen && each.target.dataset.state === 'Offered') tell(each.target);
    }
  }, { threshold: Array.from({ length: 21 }, (_, i) => i / 20) });

  document.addEventListener('baton:shown', () => {
    for (const item of items()) {
      watcher.unobserve(item);
      if (item.dataset.state === 'Offered') watcher.observe(item);
    }
    // A button that went with what was dismissed leaves the keys where they were.
    if (document.activeElement === document.body && at) document.getElementById(at)?.focus({ preventScroll: true });
  });
})();
