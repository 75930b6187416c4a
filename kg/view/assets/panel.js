// The panel: what is known of the selected entity or fact, in words, each with the sentence that says so.

// With more facts and figures than this the sentences are folded, or nobody would find the facts.
const SHOWN_OPEN = 40;

const qualified = (figure) => (figure.qualifier ? t(`qualifier.${figure.qualifier}`) : '');
const tag = (modality) => (modality ? el('span', { class: 'tag' }, t(`modality.${modality}`)) : null);

/** A link to an entity, with the sign of its class. */
function entityLink(index) {
  const entity = graph.entities[index];
  return el('a', { class: 'entity', href: href({ ...NOTHING, node: entity.id }), title: label(classOf(entity)) }, sign(classOf(entity)), source(nameOf(entity)));
}

/** A sentence with the words that count marked by the part they play. */
function quoted(piece) {
  const points = Array.from(piece.quote);
  const marks = piece.marks.filter(([, begin, end]) => begin >= 0 && begin < end && end <= points.length);
  const cuts = [...new Set([0, points.length, ...marks.flatMap(([, begin, end]) => [begin, end])])].sort((a, b) => a - b);
  const box = el('blockquote', { lang: 'zh-CN', dir: 'auto' });
  for (let i = 0; i + 1 < cuts.length; i += 1) {
    const words = points.slice(cuts[i], cuts[i + 1]).join('');
    const covering = marks.filter(([, begin, end]) => begin <= cuts[i] && cuts[i + 1] <= end).sort((a, b) => a[2] - a[1] - (b[2] - b[1]));
    if (!covering.length) box.append(words);
    else box.append(el('mark', { class: `role-${covering[0][0]}`, title: t(`role.${covering[0][0]}`) }, words));
  }
  return box;
}

/** Where a piece of evidence stands: headline, identifier and offsets, and what read it. */
function evidenceView(piece) {
  const found = evidence(piece);
  const about = graph.documents[found.document];
  const place = `${found.begin}-${found.end}`;
  const details = [
    about.title === about.id ? null : source(about.id),
    t('evidence.at', { begin: count(found.begin), end: count(found.end) }),
    t('evidence.rule', { rule: found.rule }),
    t('evidence.confidence', { confidence: found.confidence.toFixed(2) }),
  ].filter(Boolean);
  const link = { href: href({ view: 'documents', doc: about.id, at: place }), title: t('evidence.open') };
  return el('div', { class: 'evidence' },
    quoted(found),
    el('p', { class: 'whence' }, source(about.title, 'a', link), el('span', { class: 'fine' }, ...details.flatMap((d, i) => (i ? [' · ', d] : [d])))),
  );
}

/** A line with its evidence folded below it; it is made when it is first opened. */
function withEvidence(line, pieces, open, extra = null) {
  if (!pieces.length) return el('div', { class: 'item' }, el('div', { class: 'head' }, el('span', { class: 'line' }, ...line)));
  const words = pieces.length > 1 ? t('evidence.count', { count: pieces.length }) : t('evidence.show');
  const below = el('div', {});
  const button = el('button', { type: 'button', class: 'plain more', click: () => fold(below.hidden) }, words);
  const fold = (shown) => {
    if (shown && !below.children.length) below.append(...pieces.map(evidenceView));
    below.hidden = !shown;
    button.setAttribute('aria-expanded', String(shown));
  };
  fold(open);
  const item = el('div', { class: 'item', fold: ({ detail }) => fold(detail) }, el('div', { class: 'head' }, el('span', { class: 'line' }, ...line), extra, button), below);
  return item;
}

/** When something held, in the words of the calendar: 2024-01 to 2024-06, about 2025, every year. */
function intervalWords(interval) {
  if (!interval) return '';
  const [begin, end, vague, recurs] = interval;
  if (recurs) return t('interval.recurs', { step: strings[language][`interval.${recurs}`] ?? recurs });
  let words = begin ?? end;
  if (begin && end && begin !== end) words = t('interval.both', { begin, end });
  else if (!end) words = t('interval.from', { begin });
  else if (!begin) words = t('interval.to', { end });
  return vague ? t('interval.vague', { words }) : words;
}

/** The time words of the text, and when that is. */
function periodView({ period, interval }) {
  const words = intervalWords(interval);
  if (!period && !words) return null;
  return el('span', { class: 'period' }, period ? source(period) : null, words && words !== period ? el('span', { class: 'when' }, words) : null);
}

const changeWords = (figure) => (figure.change ? t(`change.${figure.change}`) : '');

