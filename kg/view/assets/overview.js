// The overview: how large the graph is, what has most to say, its communities and its parts that stand apart.

const TOP = 12; // entities, communities and parts that are listed

function topView(order) {
  const weight = (i) => graph.entities[i].facts.length;
  const rows = order.map((i) => {
    const bar = paint(el('span', { class: 'bar-of' }), 'width', `${Math.round((100 * weight(i)) / weight(order[0]))}%`);
    paint(bar, 'background', classOf(graph.entities[i]).color);
    return el('li', {}, entityLink(i), el('span', { class: 'count' }, count(weight(i))), el('span', { class: 'track' }, bar));
  });
  return el('section', {}, el('h3', {}, t('overview.top')), el('ol', { class: 'top' }, ...rows));
}

const swatch = (group) => paint(el('span', { class: 'swatch', 'aria-hidden': 'true' }), 'background', groupColor(group, 0.6));

/** The names by which a community is known: those of its best connected members. */
const groupNames = (group, limit) => heaviest(graph.groups[group], limit).map((i) => nameOf(graph.entities[i])).join('、');

function groupsView() {
  const rows = graph.groups.slice(0, TOP).map((members, group) => el('li', {},
    el('a', { href: href({ ...NOTHING, group, view: null }) }, swatch(group), source(groupNames(group, 3))), el('span', { class: 'count' }, count(members.length))));
  return el('section', {}, heading(t('overview.groups'), graph.groups.length), el('p', { class: 'fine' }, t('overview.groups.how')), el('ol', { class: 'groups' }, ...rows));
}

function partsView() {
  const joined = parts().filter((part) => part.length > 1);
  const words = { parts: count(joined.length), largest: count(joined[0]?.length ?? 0), alone: count(parts().length - joined.length) };
  const rows = joined.slice(1, TOP / 2).map((part) => el('li', {}, entityLink(heaviest(part, 1)[0]), el('span', { class: 'count' }, t('overview.part.size', { count: count(part.length) }))));
  return el('section', {}, el('h3', {}, t('overview.parts')), el('p', { class: 'fine' }, t('overview.parts.words', words)), el('ul', { class: 'groups' }, ...rows));
}

function overview(panel) {
  const sizes = [['documents', graph.documents], ['entities', graph.entities], ['facts', graph.facts], ['figures', graph.observations]];
  const order = heaviest(graph.entities.map((_, i) => i).filter((i) => graph.entities[i].facts.length), TOP);
  panel.replaceChildren(
    el('header', {}, el('h2', { tabindex: '-1' }, t('overview.title'))),
    el('dl', { class: 'sizes' }, ...sizes.map(([name, things]) => el('div', {}, el('dt', {}, t(`overview.${name}`)), el('dd', {}, count(things.length))))),
    el('section', {}, el('h3', {}, t('overview.how')), el('ul', { class: 'how' }, ...[1, 2, 3, 4].map((n) => el('li', {}, t(`overview.how.${n}`))))),
    ...(order.length ? [topView(order)] : []),
    ...(graph.groups.length > 1 ? [groupsView()] : []),
    ...(graph.entities.length ? [partsView()] : []),
  );
}

/** A community by its members. */
function groupView(group, panel) {
  const rows = heaviest(graph.groups[group], Infinity).map((i) => el('li', {}, entityLink(i), el('span', { class: 'count' }, count(graph.entities[i].facts.length))));
  panel.replaceChildren(
    el('header', {}, el('p', { class: 'kind' }, swatch(group), t('group.title')), closeButton(), source(groupNames(group, 3), 'h2', { tabindex: '-1' }), onlyView()),
    el('section', {}, heading(t('overview.entities'), rows.length), el('p', { class: 'fine' }, t('overview.groups.how')), el('ul', { class: 'groups' }, ...rows)),
  );
}
