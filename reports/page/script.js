'use strict';
(() => {
  const PAGE = 50;
  const GRADED = ['hit', 'empty', 'abstained', 'wrong_value', 'distractor', 'miss'];
  const STRANGE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/;

  const byId = (id) => document.getElementById(id);
  const data = JSON.parse(byId('data').textContent);
  const cells = [...document.querySelectorAll('.cell')];
  const state = {cell: null, trial: '', outcome: '', search: '', shown: PAGE};

  /* Model text is hostile: only text nodes are ever made of it, and what does not show is shown. */
  function put(parent, tag, className, text) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = text;
    parent.append(node);
    return node;
  }

  function putForeign(parent, tag, className, text) {
    const node = put(parent, tag, className);
    let plain = '';
    for (const sign of String(text)) {
      if (!STRANGE.test(sign)) {
        plain += sign;
        continue;
      }
      node.append(plain);
      plain = '';
      put(node, 'span', 'strange', '\\u' + sign.codePointAt(0).toString(16).padStart(4, '0'));
    }
    node.append(plain);
    return node;
  }

  const grouped = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, ',');
  const percent = (ppm) => `${Number((ppm / 10000).toFixed(2))} %`;
  const seconds = (ns) => `${(ns / 1e9).toFixed(2)} s`;

  function short(n) {
    for (const [worth, unit] of [[1e9, 'G'], [1e6, 'M'], [1e3, 'k']])
      if (n >= worth) return Number((n / worth).toPrecision(3)) + unit;
    return String(n);
  }

  function placeOf(trial) {
    const depths = data.panels[trial.panel].depths;
    const where = trial.control || `depth ${percent(depths[trial.row])}`;
    return `${short(trial.length)} tokens, ${where}, repeat ${trial.repeat}`;
  }

  const inCell = (trial, cell) => trial.control === undefined && trial.panel === cell.panel &&
    trial.row === cell.row && trial.column === cell.column;

  function cellOf(node) {
    return {panel: +node.dataset.panel, row: +node.dataset.depth, column: +node.dataset.length};
  }

  const nodeOf = (cell) => cells.find((node) => {
    const c = cellOf(node);
    return c.panel === cell.panel && c.row === cell.row && c.column === cell.column;
  });

  function matches(trial) {
    if (state.cell && !inCell(trial, state.cell)) return false;
    if (state.outcome && trial.outcome !== state.outcome) return false;
    if (!state.search) return true;
    const text = [trial.answer, trial.error, trial.trial, trial.model_said, ...trial.expected];
    return text.some((t) => t && t.toLowerCase().includes(state.search.toLowerCase()));
  }

  function putDocument(parent, trial) {
    if (trial.landed_ppm === null) return;
    const row = put(parent, 'div', 'document');
    put(row, 'span', '', 'start');
    const bar = put(row, 'div', 'bar');
    bar.setAttribute('role', 'img');
    bar.setAttribute('aria-label', `the needle lies ${percent(trial.landed_ppm)} into the document`);
    put(bar, 'div', 'needle').style.left = `${trial.landed_ppm / 10000}%`;
    put(row, 'span', '', 'end');
    put(parent, 'p', 'landed', `needle landed at ${percent(trial.landed_ppm)}, ` +
      `behind ${grouped(trial.at_tokens)} tokens and ${grouped(trial.at_bytes)} bytes`);
  }

  function putFacts(parent, trial) {
    const details = put(parent, 'details', '');
    put(details, 'summary', '', 'more');
    const list = put(details, 'dl', 'more');
    const known = (v) => v !== null && v !== undefined && v !== '';
    const rows = [
      ['trial', trial.trial],
      ['model', data.panels[trial.panel].model],
      ['task', data.panels[trial.panel].task],
      ['model said', trial.model_said],
      ['reason', trial.reason],
      ['stopped by', trial.stop],
      ['status', trial.status],
      ['attempts', trial.attempts],
      ['found', `${trial.found} of ${trial.of}`],
      ['strict', trial.strict ? 'yes' : 'no'],
      ['tokens in', known(trial.tokens_in) ? grouped(trial.tokens_in) : ''],
      ['cached', known(trial.tokens_cached) ? grouped(trial.tokens_cached) : ''],
      ['tokens out', known(trial.tokens_out) ? grouped(trial.tokens_out) : ''],
      ['first answer', known(trial.first_answer_ns) ? seconds(trial.first_answer_ns) : ''],
      ['whole answer', known(trial.total_ns) ? seconds(trial.total_ns) : ''],
      ['cost', trial.cost_usd_micro ? `$${(trial.cost_usd_micro / 1e6).toFixed(6)}` : ''],
    ];
    for (const [name, value] of rows) {
      if (!known(value)) continue;
      put(list, 'dt', '', name);
      putForeign(list, 'dd', '', value);
    }
  }

  function putTrial(list, trial) {
    const item = put(list, 'li', 'trial');
    item.id = `trial-${trial.trial}`;
    item.tabIndex = -1;
    const head = put(item, 'div', 'trial-head');
    const kind = trial.outcome === 'hit' ? 'hit' : GRADED.includes(trial.outcome) ? 'graded' : 'ungraded';
    put(head, 'span', `badge ${kind}`, trial.outcome);
    put(head, 'span', 'place', placeOf(trial));
    const link = put(head, 'a', 'link', `#${trial.trial.slice(0, 8)}`);
    link.href = `#trial=${trial.trial}`;
    link.setAttribute('aria-label', 'link to this trial');
    if (trial.answer) putForeign(item, 'div', 'answer', trial.answer);
    if (trial.answer_bytes)
      put(item, 'p', 'landed', `the answer goes on: ${grouped(trial.answer_bytes)} bytes in all`);
    if (trial.error) putForeign(item, 'div', 'error', trial.error);
    if (trial.expected.length > 0) {
      const line = put(item, 'p', 'expected', 'expected ');
      trial.expected.forEach((value, i) => {
        if (i > 0) line.append(', ');
        putForeign(line, 'code', '', value);
      });
    }
    putDocument(item, trial);
    putFacts(item, trial);
    if (trial.trial === state.trial) {
      item.classList.add('chosen');
      item.querySelector('details').open = true;
    }
    return item;
  }

  function draw() {
    const list = byId('list');
    const found = data.trials.filter(matches);
    if (state.trial) {
      const at = found.findIndex((t) => t.trial === state.trial);
      if (at >= state.shown) state.shown = at + 1;
    }
    list.replaceChildren();
    for (const trial of found.slice(0, state.shown)) putTrial(list, trial);
    byId('count').textContent = `${grouped(found.length)} of ${grouped(data.trials.length)} trials`;
    byId('more').hidden = found.length <= state.shown;
    byId('clear').hidden = !state.cell;
    byId('outcome').value = state.outcome;
    if (byId('search').value !== state.search) byId('search').value = state.search;
    for (const node of cells) node.classList.remove('chosen');
    const chosen = state.cell && nodeOf(state.cell);
    if (chosen) chosen.classList.add('chosen');
    const where = byId('where');
    where.replaceChildren();
    putForeign(where, 'span', '', chosen ? chosen.getAttribute('aria-label') : 'all cells');
  }

  function hashOf() {
    const words = [];
    if (state.cell) words.push(`cell=${state.cell.panel}.${state.cell.row}.${state.cell.column}`);
    if (state.trial) words.push(`trial=${state.trial}`);
    if (state.outcome) words.push(`outcome=${state.outcome}`);
    if (state.search) words.push(`q=${encodeURIComponent(state.search)}`);
    return `#${words.join('&')}`;
  }

  function change(what) {
    Object.assign(state, {trial: '', shown: PAGE}, what);
    history.replaceState(null, '', hashOf());
    draw();
  }

  function decode(text) {
    try {
      return decodeURIComponent(text);
    } catch {
      return '';
    }
  }

  /* What stands behind the # may come from anyone: only what the page knows is taken from it. */
  function readHash() {
    const words = new Map(location.hash.slice(1).split('&').map((w) => {
      const at = w.indexOf('=');
      return at < 0 ? [w, ''] : [w.slice(0, at), decode(w.slice(at + 1))];
    }));
    const numbers = /^(\d+)\.(\d+)\.(\d+)$/.exec(words.get('cell') || '');
    const trial = data.trials.find((t) => t.trial === words.get('trial'));
    const outcome = words.get('outcome') || '';
    state.cell = numbers && {panel: +numbers[1], row: +numbers[2], column: +numbers[3]};
    if (state.cell && !nodeOf(state.cell)) state.cell = null;
    state.outcome = data.trials.some((t) => t.outcome === outcome) ? outcome : '';
    state.search = words.get('q') || '';
    state.trial = trial ? trial.trial : '';
    state.shown = PAGE;
    if (trial && !matches(trial)) Object.assign(state, {cell: null, outcome: '', search: ''});
    if (trial && !state.cell && trial.control === undefined)
      state.cell = {panel: trial.panel, row: trial.row, column: trial.column};
    draw();
    if (trial) reveal(byId(`trial-${trial.trial}`));
  }

  /* On a wide screen the list scrolls by itself, and the map stays in sight. */
  function reveal(item) {
    const list = byId('list');
    if (list.scrollHeight > list.clientHeight) list.scrollTop = item.offsetTop;
    else item.scrollIntoView();
    item.focus({preventScroll: true});
  }

  /* One cell of each map is in the order of Tab; the arrows go from cell to cell. */
  function move(node, rows, columns) {
    const at = cellOf(node);
    const axes = data.panels[at.panel];
    const clamp = (value, count) => Math.max(0, Math.min(count - 1, value));
    const next = nodeOf({
      panel: at.panel,
      row: clamp(at.row + rows, axes.depths.length),
      column: clamp(at.column + columns, axes.lengths.length),
    });
    node.setAttribute('tabindex', '-1');
    next.setAttribute('tabindex', '0');
    next.focus();
  }

  function onKey(event) {
    const far = 1e9;
    const steps = {
      ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1],
      Home: [0, -far], End: [0, far], PageUp: [-far, 0], PageDown: [far, 0],
    };
    const node = event.currentTarget;
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (steps[event.key]) move(node, ...steps[event.key]);
    else if (event.key === 'Enter' || event.key === ' ') choose(node);
    else if (event.key === 'Escape') change({cell: null});
    else return;
    event.preventDefault();
  }

  function choose(node) {
    for (const other of cells)
      if (other.dataset.panel === node.dataset.panel) other.setAttribute('tabindex', '-1');
    node.setAttribute('tabindex', '0');
    change({cell: cellOf(node), outcome: '', search: ''});
    if (window.matchMedia('(max-width: 1179px)').matches) byId('trials').scrollIntoView();
    byId('list').scrollTop = 0;
  }

  for (const node of cells) {
    node.addEventListener('click', () => choose(node));
    node.addEventListener('keydown', onKey);
  }
  for (const name of [...new Set(data.trials.map((t) => t.outcome))].sort())
    put(byId('outcome'), 'option', '', name).value = name;
  byId('outcome').addEventListener('change', (e) => change({outcome: e.target.value}));
  byId('search').addEventListener('input', (e) => change({search: e.target.value}));
  byId('clear').addEventListener('click', () => change({cell: null}));
  byId('more').addEventListener('click', () => {
    state.shown += PAGE;
    draw();
  });
  window.addEventListener('hashchange', readHash);
  window.addEventListener('beforeprint', () => {
    for (const d of document.querySelectorAll('.twin')) d.open = true;
  });
  byId('trials').hidden = false;
  readHash();
})();
