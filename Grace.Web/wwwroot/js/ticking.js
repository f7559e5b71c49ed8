// Times that run on between two redraws: each element says how many seconds had passed when it was drawn.
(() => {
  const two = n => String(n).padStart(2, '0');
  const text = s => s < 3600 ? `${Math.floor(s / 60)}:${two(s % 60)}` : `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
  const drawn = new WeakMap();
  setInterval(() => {
    for (const element of document.querySelectorAll('[data-elapsed]')) {
      let from = drawn.get(element);
      if (!from || from.elapsed !== element.dataset.elapsed) {
        from = { elapsed: element.dataset.elapsed, at: performance.now() };
        drawn.set(element, from);
      }
      // The text node itself is changed: the page's own redraws know it and no other.
      if (element.firstChild) element.firstChild.nodeValue = text(Math.floor(Number(from.elapsed) + (performance.now() - from.at) / 1000));
    }
  }, 1000);
})();
