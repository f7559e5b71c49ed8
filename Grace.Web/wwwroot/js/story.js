// Keys of a story over time: arrows go from one thing to the next, the others press its buttons. The picture as a whole
// is the stop of the Tab key, however many bars and marks it has.
(() => {
  const beside = (story, item, way) => {
    const items = [...story.querySelectorAll('.story-item')];
    return items[items.indexOf(item) + way];
  };
  // Up and down: to what lies nearest in the lane above or below that has something.
  const lane = (item, way) => {
    const middle = element => { const box = element.getBoundingClientRect(); return box.left + box.width / 2; };
    const next = way < 0 ? 'previousElementSibling' : 'nextElementSibling';
    for (let row = item.closest('.lane')[next]; row; row = row[next]) {
      const items = [...row.querySelectorAll('.story-item')];
      if (items.length > 0) return items.reduce((best, one) => Math.abs(middle(one) - middle(item)) < Math.abs(middle(best) - middle(item)) ? one : best);
    }
    return null;
  };
  document.addEventListener('keydown', e => {
    const story = e.target.closest?.('.storyline');
    if (!story || e.ctrlKey || e.metaKey || e.altKey) return;
    const item = e.target.closest('.story-item');
    const way = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1 }[e.key];
    const key = e.shiftKey && way ? { ArrowLeft: 'earlier', ArrowRight: 'later' }[e.key] : e.key === '=' ? '+' : e.key;
    const button = key && story.querySelector(`[data-story="${CSS.escape(key)}"]`);
    if (button) button.click();
    else if (way && e.target.matches('.story-plot')) e.target.querySelector('.story-item')?.focus();
    else if (item && way) (e.key === 'ArrowUp' || e.key === 'ArrowDown' ? lane(item, way) : beside(story, item, way))?.focus();
    else return;
    e.preventDefault();
  });
})();
