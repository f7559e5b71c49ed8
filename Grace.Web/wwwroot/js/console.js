// A console that follows its end until somebody scrolls back.
window.graceConsole = (() => {
  const atEnd = element => element.scrollHeight - element.scrollTop - element.clientHeight < 24;
  return {
    attach(element, page) {
      if (!element) return;
      let last = 0;
      element.addEventListener('scroll', () => {
        const back = element.scrollTop < last - 2;
        last = element.scrollTop;
        if (!back || atEnd(element) || element.graceStill) return;
        // Here and at once: what the server draws until it has heard must not push the reader to the end.
        element.graceStill = true;
        page.invokeMethodAsync('StandStill').catch(() => { });
      });
    },

    followEnd(element) { if (element && !element.graceStill) element.scrollTop = element.scrollHeight; },

    follow(element) {
      if (!element) return;
      element.graceStill = false;
      element.scrollTop = element.scrollHeight;
    },

    show(element, top) {
      if (!element) return;
      element.graceStill = true;
      element.scrollTop = Math.max(0, top - element.clientHeight / 2);
    },

    copy: text => navigator.clipboard ? navigator.clipboard.writeText(text).then(() => true, () => false) : false,
  };
})();
