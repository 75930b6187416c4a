// The panel: what is known of the selected entity or fact, in words, each with the sentence that says so.

// With more facts and figures than this the sentences are folded, or nobody would find the facts.
const SHOWN_OPEN = 40;

const qualified = (figure) => (figure.qualifier ? t(`qualifier.${figure.qualifier}`) : '');
const tag = (modality) => (modality ? el('span', { class: 'tag' }, t(`modality.${modality}`)) : null);

/** A link to an entity, with the sign of its class. */
function entityLink(index) {
  const entity = graph.entities[index];
  return el('a', { class: 'entity', href: href({ node: entity.id, fact: null }), title: label(classOf(entity)) }, sign(classOf(entity)), source(nameOf(entity)));
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
function withEvidence(line, pieces, open) {
  const words = pieces.length > 1 ? t('evidence.count', { count: pieces.length }) : t('evidence.show');
  const below = el('div', {});
  const button = el('button', { type: 'button', class: 'plain more', click: () => fold(below.hidden) }, words);
  const fold = (shown) => {
    if (shown && !below.children.length) below.append(...pieces.map(evidenceView));
    below.hidden = !shown;
    button.setAttribute('aria-expanded', String(shown));
  };
  fold(open);
  const item = el('div', { class: 'item', fold: ({ detail }) => fold(detail) }, el('div', { class: 'head' }, el('span', { class: 'line' }, ...line), button), below);
  return item;
}

function figureLine(figure) {
  const value = el('span', { class: 'value' }, qualified(figure), ' ', el('b', {}, number(figure.value)), figure.unit ? source(figure.unit) : null);
  return [el('span', { class: 'measure' }, source(figure.measure)), value, figure.period ? source(figure.period, 'span', { class: 'period' }) : null, tag(figure.modality)];
}

function heading(words, size, id) {
  return el('h3', { id }, words, ' ', el('span', { class: 'count' }, count(size)));
}

function factsView(index, open) {
  const kind = label(classOf(graph.entities[index]));
  return factGroups(index).map(({ relation, outgoing, facts }) => {
    const words = outgoing ? label(relation) : t('fact.incoming', { relation: label(relation), class: kind });
    const rows = facts.map(({ fact, other }) => el('li', {}, withEvidence([entityLink(other), tag(fact.modality)], fact.evidence, open)));
    return el('section', { class: 'group' }, el('h4', {}, words, ' ', el('span', { class: 'count' }, count(facts.length))), el('ul', {}, ...rows));
  });
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
  return el('div', { class: 'steps', role: 'group', 'aria-label': t('entity.steps') }, el('span', {}, t('entity.steps')), ...buttons);
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
  return el('button', { type: 'button', class: 'icon close', 'aria-label': t('tool.close'), title: t('tool.close'), click: () => go({ node: null, fact: null }) }, '×');
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
      state.view === 'graph' ? expandView(index) : null,
    ),
  ];
  if (!entity.facts.length && !figures.length) parts.push(el('p', { class: 'hint' }, t('entity.nothing')));
  else parts.push(el('p', { class: 'fold' }, fold));
  if (figures.length) {
    const rows = figures.map((figure) => el('li', {}, withEvidence(figureLine(figure), figure.evidence, open)));
    parts.push(el('section', { class: 'figures' }, heading(t('entity.figures'), figures.length), el('ul', {}, ...rows)));
  }
  if (entity.facts.length) parts.push(el('section', {}, heading(t('entity.facts'), entity.facts.length), ...factsView(index, open)));
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
    ),
    el('section', {}, heading(t('evidence.show'), fact.evidence.length), ...fact.evidence.map(evidenceView)),
  );
}

function overview(panel) {
  const sizes = [['documents', graph.documents], ['entities', graph.entities], ['facts', graph.facts], ['figures', graph.observations]];
  const order = graph.entities.map((_, i) => i).filter((i) => graph.entities[i].facts.length);
  const weight = (i) => graph.entities[i].facts.length;
  order.sort((a, b) => weight(b) - weight(a) || a - b);
  const top = order.slice(0, 12);
  const parts = [
    el('header', {}, el('h2', { tabindex: '-1' }, t('overview.title'))),
    el('dl', { class: 'sizes' }, ...sizes.map(([name, things]) => el('div', {}, el('dt', {}, t(`overview.${name}`)), el('dd', {}, count(things.length))))),
    el('section', {}, el('h3', {}, t('overview.how')), el('ul', { class: 'how' }, ...[1, 2, 3].map((n) => el('li', {}, t(`overview.how.${n}`))))),
  ];
  if (top.length) {
    const rows = top.map((i) => {
      const bar = paint(el('span', { class: 'bar-of' }), 'width', `${Math.round((100 * weight(i)) / weight(top[0]))}%`);
      paint(bar, 'background', classOf(graph.entities[i]).color);
      return el('li', {}, entityLink(i), el('span', { class: 'count' }, count(weight(i))), el('span', { class: 'track' }, bar));
    });
    parts.push(el('section', {}, el('h3', {}, t('overview.top')), el('ol', { class: 'top' }, ...rows)));
  }
  panel.replaceChildren(...parts);
}

/** Show the selection in the panel, or the overview where nothing is selected. */
function showPanel() {
  const panel = byId('panel');
  document.body.classList.toggle('selected', state.nodeIndex !== null || state.factIndex !== null);
  if (state.factIndex !== null) factView(state.factIndex, panel);
  else if (state.nodeIndex !== null) entityView(state.nodeIndex, panel);
  else overview(panel);
}
