// What the pages that explain need of a browser: a console that follows its end, an artifact brought into view.
window.graceExplain = (() => {
  return {
    // At its end a console follows what comes; scrolled back it stays where it is.
    followEnd(element) {
      if (!element) return;
      if (!element.graceFollows) {
        element.graceFollows = true;
        element.graceAtEnd = true;
        element.addEventListener('scroll', () => { element.graceAtEnd = element.scrollHeight - element.scrollTop - element.clientHeight < 24; });
      }
      if (element.graceAtEnd) element.scrollTop = element.scrollHeight;
    },

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
