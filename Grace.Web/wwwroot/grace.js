// Light or dark: what was chosen here, else what the system says. Runs before the first paint.
window.grace = (() => {
  const stored = () => { try { return localStorage.getItem('grace-theme'); } catch { return null; } };
  const system = matchMedia('(prefers-color-scheme: dark)');
  const current = () => stored() ?? (system.matches ? 'dark' : 'light');
  const apply = () => {
    document.documentElement.dataset.theme = current();
  };
  apply();
  system.addEventListener('change', apply);
  // A link followed before the page is live has the framework lay the page anew, without what was chosen here.
  new MutationObserver(() => { if (!document.documentElement.dataset.theme) apply(); }).observe(document.documentElement, { attributeFilter: ['data-theme'] });
  const showDialog = dialog => {
    if (!dialog || dialog.open) return;
    // Esc does what the closing button does, so that the page knows of it.
    dialog.oncancel = e => { e.preventDefault(); dialog.querySelector('[data-close]')?.click(); };
    dialog.showModal();
  };
  // Ctrl+K opens the palette from anywhere; its arrows choose, Enter follows what is chosen.
  document.addEventListener('keydown', e => {
    const palette = document.getElementById('palette');
    if (palette && e.key.toLowerCase() === 'k' && (e.ctrlKey || e.metaKey) && !e.altKey && !e.shiftKey) {
      showDialog(palette);
      palette.querySelector('input').select();
      e.preventDefault();
      return;
    }
    const list = e.target.dataset?.hits && document.getElementById(e.target.dataset.hits);
    const hits = list ? [...list.querySelectorAll('[role=option]')] : [];
    if (hits.length === 0) return;
    const at = Math.max(0, hits.findIndex(hit => hit.ariaSelected === 'true'));
    const to = { ArrowDown: (at + 1) % hits.length, ArrowUp: (at + hits.length - 1) % hits.length }[e.key];
    if (to !== undefined) {
      hits.forEach((hit, n) => { hit.ariaSelected = n === to; });
      hits[to].scrollIntoView({ block: 'nearest' });
      e.target.setAttribute('aria-activedescendant', hits[to].id);
    } else if (e.key === 'Enter') hits[at].click();
    else return;
    e.preventDefault();
  });
  document.addEventListener('click', e => { if (e.target.closest?.('#palette [role=option], #palette [data-close]')) document.getElementById('palette').close(); });
  // In a queue, j and k move, and a letter presses what carries it in the item that has the focus.
  let item = 0;
  const inQueue = (queue, key) => {
    const at = [...queue.children].indexOf(document.activeElement?.closest('[data-queue] > *'));
    if (at >= 0) item = at;
    if (key === 'j' || key === 'k') {
      // What was decided has left: the next one stands in its place.
      const next = Math.min(queue.children.length - 1, Math.max(0, at < 0 ? item : at + (key === 'j' ? 1 : -1)));
      queue.children[next]?.focus();
      queue.children[next]?.scrollIntoView({ block: 'nearest' });
      return true;
    }
    const pressed = at >= 0 && queue.children[at].querySelector(`[data-key="${CSS.escape(key)}"]:not(:disabled)`);
    if (!pressed) return false;
    pressed.click();
    if (key === 'r') queue.children[at].querySelector('[data-reason]')?.focus();
    return true;
  };
  // g and a letter follow the link that carries it, / goes to the search, ? lists the keys. Not while somebody types.
  let going = -Infinity;
  document.addEventListener('keydown', e => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.target.closest?.('input:not([type=checkbox]), textarea, select, [contenteditable], dialog')) return;
    const link = e.timeStamp - going < 1500 && document.querySelector(`[data-go="${CSS.escape(e.key)}"]`);
    going = e.key === 'g' ? e.timeStamp : -Infinity;
    const queue = document.querySelector('[data-queue]');
    const search = e.key === '/' && document.querySelector('[data-search]');
    if (link) (link.querySelector('a') ?? link).click();
    else if (search) { search.focus(); search.select(); }
    else if (queue && inQueue(queue, e.key)) { }
    else if (e.key === '?') showDialog(document.getElementById('keys'));
    else return;
    e.preventDefault();
  });
  // Here and not in the markup, where no script may stand.
  document.addEventListener('click', e => {
    const at = e.target.closest?.('[data-show], [data-toggle-theme], [data-reload], [data-copy]');
    if (!at) return;
    if (at.dataset.show) showDialog(document.getElementById(at.dataset.show));
    else if ('toggleTheme' in at.dataset) grace.toggleTheme();
    else if (at.dataset.copy) navigator.clipboard?.writeText(document.getElementById(at.dataset.copy).textContent.trim()).then(() => { at.textContent = 'Copied'; });
    else location.reload();
    e.preventDefault();
    e.stopPropagation();
  }, true);
  return {
    showDialog,
    toggleTheme() {
      try { localStorage.setItem('grace-theme', current() === 'dark' ? 'light' : 'dark'); } catch { }
      apply();
    },
    // A phone's menu covers the page, and is not how a desk's stands.
    keepNavigation(open) { if (innerWidth >= 600) document.cookie = `grace-navigation=${open ? 'open' : 'rail'}; path=/; max-age=31536000; samesite=lax`; },
    toEnd(element) { if (element) element.scrollTop = element.scrollHeight; },
  };
})();
