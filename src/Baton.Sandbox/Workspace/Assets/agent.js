// Reads again what changes; what is being typed, and the page beside it, stay as they are.
(() => {
  async function refresh() {
    let page;
    try {
      const reply = await fetch(location.href);
      if (!reply.ok) return;
      page = new DOMParser().parseFromString(await reply.text(), 'text/html');
    } catch { return; }
    for (const id of ['status', 'interactions', 'messages', 'answering']) {
      const now = document.getElementById(id), next = page.getElementById(id);
      if (!now || !next) { if (id !== 'status' && Boolean(now) !== Boolean(next)) location.reload(); continue; }
      if (id === 'answering' ? now.dataset.state === next.dataset.state : now.innerHTML === next.innerHTML) continue;
      now.innerHTML = next.innerHTML;
      if (next.dataset.state) now.dataset.state = next.dataset.state;
    }
  }
  setInterval(() => { if (!document.hidden) refresh(); }, 2000);
})();
