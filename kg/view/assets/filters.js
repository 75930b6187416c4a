// The filters: legends of classes and relations, documents, period, confidence, and what is hidden or pinned by hand.

const LISTED = 12; // with more documents than this the list can be searched
let documentWords = '';

function legendRow(thing, size, hidden, change) {
  const input = el('input', { type: 'checkbox', change });
  input.checked = !hidden;
  const box = el('label', {}, input, thing.shape ? sign(thing) : null, el('span', { class: 'words' }, label(thing)));
  return [box, el('span', { class: 'count' }, count(size))];
}

/** The legend, which is the filter: a row for each class or relation with how many the other filters let through. */
function legend(key, things, counts) {
  const off = state[key];
  const change = (hidden) => go({ [key]: hidden });
  const used = things.filter((thing) => thing.count);
  const large = (thing) => used.filter((other) => other.family === thing.family).length > 1;
  const rows = used.map((thing, i) => {
    const toggled = () => change(new Set(off.has(thing.name) ? [...off].filter((n) => n !== thing.name) : [...off, thing.name]));
    const only = () => change(new Set(used.map((other) => other.name).filter((n) => n !== thing.name)));
    const begins = i > 0 && thing.family !== used[i - 1].family && (large(thing) || large(used[i - 1]));
    return el('li', { class: begins ? 'begins' : null }, ...legendRow(thing, counts[things.indexOf(thing)], off.has(thing.name), toggled),
      el('button', { type: 'button', class: 'plain only', click: only, 'aria-label': `${t('filter.only')} ${label(thing)}`, title: t('filter.only') }, '◎'));
  });
  const all = el('button', { type: 'button', class: 'plain', click: () => change(new Set()) }, t('filter.all'));
  const none = el('button', { type: 'button', class: 'plain', click: () => change(new Set(used.map((n) => n.name))) }, t('filter.none'));
  return [el('p', { class: 'both' }, all, none), el('ul', {}, ...rows)];
}

/** The documents, of which some may be chosen; none chosen means all. */
function documentFilter() {
  const rows = () => graph.documents.filter((about) => !documentWords || folded(about.title).includes(folded(documentWords)) || state.docs.has(about.id)).map((about) => {
    const toggled = () => go({ docs: new Set(state.docs.has(about.id) ? [...state.docs].filter((id) => id !== about.id) : [...state.docs, about.id]) });
    const input = el('input', { type: 'checkbox', change: toggled });
    input.checked = state.docs.has(about.id);
    return el('li', {}, el('label', {}, input, source(about.title, 'span', { class: 'words', title: about.title })));
  });
  const list = el('ul', {}, ...rows());
  const box = el('input', { type: 'search', id: 'document-words', value: documentWords, placeholder: t('filter.documents.find'), 'aria-label': t('filter.documents.find') });
  box.addEventListener('input', () => {
    documentWords = box.value;
    list.replaceChildren(...rows());
  });
  const all = state.docs.size ? el('p', { class: 'both' }, el('button', { type: 'button', class: 'plain', click: () => go({ docs: new Set() }) }, t('filter.documents.all'))) : null;
  return [all, graph.documents.length > LISTED ? box : null, el('div', { class: 'docs', tabindex: '0', role: 'group', 'aria-label': t('filter.documents') }, list)].filter(Boolean);
}

/** A slider over `stops` whose value is worded by `words`; `change` gets the stop when the hand rests. */
function slider(id, name, at, last, words, change) {
  const input = el('input', { type: 'range', id, min: 0, max: last, step: 1, value: at, 'aria-label': name, 'aria-valuetext': words(at) });
  const output = el('output', { for: id }, words(at));
  input.addEventListener('input', () => {
    output.textContent = words(Number(input.value));
    input.setAttribute('aria-valuetext', output.textContent);
  });
  input.addEventListener('change', () => change(Number(input.value)));
  return el('div', { class: 'slider' }, el('label', { for: id }, name), output, input);
}

function periodFilter() {
  const last = stops.length - 1;
  const place = (month, otherwise) => (month === null ? otherwise : Math.max(0, stops.findLastIndex((stop) => stop <= month)));
  const from = state.from ? place(months(state.from)[0], 0) : 0;
  const to = state.to ? place(months(null, state.to)[1], last) : last;
  const words = (at) => monthWords(stops[at]);
  return [
    slider('period-from', t('filter.from'), from, last, words, (at) => go({ from: at ? words(at) : null, to: at > to ? words(at) : state.to })),
    slider('period-to', t('filter.to'), to, last, words, (at) => go({ to: at < last ? words(at) : null, from: at < from ? words(at) : state.from })),
    state.from || state.to ? el('p', { class: 'fine' }, t('filter.period.note')) : null,
  ].filter(Boolean);
}

function confidenceFilter() {
  const words = (at) => (at ? t('filter.atleast', { value: (at / 20).toFixed(2) }) : t('filter.any'));
  return [slider('confidence', t('filter.confidence'), Math.round(state.conf * 20), 20, words, (at) => go({ conf: at / 20 }))];
}

/** What is hidden or pinned by hand, each with a button that undoes it. */
function handFilter() {
  return ['hide', 'pin'].flatMap((key) => [...state[key]].map((id) => {
    const words = t(key === 'hide' ? 'entity.unhide' : 'entity.unpin');
    const undo = () => go({ [key]: new Set([...state[key]].filter((other) => other !== id)) });
    return el('li', {}, el('span', { class: 'fine' }, t(key === 'hide' ? 'entity.hidden' : 'entity.pinned')), entityLink(number_of.get(id)),
      el('button', { type: 'button', class: 'plain', click: undo, 'aria-label': `${words} ${nameOf(graph.entities[number_of.get(id)])}` }, words));
  }));
}

/** Put `children` into an element and leave the focus where it was. */
function refill(id, children) {
  const box = byId(id);
  const reachable = () => [...box.querySelectorAll('input, button, a')];
  const focused = reachable().indexOf(document.activeElement);
  const top = box.querySelector('.docs')?.scrollTop ?? 0;
  box.replaceChildren(...children);
  if (focused >= 0) reachable()[Math.min(focused, reachable().length - 1)]?.focus();
  if (top) box.querySelector('.docs').scrollTop = top;
}

/** Bring the filters into line with the state. */
function showFilters() {
  const { counts } = sieve();
  refill('classes', legend('noclass', graph.classes, counts.classes));
  refill('relations', legend('norel', graph.relations, counts.relations));
  refill('documents', documentFilter());
  byId('period-section').hidden = stops.length < 2;
  if (stops.length > 1) refill('period', periodFilter());
  refill('confidence-box', confidenceFilter());
  const hand = handFilter();
  byId('hand-section').hidden = !hand.length;
  refill('hand', [el('ul', { class: 'hand' }, ...hand)]);
  byId('reset').hidden = !filtering();
}
