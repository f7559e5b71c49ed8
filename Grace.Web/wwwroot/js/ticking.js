// Times that run on between two redraws. [data-elapsed] says how many seconds had passed when it was drawn; of
// time.ago the page shows how long ago it is, by the server's clock, which data-now told when the page was made.
(() => {
  const two = n => String(n).padStart(2, '0');
  const clock = s => s < 3600 ? `${Math.floor(s / 60)}:${two(s % 60)}` : `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
  const ago = s => s < 5 ? 'just now' : s < 120 ? `${Math.floor(s)} s ago` : s < 7200 ? `${Math.round(s / 60)} min ago`
    : s < 172800 ? `${Math.round(s / 3600)} h ago` : `${Math.round(s / 86400)} days ago`;
  const ahead = Number(document.documentElement.dataset.now) - Date.now();
  const drawn = new WeakMap();
  // The text node itself is changed: the page's own redraws know it and no other.
  const say = (element, text) => {
    if (element.firstChild && element.firstChild.nodeValue !== text) element.firstChild.nodeValue = text;
  };
  setInterval(() => {
    for (const element of document.querySelectorAll('[data-elapsed]')) {
      let from = drawn.get(element);
      if (!from || from.elapsed !== element.dataset.elapsed) {
        from = { elapsed: element.dataset.elapsed, at: performance.now() };
        drawn.set(element, from);
      }
      const seconds = Math.floor(Number(from.elapsed) + (performance.now() - from.at) / 1000);
      say(element, clock(seconds));
      element.classList.toggle('late', seconds > 2 * Number(element.dataset.usual || Infinity));
    }
    for (const element of document.querySelectorAll('time.ago'))
      say(element, ago((Date.now() + ahead - Date.parse(element.getAttribute('datetime'))) / 1000));
  }, 1000);
})();
