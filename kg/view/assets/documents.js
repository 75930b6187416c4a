// The documents: each text as it was read, with every mention linked to its entity.

const DEEPEST = 6; // mentions within mentions that are told apart

/** The text of a document as nested spans: `spans` begin outer before inner; one that crosses its outer is cut. */
function marked(points, spans) {
  const root = el('div', { class: 'text', lang: 'zh-CN', dir: 'auto' });
  const open = [{ node: root, inside: root, end: points.length }];
  const top = () => open[open.length - 1];
  let at = 0;
  const advance = (to) => {
    while (open.length > 1 && top().end <= to) {
      const closed = open.pop();
      if (at < closed.end) closed.inside.append(write(closed, at, closed.end));
      at = Math.max(at, closed.end);
    }
    if (at < to) top().inside.append(write(top(), at, to));
    at = Math.max(at, to);
  };
  const write = (level, begin, end) => {
    const words = points.slice(begin, end).join('');
    return level.link ? el('a', { href: level.link, title: level.title }, words) : words;
  };
  for (const span of spans) {
    advance(span.begin);
    const end = Math.min(span.end, top().end);
    if (end <= span.begin || (span.link && open.length > DEEPEST)) continue;
    const outer = top();
    if (span.link && outer.link) outer.inside.classList.add('outer');
    outer.inside.append(span.node);
    open.push({ inside: span.node, end, link: span.link ?? outer.link, title: span.title ?? outer.title });
  }
  advance(points.length);
  return root;
}

function mentionSpan({ begin, end, entity }) {
  const about = graph.entities[entity];
  const chosen = entity === state.nodeIndex;
  const node = paint(el('span', { class: chosen ? 'named chosen' : 'named' }), '--colour', classOf(about).color);
  const title = `${nameOf(about)} · ${label(classOf(about))}`;
  return { begin, end, node, title, link: href({ ...NOTHING, node: about.id }) };
}

/** The headline where the text itself begins with it, so that it need not be shown twice. */
function titleSpan(about) {
  const at = slice(about, 0, 300).indexOf(about.title);
  if (at < 0 || !about.title) return null;
  const begin = Array.from(about.text.slice(0, at)).length;
  return { begin, end: begin + Array.from(about.title).length, node: el('strong', { class: 'title' }) };
}

function documentView(index) {
  const about = graph.documents[index];
  const mentions = mentionsIn(index);
  const spans = mentions.map(mentionSpan);
  const [begin, end] = (state.at ?? '').split('-').map(Number);
  let target = null;
  if (end > begin) {
    target = el('span', { class: 'here', tabindex: '-1' });
    spans.push({ begin, end, node: target });
  }
  slice(about, 0, 0); // splits the text into code points once
  const title = titleSpan(about);
  if (title) spans.push(title);
  // Of spans of the same extent the one added first is outermost: the place asked for lies within a mention.
  spans.sort((a, b) => a.begin - b.begin || b.end - a.end);
  const facts = [about.publisher, about.date, about.id === about.title ? null : about.id].filter(Boolean);
  const text = marked(about.points, spans);
  const article = el('article', {},
    el('a', { class: 'back', href: href({ doc: null, at: null }) }, t('document.back')),
    source(about.title, 'h2', { class: title ? 'unseen' : null }), source(facts.join(' · '), 'p', { class: 'fine' }), text);
  return { article, target };
}

function documentList() {
  const found = graph.documents.map(() => new Set());
  graph.entities.forEach((entity, i) => entity.mentions.forEach(([document]) => found[document].add(i)));
  return el('ul', { class: 'list' }, ...graph.documents.map((about, i) => {
    const facts = [about.publisher, about.date].filter(Boolean).join(' · ');
    const chosen = about.id === state.doc;
    return el('li', {}, el('a', { href: href({ doc: about.id, at: null }), 'aria-current': chosen ? 'true' : null },
      source(about.title, 'bdi', { class: 'headline' }), source(facts, 'span', { class: 'fine' }),
      el('span', { class: 'fine' }, t('document.entities', { count: count(found[i].size) }))));
  }));
}

/** Show the list of documents and the one that the state names. */
function showDocuments(moved) {
  const view = byId('view-documents');
  const index = graph.documents.findIndex((about) => about.id === state.doc);
  const kept = view.querySelector('.reading')?.scrollTop ?? 0;
  view.classList.toggle('open', index >= 0);
  const shown = index >= 0 ? documentView(index) : null;
  const empty = el('p', { class: 'empty' }, t(graph.documents.length ? 'document.pick' : 'document.none'));
  const list = el('nav', { class: 'listing', 'aria-label': t('document.list') }, documentList());
  const reading = el('div', { class: 'reading', tabindex: '0', role: 'region', 'aria-label': t('view.documents') }, shown ? shown.article : empty);
  view.replaceChildren(list, reading);
  if (moved && shown?.target) shown.target.scrollIntoView({ block: 'center' });
  else reading.scrollTop = moved ? 0 : kept;
  list.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
}
