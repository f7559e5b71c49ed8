// Light or dark: what was chosen here, else what the system says. Runs before the first paint.
window.grace = (() => {
  const stored = () => { try { return localStorage.getItem('grace-theme'); } catch { return null; } };
  const system = matchMedia('(prefers-color-scheme: dark)');
  const current = () => stored() ?? (system.matches ? 'dark' : 'light');
  const apply = () => {
    const theme = current();
    document.documentElement.dataset.theme = theme;
    for (const link of document.querySelectorAll('link[data-theme]'))
      link.media = link.dataset.theme === theme ? 'all' : 'not all';
  };
  apply();
  system.addEventListener('change', apply);
  return {
    toggleTheme() {
      try { localStorage.setItem('grace-theme', current() === 'dark' ? 'light' : 'dark'); } catch { }
      apply();
    },
    toEnd(element) { if (element) element.scrollTop = element.scrollHeight; },
  };
})();
