// Where texts stand in an editor: code to be read, differences, and a playbook to be written. Each pane holds its text as plain
// markup from the start; an editor takes its place where it can be loaded, and is disposed of with its pane.
window.graceEditors = (() => {
  const at = path => new URL(`_content/BlazorMonaco/lib/monaco-editor/min/vs${path}`, document.baseURI).href;
  // What stands in a pane, by the pane's id: { dispose, … }.
  const shown = new Map();
  let loading;

  const script = source => new Promise((done, failed) => {
    const element = document.createElement('script');
    element.src = source;
    element.onload = done;
    element.onerror = () => { element.remove(); failed(new Error(`${source} cannot be loaded`)); };
    document.head.append(element);
  });

  // Colours that keep their contrast on the page's own ground.
  const themes = monaco => {
    const rules = (comment, keyword, string, number, type) => [
      { token: 'comment', foreground: comment }, { token: 'keyword', foreground: keyword }, { token: 'string', foreground: string },
      { token: 'number', foreground: number }, { token: 'type', foreground: type },
    ];
    const colors = (ground, ink, soft, added, removed, wrong) => ({
      'editor.background': ground, 'editor.foreground': ink, 'editorLineNumber.foreground': soft, 'editorLineNumber.activeForeground': ink,
      'diffEditor.insertedTextBackground': `${added}1f`, 'diffEditor.insertedLineBackground': `${added}12`,
      'diffEditor.removedTextBackground': `${removed}1f`, 'diffEditor.removedLineBackground': `${removed}12`, 'editorError.foreground': wrong,
    });
    monaco.editor.defineTheme('grace-light', { base: 'vs', inherit: true, rules: rules('3f5c3f', '2a4fc4', '8f2a10', '0a5f46', '17566a'),
      colors: colors('#f0f1f6', '#1c1e26', '#5b6070', '#16703a', '#b3261e', '#b3261e') });
    monaco.editor.defineTheme('grace-dark', { base: 'vs-dark', inherit: true, rules: rules('a9c6a3', '9dbaff', 'f0b090', 'a9dfb8', '7fd0e0'),
      colors: colors('#1b1d24', '#eceef4', '#a9aebd', '#6fd08c', '#ff9d94', '#ff9d94') });
  };
  const theme = () => `grace-${document.documentElement.dataset.theme === 'dark' ? 'dark' : 'light'}`;

  // The editor is large: it is loaded when the first text is opened, once for the page.
  const load = () => loading ??= (async () => {
    window.require = { paths: { vs: at('') } };
    await script(at('/loader.js'));
    await new Promise((done, failed) => window.require(['vs/editor/editor.main'], done, failed));
    themes(window.monaco);
    new MutationObserver(() => window.monaco.editor.setTheme(theme())).observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return window.monaco;
  })().catch(error => { loading = undefined; throw error; });

  // What cannot be loaded leaves the plain text where it is.
  const whenLoaded = (id, show) => load().then(monaco => {
    const pane = document.getElementById(id);
    if (pane) show(monaco, pane);
  }).catch(error => console.warn(`The text stays without an editor: ${error?.message ?? error}`));

  const looks = () => ({
    theme: theme(), automaticLayout: true, minimap: { enabled: false }, scrollBeyondLastLine: false, wordWrap: 'on', wrappingIndent: 'indent', fontSize: 13,
    lineNumbersMinChars: 3, links: false, occurrencesHighlight: false, selectionHighlight: false, overviewRulerLanes: 0,
    unicodeHighlight: { ambiguousCharacters: false }, scrollbar: { alwaysConsumeMouseWheel: false },
  });
  // Tab leaves a text that cannot be changed: nobody is to be caught in it.
  const readOnly = () => ({
    ...looks(), readOnly: true, domReadOnly: true, contextmenu: false, renderLineHighlight: 'none', quickSuggestions: false, hover: { enabled: false },
  });

  const fit = (host, height) => { host.style.height = `${Math.min(height + 4, Math.max(200, innerHeight * .65))}px`; };

  const close = id => {
    const one = shown.get(id);
    shown.delete(id);
    one?.dispose();
    document.getElementById(id)?.classList.remove('edited');
  };

  const showCode = (id, language, label) => whenLoaded(id, (monaco, pane) => {
    const [host, text] = [pane.querySelector('[data-editor]'), pane.querySelector('pre').textContent];
    if (!shown.has(id)) {
      const editor = monaco.editor.create(host, { ...readOnly(), model: null });
      shown.set(id, { editor, dispose() { editor.getModel()?.dispose(); editor.dispose(); } });
    }
    const { editor } = shown.get(id);
    const before = editor.getModel();
    editor.setModel(monaco.editor.createModel(text, language));
    editor.updateOptions({ ariaLabel: label });
    before?.dispose();
    pane.classList.add('edited');
    fit(host, editor.getContentHeight());
    editor.layout();
  });

  // The two sides of a unified diff of one file, given by its lines, each line with its number; null where it is no such diff.
  const sides = lines => {
    const old = { text: [], numbers: [], gaps: [] }, next = { text: [], numbers: [], gaps: [] };
    const put = (side, line, number) => { side.text.push(line); side.numbers.push(number); };
    let [a, b, leftA, leftB, hunks] = [1, 1, 0, 0, 0];
    for (const line of lines) {
      const hunk = leftA <= 0 && leftB <= 0 && /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line);
      if (hunk) {
        [leftA, leftB] = [+(hunk[2] ?? 1), +(hunk[4] ?? 1)];
        // An empty side is said to begin before its first line.
        const [beginA, beginB] = [+hunk[1] + (leftA === 0), +hunk[3] + (leftB === 0)];
        if (beginA > a)
          for (const side of [old, next]) {
            put(side, `⋯ ${beginA - a} unchanged ${beginA - a === 1 ? 'line' : 'lines'}`, '');
            side.gaps.push(side.text.length);
          }
        [a, b, hunks] = [beginA, beginB, hunks + 1];
      } else if (leftA > 0 || leftB > 0) {
        if (line[0] !== '+' && line[0] !== '\\') { put(old, line.slice(1), a++); leftA--; }
        if (line[0] !== '-' && line[0] !== '\\') { put(next, line.slice(1), b++); leftB--; }
      } else if (hunks > 0 && line[0] !== '\\') return null;
    }
    return hunks > 0 ? [old, next] : null;
  };

  const roomForTwo = pane => pane.clientWidth >= 700;

  const differ = (monaco, pane, [old, next], language, label) => {
    const host = pane.querySelector('[data-editor]');
    pane.classList.add('edited');
    const editor = monaco.editor.createDiffEditor(host, {
      ...readOnly(), folding: false, renderSideBySide: roomForTwo(pane), ignoreTrimWhitespace: false, renderOverviewRuler: false, diffWordWrap: 'on', maxComputationTime: 2000,
    });
    const models = [old, next].map(side => monaco.editor.createModel(side.text.join('\n'), language));
    editor.setModel({ original: models[0], modified: models[1] });
    const both = [editor.getOriginalEditor(), editor.getModifiedEditor()];
    both.forEach((one, n) => {
      const side = [old, next][n];
      one.updateOptions({ lineNumbers: line => `${side.numbers[line - 1] ?? ''}`, ariaLabel: `${label}, ${n ? 'after' : 'before'}, read-only` });
      one.deltaDecorations([], side.gaps.map(line => ({ range: new monaco.Range(line, 1, line, 1e4), options: { isWholeLine: true, className: 'diff-gap', inlineClassName: 'diff-gap-text' } })));
      one.onDidContentSizeChange(() => size());
    });
    const size = () => fit(host, Math.max(...(host.querySelector('.side-by-side') ? both : [both[1]]).map(one => one.getContentHeight())));
    const width = new ResizeObserver(() => {
      editor.updateOptions({ renderSideBySide: roomForTwo(pane) });
      // Standing alone the left side is only numbers; beside the other it wraps like it, which the switch back forgets.
      both[0].updateOptions({ wordWrapOverride1: roomForTwo(pane) ? 'on' : 'off' });
    });
    width.observe(pane);
    editor.onDidUpdateDiff(size);
    size();
    return () => {
      width.disconnect();
      editor.dispose();
      models.forEach(model => model.dispose());
      pane.classList.remove('edited');
    };
  };

  // Built when it comes into view; what a closed part hides is disposed of and built again.
  const showDiff = (id, language, label) => {
    close(id);
    const pane = document.getElementById(id);
    const text = pane && sides([...pane.querySelectorAll('pre > span')].map(line => line.textContent));
    if (!text) return;
    let hide, wanted = false;
    const watch = new IntersectionObserver(entries => {
      if (entries.some(e => e.isIntersecting)) {
        wanted = true;
        if (!hide) whenLoaded(id, (monaco, found) => { if (wanted && !hide && shown.get(id) === self) hide = differ(monaco, found, text, language, label); });
      } else if (!pane.checkVisibility()) {
        wanted = false;
        hide?.();
        hide = undefined;
      }
    }, { rootMargin: '200px' });
    const self = { dispose() { watch.disconnect(); hide?.(); } };
    shown.set(id, self);
    watch.observe(pane);
  };

  return { load: whenLoaded, looks, shown, close, showCode, showDiff };
})();
