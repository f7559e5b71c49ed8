// What the pages that explain need of a browser: an artifact brought into view, a list at its beginning.
window.graceExplain = (() => {
  return {
    toTop(element) { if (element) element.scrollTop = 0; },

    reveal(id) {
      const element = document.getElementById(id);
      if (!element) return;
      for (let details = element; details; details = details.parentElement?.closest('details')) details.open = true;
      element.scrollIntoView({ block: 'start' });
      element.querySelector('summary')?.focus({ preventScroll: true });
    },
  };
})();
