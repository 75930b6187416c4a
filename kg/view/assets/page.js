// The page's state is its address: every link and button changes the address, and the page follows it.

const VIEWS = ['graph', 'tables', 'documents'];
const listed = (text) => new Set((text ?? '').split(',').filter(Boolean));

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
    noclass: listed(given.get('noclass')),
    norel: listed(given.get('norel')),
  };
  return { ...found, nodeIndex: number_of.get(found.node) ?? null, factIndex: fact_of.get(found.fact) ?? null };
}

const DEFAULTS = { view: 'graph', table: 'figures', lang: 'zh', steps: 1 };

/** The address of the state with some of it changed. */
function href(change) {
  const wanted = { ...state, ...change };
  const query = new URLSearchParams();
  for (const key of ['view', 'table', 'node', 'fact', 'steps', 'doc', 'at', 'noclass', 'norel', 'lang', 'theme']) {
    const value = wanted[key] instanceof Set ? [...wanted[key]].sort().join(',') : wanted[key];
    if (value && value !== DEFAULTS[key]) query.set(key, value);
  }
  return `#${query}`;
}

/** Change the state by way of the address, as a step that "back" undoes. */
function go(change) {
  location.hash = href(change);
}

let state = read('');
let announce = false; // whether the focus goes to the panel, as after a search

function legendRow(thing, hidden, change) {
  const input = el('input', { type: 'checkbox', change });
  input.checked = !hidden;
  const box = el('label', {}, input, thing.shape ? sign(thing) : null, el('span', { class: 'words' }, label(thing)));
  return [box, el('span', { class: 'count' }, count(thing.count))];
}

/** The legend, which is the filter: a row for each class or relation with how many there are. */
function legend(id, key, things) {
  const off = state[key];
  const change = (hidden) => go({ [key]: hidden });
  const large = (thing) => things.filter((other) => other.family === thing.family).length > 1;
  const rows = things.map((thing, i) => {
    const toggled = () => change(new Set(off.has(thing.name) ? [...off].filter((n) => n !== thing.name) : [...off, thing.name]));
    const only = () => change(new Set(things.map((other) => other.name).filter((n) => n !== thing.name)));
    const begins = i > 0 && thing.family !== things[i - 1].family && (large(thing) || large(things[i - 1]));
    return el('li', { class: begins ? 'begins' : null }, ...legendRow(thing, off.has(thing.name), toggled),
      el('button', { type: 'button', class: 'plain only', click: only, 'aria-label': `${t('filter.only')} ${label(thing)}`, title: t('filter.only') }, '◎'));
  });
  const all = el('button', { type: 'button', class: 'plain', click: () => change(new Set()) }, t('filter.all'));
  const none = el('button', { type: 'button', class: 'plain', click: () => change(new Set(things.map((n) => n.name))) }, t('filter.none'));
  const box = byId(id);
  const focused = [...box.querySelectorAll('input, button')].indexOf(document.activeElement);
  box.replaceChildren(el('p', { class: 'both' }, all, none), el('ul', {}, ...rows));
  if (focused >= 0) box.querySelectorAll('input, button')[focused]?.focus();
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
  const selected = first || before.node !== state.node || before.fact !== state.fact;
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
  const target = state.factIndex === null ? [state.nodeIndex] : [graph.facts[state.factIndex].head, graph.facts[state.factIndex].tail];
  for (const i of target) if (i !== null && !drawing.shown.has(i)) reveal([i, ...undrawn(i).slice(0, 30)]);
  legend('classes', 'noclass', graph.classes);
  legend('relations', 'norel', graph.relations);
  draw();
  showPanel();
  if (selected) byId('panel').scrollTop = 0;
  if (announce) byId('panel').querySelector('h2').focus({ preventScroll: true });
  announce = false;
  if (state.view === 'tables' && (turned || before.view !== state.view || before.table !== state.table)) showTables(before.table !== state.table);
  if (state.view === 'documents') showDocuments(first || before.view !== state.view || before.doc !== state.doc || before.at !== state.at);
  if (state.view === 'graph') {
    drawing.network.redraw();
    if (!drawing.fitted) fit(false, false);
    if (state.nodeIndex !== null || state.factIndex !== null) {
      if (selected || before.view !== state.view) approach();
    }
  }
}

function wire() {
  wireDrawing();
  wireSearch((entity) => {
    announce = true;
    go({ node: graph.entities[entity].id, fact: null, view: state.view === 'documents' ? 'graph' : state.view });
  });
  byId('language').addEventListener('click', () => go({ lang: state.lang === 'zh' ? 'en' : 'zh' }));
  byId('theme').addEventListener('click', () => go({ theme: document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark' }));
  byId('filters-open').addEventListener('click', () => document.body.classList.add('filtering'));
  byId('filters-close').addEventListener('click', () => document.body.classList.remove('filtering'));
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    if (document.body.classList.contains('filtering')) document.body.classList.remove('filtering');
    else if (state.node || state.fact) go({ node: null, fact: null });
  });
  addEventListener('hashchange', () => render(read(location.hash)));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => render({ ...state }));
}

wire();
render(read(location.hash), true);
