// The graph as the page holds it, and the questions that the page asks of it.

const graph = json('data-graph');
const number_of = new Map(graph.entities.map((entity, i) => [entity.id, i]));

graph.entities.forEach((entity) => Object.assign(entity, { facts: [], figures: [], datings: [], said: [], neighbours: new Set(), group: null }));
graph.facts.forEach((fact, i) => {
  const [head, tail] = [graph.entities[fact.head], graph.entities[fact.tail]];
  fact.index = i;
  head.facts.push(i);
  if (fact.tail !== fact.head) {
    tail.facts.push(i);
    head.neighbours.add(fact.tail);
    tail.neighbours.add(fact.head);
  }
});
graph.observations.forEach((observation, i) => graph.entities[observation.about].figures.push(i));
graph.datings.forEach((dating, i) => graph.entities[dating.about].datings.push(i));
graph.said.forEach((fact, i) => new Set([fact.head, fact.tail]).forEach((end) => graph.entities[end].said.push(i)));
graph.groups.forEach((members, group) => members.forEach((i) => { graph.entities[i].group = group; }));

const classOf = (entity) => graph.classes[entity.class];
const nameOf = (entity) => entity.names[0];
const relationOf = (fact) => graph.relations[fact.relation];
/** The label of a class or relation in the language of the page. */
const label = (thing) => thing[language] ?? thing.name;

/** The words of a document at a place given in code points, which JavaScript's own strings do not count in. */
function slice(document, begin, end) {
  document.points ??= Array.from(document.text);
  return document.points.slice(begin, end).join('');
}

/** A piece of evidence by name rather than by place. */
function evidence(piece) {
  const [document, begin, end, marks, rule, confidence, quote] = piece;
  const about = graph.documents[document];
  return { document, begin, end, marks, confidence, rule: graph.rules[rule], quote: quote ?? slice(about, begin, end) };
}

/** A fact's name in the address. */
function factId(fact) {
  return [graph.entities[fact.head].id, relationOf(fact).name, graph.entities[fact.tail].id].join('~');
}
const fact_of = new Map(graph.facts.map((fact, i) => [factId(fact), i]));

/** The entities within `steps` of one, itself included, over facts that `admits` lets pass. */
function around(start, steps, admits = () => true) {
  const reached = new Set([start]);
  let edge = [start];
  for (let step = 0; step < steps && edge.length; step += 1) {
    const next = [];
    for (const node of edge) {
      for (const i of graph.entities[node].facts) {
        const fact = graph.facts[i];
        const other = fact.head === node ? fact.tail : fact.head;
        if (!reached.has(other) && admits(fact)) {
          reached.add(other);
          next.push(other);
        }
      }
    }
    edge = next;
  }
  return reached;
}

/** A shortest chain of facts from one entity to another, whatever their direction; null where there is none. */
function shortestPath(from, to, admits) {
  const reached = new Map([[from, null]]);
  for (const node of reached.keys()) {
    if (node === to) break;
    for (const i of graph.entities[node].facts) {
      const fact = graph.facts[i];
      const other = fact.head === node ? fact.tail : fact.head;
      if (!reached.has(other) && admits(fact)) reached.set(other, { fact: i, node });
    }
  }
  if (!reached.has(to)) return null;
  const chain = [];
  for (let step = reached.get(to); step; step = reached.get(step.node)) chain.unshift(step.fact);
  return chain;
}

/** The connected parts of the graph, each by its members, the largest first. */
function parts() {
  if (graph.parts) return graph.parts;
  const seen = new Set();
  graph.parts = [];
  graph.entities.forEach((_, i) => {
    if (seen.has(i)) return;
    const part = [...around(i, Infinity)];
    part.forEach((member) => seen.add(member));
    graph.parts.push(part);
  });
  graph.parts.sort((a, b) => b.length - a.length || a[0] - b[0]);
  return graph.parts;
}

/** The entities of `members` that have the most facts. */
function heaviest(members, limit) {
  const weight = (i) => graph.entities[i].facts.length;
  return [...members].sort((a, b) => weight(b) - weight(a) || a - b).slice(0, limit);
}

/** The facts of an entity by relation and direction, those it is the subject of first. */
function factGroups(index) {
  const groups = new Map();
  for (const i of graph.entities[index].facts) {
    const fact = graph.facts[i];
    const outgoing = fact.head === index || relationOf(fact).symmetric;
    const key = `${outgoing ? 0 : 1} ${String(fact.relation).padStart(4, '0')}`;
    if (!groups.has(key)) groups.set(key, { relation: relationOf(fact), outgoing, facts: [] });
    groups.get(key).facts.push({ index: i, fact, other: fact.head === index ? fact.tail : fact.head });
  }
  return [...groups.keys()].sort().map((key) => groups.get(key));
}

/** The mentions of an entity by document, in the order of the documents. */
function mentionsByDocument(entity) {
  const found = new Map();
  for (const [document, begin, end] of entity.mentions) {
    if (!found.has(document)) found.set(document, []);
    found.get(document).push([begin, end]);
  }
  return found;
}

/** All mentions in a document, outer ones before those within them. */
function mentionsIn(document) {
  const found = [];
  graph.entities.forEach((entity, i) => {
    for (const [where, begin, end] of entity.mentions) if (where === document) found.push({ begin, end, entity: i });
  });
  return found.sort((a, b) => a.begin - b.begin || b.end - a.end || a.entity - b.entity);
}
