// Writing a playbook. The textarea is what the server knows of: an editor in its place hands each change on to it, soon while one
// types and at once before anything is clicked, so that what is seen is what is checked and published.
Object.assign(window.graceEditors, (() => {
  const { load, looks, shown, close } = window.graceEditors;
  const soon = 250;
  const store = { get: key => { try { return sessionStorage.getItem(key); } catch { return null; } },
    set: (key, text) => { try { text === null ? sessionStorage.removeItem(key) : sessionStorage.setItem(key, text); } catch { } } };
  const writing = () => [...shown.values()].filter(one => one.hand);

  // Before whatever a click does: the text as it now is. Sent even if it is known, since a lost connection may have swallowed it.
  document.addEventListener('click', e => writing().forEach(one => { if (one.timer || one.form.contains(e.target) && !one.pane.contains(e.target)) one.hand(); }), true);
  addEventListener('pagehide', () => writing().forEach(one => one.timer && one.hand()));

  const mark = one => {
    if (!one.editor) return;
    const model = one.editor.getModel();
    monaco.editor.setModelMarkers(model, 'grace', one.problems.map(problem => {
      const line = Math.min(Math.max(problem.line, 1), model.getLineCount());
      const from = model.getLineFirstNonWhitespaceColumn(line) || 1;
      return { severity: monaco.MarkerSeverity.Error, message: problem.message, startLineNumber: line, endLineNumber: line, startColumn: from, endColumn: Math.max(model.getLineMaxColumn(line), from + 1) };
    }));
  };

  const upgrade = one => load(one.pane.id, (monaco, pane) => {
    if (shown.get(pane.id) !== one || one.editor) return;
    const { area, host } = one;
    const model = monaco.editor.createModel(area.value, 'yaml');
    model.setEOL(monaco.editor.EndOfLineSequence.LF);
    const hadFocus = document.activeElement === area;
    pane.classList.add('edited');
    const editor = one.editor = monaco.editor.create(host, {
      ...looks(), model, tabSize: 2, ariaLabel: 'YAML', fixedOverflowWidgets: true, wordBasedSuggestions: false, quickSuggestions: false,
      suggestOnTriggerCharacters: false, glyphMargin: false, renderLineHighlight: 'line', lineDecorationsWidth: 8, padding: { top: 6, bottom: 6 },
    });
    host.querySelector('textarea').setAttribute('aria-describedby', pane.querySelector('[data-keys]').id);
    editor.onDidChangeModelContent(() => { clearTimeout(one.timer); one.timer = setTimeout(one.hand, soon); });
    editor.onDidBlurEditorText(() => one.timer && one.hand());
    if (hadFocus) {
      editor.setPosition(model.getPositionAt(area.selectionStart));
      editor.focus();
    }
    mark(one);
  });

  const keys = (one, e) => {
    if ((e.ctrlKey || e.metaKey) && !e.altKey && !e.shiftKey && e.key.toLowerCase() === 's') {
      e.preventDefault();
      one.hand();
      one.pane.querySelector('[data-check]').click();
    }
    if (!one.editor || ['Shift', 'Control', 'Alt', 'Meta'].includes(e.key)) return;
    // Escape, then Tab: the editor does not see that Tab, and the browser moves on.
    if (e.key === 'Tab' && one.pane.classList.contains('leaving')) e.stopPropagation();
    one.pane.classList.toggle('leaving', e.key === 'Escape');
  };

  return {
    // Text typed here before and neither published nor thrown away is back when the page comes back.
    edit(id, text) {
      const pane = document.getElementById(id);
      if (!pane) return;
      close(id);
      const [area, host, kept] = [pane.querySelector('textarea[data-text]'), pane.querySelector('[data-editor]'), pane.querySelector('[data-kept]')];
      const [begun, key] = [text.replace(/\r\n?/g, '\n'), `grace-draft ${location.pathname}`];
      const one = {
        pane, area, host, key, problems: [], timer: 0, form: pane.closest('[data-form]'),
        hand() {
          clearTimeout(one.timer);
          one.timer = 0;
          // Of what is too long as much as lets the server say so.
          if (one.editor) area.value = one.editor.getModel().getValue().slice(0, area.maxLength);
          area.dispatchEvent(new Event('input', { bubbles: true }));
        },
        dispose() {
          if (one.timer) one.hand();
          area.removeEventListener('input', keep);
          pane.removeEventListener('keydown', press, true);
          one.editor?.getModel()?.dispose();
          one.editor?.dispose();
        },
      };
      const keep = () => { if (one.key) store.set(one.key, area.value === begun ? null : area.value); };
      const press = e => keys(one, e);
      shown.set(id, one);
      area.addEventListener('input', keep);
      pane.addEventListener('keydown', press, true);
      const before = store.get(key);
      // Who was quicker than this script keeps what is typed.
      if (area.value !== begun) keep();
      else if (before !== null && before !== begun) {
        area.value = before;
        one.hand();
        kept.hidden = false;
        kept.querySelector('button').onclick = () => {
          if (one.editor) one.editor.executeEdits('grace', [{ range: one.editor.getModel().getFullModelRange(), text: begun }]);
          else area.value = begun;
          one.hand();
          kept.hidden = true;
        };
      }
      upgrade(one);
    },

    // What is wrong with the text that was handed on last; while a newer one waits, its own check will say.
    mark(id, problems) {
      const one = shown.get(id);
      if (!one) return;
      one.problems = problems;
      if (!one.timer) mark(one);
    },

    toLine(id, line) {
      const one = shown.get(id);
      if (!one) return;
      if (one.editor) {
        const number = Math.min(Math.max(line, 1), one.editor.getModel().getLineCount());
        one.editor.setPosition({ lineNumber: number, column: one.editor.getModel().getLineFirstNonWhitespaceColumn(number) || 1 });
        one.editor.revealLineInCenterIfOutsideViewport(number);
        one.editor.focus();
      } else {
        const lines = one.area.value.split('\n');
        const from = lines.slice(0, line - 1).join('\n').length + (line > 1);
        one.area.focus();
        one.area.setSelectionRange(from, from + (lines[line - 1]?.length ?? 0));
      }
    },

    toButton(id) { shown.get(id)?.form.querySelector('.actions button:not([disabled])')?.focus(); },

    // It is in the log: nothing to come back to.
    recorded(id) {
      const one = shown.get(id);
      if (!one) return;
      store.set(one.key, null);
      one.key = null;
    },
  };
})());