function figureLine(figure) {
  const value = el('span', { class: 'value' }, qualified(figure), ' ', el('b', {}, number(figure.value)), figure.unit ? source(figure.unit) : null);
  const change = figure.change ? el('span', { class: 'change' }, figure.base ? source(figure.base) : null, changeWords(figure)) : null;
  return [el('span', { class: 'measure' }, source(figure.measure)), change, value, periodView(figure), tag(figure.modality)];
}

function heading(words, size, id) {
  return el('h3', { id }, words, ' ', el('span', { class: 'count' }, count(size)));
}

function factsView(index, open) {
  const kind = label(classOf(graph.entities[index]));
  return factGroups(index).map(({ relation, outgoing, facts }) => {
    const words = outgoing ? label(relation) : t('fact.incoming', { relation: label(relation), class: kind });
    const rows = facts.map(({ index: i, fact, other }) => el('li', { class: state.wrong.has(factId(fact)) ? 'marked' : null }, withEvidence([entityLink(other)], fact.evidence, open, wrongButton(i))));
    return el('section', { class: 'group' }, el('h4', {}, words, ' ', el('span', { class: 'count' }, count(facts.length))), el('ul', {}, ...rows));
  });
}

/** What the text only plans, denies or passes on, or says in words that no relation has. */
function saidView(entity, open) {
  const rows = entity.said.map((i) => {
    const fact = graph.said[i];
    const words = fact.predicate ? source(fact.predicate) : el('span', {}, label(relationOf(fact)));
    return el('li', {}, withEvidence([entityLink(fact.head), words, entityLink(fact.tail), tag(fact.modality)], fact.evidence, open));
  });
  return el('ul', {}, ...rows);
}

function mentionsView(entity) {
  const rows = [...mentionsByDocument(entity)].map(([document, places]) => {
    const about = graph.documents[document];
    const words = new Map();
    for (const [begin, end] of places) {
      const text = slice(about, begin, end);
      if (text && !words.has(text)) words.set(text, `${begin}-${end}`);
    }
    const links = [...words].map(([text, at]) => source(text, 'a', { class: 'mention', href: href({ view: 'documents', doc: about.id, at }) }));
    return el('li', {}, source(about.title, 'a', { href: href({ view: 'documents', doc: about.id, at: null }) }),
      el('span', { class: 'count' }, t('entity.mention.count', { count: places.length })), el('div', { class: 'mentions' }, ...links));
  });
  return el('ul', { class: 'documents' }, ...rows);
}

function stepsView() {
  const buttons = [1, 2, 3].map((n) => el('button', { type: 'button', 'aria-pressed': String(state.steps === n), click: () => go({ steps: n === 1 ? null : n }) }, String(n)));
  return el('div', { class: 'steps', role: 'group', 'aria-label': t('entity.steps') }, el('span', {}, t('entity.steps')), ...buttons, onlyView());
}

/** The switch that leaves only what is lit. */
function onlyView() {
  return el('button', { type: 'button', class: 'switch', 'aria-pressed': String(state.only), click: () => go({ only: state.only ? null : '1' }) }, t('entity.only'));
}

/** What can be done with the selected entity: hide it, pin it, find a path from it. */
function handsView(entity) {
  const turn = (key) => () => go({ [key]: new Set(state[key].has(entity.id) ? [...state[key]].filter((id) => id !== entity.id) : [...state[key], entity.id]), ...(key === 'hide' ? NOTHING : {}) });
  const pinned = state.pin.has(entity.id);
  return el('div', { class: 'hands' },
    el('button', { type: 'button', class: 'edged', click: () => go({ ...NOTHING, start: entity.id }) }, t('path.start')),
    el('button', { type: 'button', class: 'edged', 'aria-pressed': String(pinned), title: t('entity.pin.how'), click: turn('pin') }, t(pinned ? 'entity.unpin' : 'entity.pin')),
    el('button', { type: 'button', class: 'edged', click: turn('hide') }, t('entity.hide')));
}

function expandView(index) {
  const missing = undrawn(index);
  if (!missing.length) return null;
  const next = missing.slice(0, 60);
  const more = () => {
    reveal(next);
    render({ ...state });
  };
  return el('button', { type: 'button', class: 'wide', click: more }, t('entity.expand', { count: count(next.length) }));
}

/** A button that opens or closes the evidence of every line. */
function foldAll(panel) {
  const closed = () => panel.querySelector('.more[aria-expanded="false"]') !== null;
  const name = () => { button.textContent = closed() ? t('evidence.all') : t('evidence.none'); };
  const button = el('button', { type: 'button', class: 'plain', click: () => {
    const detail = closed();
    for (const item of panel.querySelectorAll('.item')) item.dispatchEvent(new CustomEvent('fold', { detail }));
    name();
  } });
  return [button, name];
}

function closeButton() {
  return el('button', { type: 'button', class: 'icon close', 'aria-label': t('tool.close'), title: t('tool.close'), click: () => go(NOTHING) }, '×');
}

