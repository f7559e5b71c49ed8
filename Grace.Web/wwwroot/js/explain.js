// What the pages that explain need of a browser: code in an editor, a console that follows its end, an artifact brought into view.
window.graceExplain = (() => {
  const at = path => new URL(`_content/BlazorMonaco/lib/monaco-editor/min/vs${path}`, document.baseURI).href;
  const editors = new Map();
  let loading;

  const script = source => new Promise((done, failed) => {
    const element = document.createElement('script');
    element.src = source;
    element.onload = done;
    element.onerror = () => failed(new Error(`${source} cannot be loaded`));
    document.head.append(element);
  });

  // Colours that keep their contrast on the page's own ground.
  const themes = monaco => {
    const rules = (comment, keyword, string, number, type) => [
      { token: 'comment', foreground: comment }, { token: 'keyword', foreground: keyword }, { token: 'string', foreground: string },
      { token: 'number', foreground: number }, { token: 'type', foreground: type },
    ];
    monaco.editor.defineTheme('grace-light', { base: 'vs', inherit: true, rules: rules('4d6b4d', '2a4fc4', '9a2d12', '0b6b4f', '1f6478'),
      colors: { 'editor.background': '#f0f1f6', 'editor.foreground': '#1c1e26', 'editorLineNumber.foreground': '#5b6070', 'editorLineNumber.activeForeground': '#1c1e26' } });
    monaco.editor.defineTheme('grace-dark', { base: 'vs-dark', inherit: true, rules: rules('9ab894', '9dbaff', 'f0b090', 'a9dfb8', '7fd0e0'),
      colors: { 'editor.background': '#1b1d24', 'editor.foreground': '#eceef4', 'editorLineNumber.foreground': '#a9aebd', 'editorLineNumber.activeForeground': '#eceef4' } });
  };
  const theme = () => `grace-${document.documentElement.dataset.theme === 'dark' ? 'dark' : 'light'}`;

  // The editor is large: it is loaded when the first file of code is opened, once for the page.
  const load = () => loading ??= (async () => {
    window.require = { paths: { vs: at('') } };
    await script(at('/loader.js'));
    await new Promise((done, failed) => window.require(['vs/editor/editor.main'], done, failed));
    themes(window.monaco);
    new MutationObserver(() => window.monaco.editor.setTheme(theme())).observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return window.monaco;
  })().catch(error => { loading = undefined; throw error; });

  const closeCode = id => {
    const editor = editors.get(id);
    editors.delete(id);
    editor?.getModel()?.dispose();
    editor?.dispose();
  };

  const fit = (host, editor) => {
    host.style.height = `${Math.min(editor.getContentHeight() + 4, Math.max(200, innerHeight * .65))}px`;
    editor.layout();
  };

  return {
    async showCode(id, language, label) {
      const monaco = await load();
      const pane = document.getElementById(id);
      if (!pane) return;
      const [host, source] = [pane.querySelector('[data-editor]'), pane.querySelector('pre')];
      const text = source.textContent;
      if (!editors.has(id)) {
        // Tab leaves the editor again: nobody is to be caught in a text that cannot be changed.
        editors.set(id, monaco.editor.create(host, {
          model: null, readOnly: true, domReadOnly: true, theme: theme(), automaticLayout: true, tabFocusMode: true, minimap: { enabled: false },
          scrollBeyondLastLine: false, wordWrap: 'on', fontSize: 13, lineNumbersMinChars: 3, folding: true, links: false, contextmenu: false,
          renderLineHighlight: 'none', occurrencesHighlight: false, selectionHighlight: false, unicodeHighlight: { ambiguousCharacters: false },
          quickSuggestions: false, hover: { enabled: false }, scrollbar: { alwaysConsumeMouseWheel: false }, overviewRulerLanes: 0,
        }));
      }
      const editor = editors.get(id);
      const before = editor.getModel();
      editor.setModel(monaco.editor.createModel(text, language));
      editor.updateOptions({ ariaLabel: label });
      before?.dispose();
      pane.classList.add('edited');
      fit(host, editor);
    },

    closeCode,

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
