// The page's state is its address: every link and button changes the address, and the page follows it.

const VIEWS = ['graph', 'tables', 'documents'];

/** What an address lists: parts between commas, each escaped once more so that it may hold one. */
function listed(text) {
  try {
    return new Set((text ?? '').split(',').filter(Boolean).map(decodeURIComponent));
  } catch {
    return new Set();
  }
}
const known = (set, among) => new Set([...set].filter((id) => among.has(id)));
const NOTHING = { node: null, fact: null, path: [], start: null, group: null }; // selected

/** The state that an address names; what it does not know is left out. */
function read(hash) {
  const given = new URLSearchParams(hash.replace(/^#/, ''));
  const pick = (key, allowed, otherwise) => (allowed.includes(given.get(key)) ? given.get(key) : otherwise);
  const found = {
    view: pick('view', VIEWS, 'graph'),
    table: pick('table', Object.keys(TABLES), 'figures'),
    lang: pick('lang', ['zh', 'en'], 'zh'),
    theme: pick('theme', ['light', 'dark'], null),
    steps: Number(pick('steps', ['2', '3'], '1')),
    node: number_of.has(given.get('node')) ? given.get('node') : null,
    fact: fact_of.has(given.get('fact')) ? given.get('fact') : null,
    doc: given.get('doc'),
    at: /^\d+-\d+$/.test(given.get('at') ?? '') ? given.get('at') : null,
    start: number_of.has(given.get('start')) ? given.get('start') : null,
    path: [...known(listed(given.get('path')), number_of)],
    group: graph.groups[given.get('group')] ? Number(given.get('group')) : null,
    groups: given.get('groups') === '1',
    only: given.get('only') === '1',
    noclass: listed(given.get('noclass')),
    norel: listed(given.get('norel')),
    docs: listed(given.get('docs')),
    from: pickMonth(given.get('from')),
    to: pickMonth(given.get('to')),
    conf: Math.min(1, Math.max(0, Number(given.get('conf')) || 0)),
    hide: known(listed(given.get('hide')), number_of),
    pin: known(listed(given.get('pin')), number_of),
    wrong: known(listed(given.get('wrong')), fact_of),
  };
  if (found.start && found.node && found.start !== found.node) Object.assign(found, { path: [found.start, found.node], start: null, node: null });
  const pathEnds = found.path.length === 2 ? found.path.map((id) => number_of.get(id)) : null;
  return { ...found, pathEnds, nodeIndex: number_of.get(found.node) ?? null, factIndex: fact_of.get(found.fact) ?? null };
}

const pickMonth = (text) => (/^\d{4}-(0[1-9]|1[0-2])$/.test(text ?? '') ? text : null);
const KEYS = ['view', 'table', 'node', 'fact', 'start', 'path', 'group', 'groups', 'steps', 'only', 'doc', 'at', 'noclass', 'norel', 'docs', 'from', 'to', 'conf', 'hide', 'pin', 'wrong', 'lang', 'theme'];
const DEFAULTS = { view: 'graph', table: 'figures', lang: 'zh', steps: 1 };

/** The address of the state with some of it changed. */
function href(change) {
  const wanted = { ...state, ...change };
  const query = new URLSearchParams();
  for (const key of KEYS) {
    let value = wanted[key];
    if (value instanceof Set) value = [...value].sort();
    if (Array.isArray(value)) value = value.map(encodeURIComponent).join(',');
    if (value === true) value = '1';
    if ((value || (key === 'group' && value === 0)) && value !== DEFAULTS[key]) query.set(key, value);
  }
  return `#${query}`;
}

/** Change the state by way of the address, as a step that "back" undoes. */
function go(change) {
  location.hash = href(change);
}

let state = read('');
let announce = false; // whether the focus goes to the panel, as after a search

/** Select an entity, or make it the end of the path that has been begun. */
function choose(index) {
  go({ ...NOTHING, start: state.start, node: graph.entities[index].id });
}

function showTheme() {
  const dark = state.theme ? state.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  byId('theme').setAttribute('aria-pressed', String(dark));
}

/** Bring the whole page into line with `next`. */
function render(next, first = false) {
  const before = state;
  state = next;
  language = state.lang;
  const turned = first || before.lang !== state.lang;
  const selection = (s) => JSON.stringify([s.node, s.fact, s.path, s.group, s.only, s.steps]);
  const selected = first || selection(before) !== selection(state);
  if (turned) translate();
  byId('language').lang = language === 'zh' ? 'en' : 'zh-CN';
  showTheme();
  for (const link of document.querySelectorAll('a[data-view]')) {
    const current = link.dataset.view === state.view;
    link.href = href({ view: link.dataset.view });
    if (current) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  for (const view of VIEWS) byId(`view-${view}`).hidden = view !== state.view;
  document.body.dataset.view = state.view;
  const chosen = lit();
  if (chosen) {
    const ends = [...chosen.nodes].slice(0, 400);
    reveal(state.nodeIndex === null ? ends : [state.nodeIndex, ...(drawing.shown.has(state.nodeIndex) ? [] : undrawn(state.nodeIndex).slice(0, 30))]);
  }
  showFilters();
  byId('groups').setAttribute('aria-pressed', String(state.groups));
  draw();
  showPanel();
  showMarked();
  showStart();
  if (selected) byId('panel').scrollTop = 0;
  if (announce) byId('panel').querySelector('h2').focus({ preventScroll: true });
  announce = false;
  const sifted = before.view !== state.view || before.table !== state.table || sieve().key !== render.sieved;
  if (state.view === 'tables' && (turned || sifted)) showTables(before.table !== state.table);
  render.sieved = sieve().key;
  if (state.view === 'documents') showDocuments(first || before.view !== state.view || before.doc !== state.doc || before.at !== state.at);
  if (state.view === 'graph') {
    drawing.board.redraw();
    if (!drawing.fitted) fit(false, false);
    if (chosen && (selected || before.view !== state.view)) approach();
  }
}

/** The word that a path has been begun and wants its end. */
function showStart() {
  byId('start').hidden = state.start === null;
  if (state.start === null) return;
  refill('start', [
    el('span', {}, t('path.pick'), ' ', source(nameOf(graph.entities[number_of.get(state.start)]), 'strong')),
    el('button', { type: 'button', class: 'icon', 'aria-label': t('path.cancel'), title: t('path.cancel'), click: () => go({ start: null }) }, '×'),
  ]);
}

function wire() {
  wireDrawing();
  wireSearch((entity) => {
    announce = true;
    go({ ...NOTHING, start: state.start, node: graph.entities[entity].id, view: state.view === 'documents' ? 'graph' : state.view });
  });
  byId('language').addEventListener('click', () => go({ lang: state.lang === 'zh' ? 'en' : 'zh' }));
  byId('theme').addEventListener('click', () => go({ theme: document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark' }));
  byId('filters-open').addEventListener('click', () => document.body.classList.add('filtering'));
  byId('filters-close').addEventListener('click', () => document.body.classList.remove('filtering'));
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    if (document.body.classList.contains('filtering')) document.body.classList.remove('filtering');
    else if (document.querySelector('dialog[open]')) return;
    else if (state.start || document.body.classList.contains('selected')) go(NOTHING);
  });
  byId('reset').addEventListener('click', () => go({ noclass: new Set(), norel: new Set(), docs: new Set(), hide: new Set(), from: null, to: null, conf: 0 }));
  addEventListener('hashchange', () => render(read(location.hash)));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => render({ ...state }));
}

wire();
render(read(location.hash), true);