function entityView(index, panel) {
  const entity = graph.entities[index];
  const kind = classOf(entity);
  const open = entity.facts.length + entity.figures.length <= SHOWN_OPEN;
  const [fold, nameFold] = foldAll(panel);
  const figures = entity.figures.map((i) => graph.observations[i]);
  const parts = [
    el('header', {},
      el('p', { class: 'kind' }, sign(kind), label(kind)), closeButton(),
      source(nameOf(entity), 'h2', { tabindex: '-1' }),
      entity.names.length > 1 ? el('p', { class: 'aliases' }, t('entity.aliases'), ' ', ...entity.names.slice(1).map((name) => source(name, 'bdi', { class: 'alias' }))) : null,
      state.view === 'graph' && entity.neighbours.size ? stepsView() : null,
      state.view === 'graph' ? handsView(entity) : null,
      state.view === 'graph' ? expandView(index) : null,
    ),
  ];
  const dated = entity.datings.map((i) => graph.datings[i]);
  if (!entity.facts.length && !figures.length && !dated.length && !entity.said.length) parts.push(el('p', { class: 'hint' }, t('entity.nothing')));
  else parts.push(el('p', { class: 'fold' }, fold));
  if (dated.length) {
    const rows = dated.map((dating) => el('li', {}, withEvidence([periodView(dating), tag(dating.modality)], dating.evidence, open)));
    parts.push(el('section', { class: 'datings' }, heading(t('entity.datings'), dated.length), el('ul', {}, ...rows)));
  }
  if (figures.length) {
    const rows = figures.map((figure) => el('li', {}, withEvidence(figureLine(figure), figure.evidence, open)));
    parts.push(el('section', { class: 'figures' }, heading(t('entity.figures'), figures.length), el('ul', {}, ...rows)));
  }
  if (entity.facts.length) parts.push(el('section', {}, heading(t('entity.facts'), entity.facts.length), ...factsView(index, open)));
  if (entity.said.length) parts.push(el('section', {}, heading(t('entity.said'), entity.said.length), el('p', { class: 'fine' }, t('entity.said.how')), saidView(entity, open)));
  if (entity.mentions.length) parts.push(el('section', {}, heading(t('entity.mentions'), entity.mentions.length), mentionsView(entity)));
  panel.replaceChildren(...parts);
  nameFold();
}

function factView(index, panel) {
  const fact = graph.facts[index];
  panel.replaceChildren(
    el('header', {},
      el('p', { class: 'kind' }, t('fact.title'), ' ', tag(fact.modality) ?? ''), closeButton(),
      el('h2', { class: 'statement', tabindex: '-1' }, entityLink(fact.head), el('span', { class: 'relation' }, label(relationOf(fact))), entityLink(fact.tail)),
      el('div', { class: 'hands' }, wrongButton(index), el('span', { class: 'fine' }, t(state.wrong.has(factId(fact)) ? 'wrong.marked' : 'wrong.mark'))),
    ),
    el('section', {}, heading(t('evidence.show'), fact.evidence.length), ...fact.evidence.map(evidenceView)),
  );
}

/** The shortest path between two entities, each step with its sentences. */
function pathView([from, to], panel) {
  const chain = shortestPath(from, to, admitted);
  const rows = (chain ?? []).map((i) => {
    const fact = graph.facts[i];
    return el('li', {}, withEvidence([entityLink(fact.head), el('span', { class: 'relation' }, label(relationOf(fact))), entityLink(fact.tail)], fact.evidence, true, wrongButton(i)));
  });
  panel.replaceChildren(
    el('header', {},
      el('p', { class: 'kind' }, t('path.title')), closeButton(),
      el('h2', { class: 'statement', tabindex: '-1' }, entityLink(from), el('span', { class: 'relation' }, chain ? t('path.steps', { count: count(chain.length) }) : t('path.to')), entityLink(to)),
      chain?.length ? onlyView() : null,
    ),
    chain ? el('ol', { class: 'path' }, ...rows) : el('p', { class: 'hint' }, t(filtering() ? 'path.none.filtered' : 'path.none')),
  );
}

/** Show the selection in the panel, or the overview where nothing is selected. */
function showPanel() {
  const panel = byId('panel');
  const selected = state.nodeIndex !== null || state.factIndex !== null || state.pathEnds !== null || state.group !== null;
  document.body.classList.toggle('selected', selected);
  if (state.pathEnds) pathView(state.pathEnds, panel);
  else if (state.factIndex !== null) factView(state.factIndex, panel);
  else if (state.nodeIndex !== null) entityView(state.nodeIndex, panel);
  else if (state.group !== null) groupView(state.group, panel);
  else overview(panel);
}
