// The graph as the page holds it, and the questions that the page asks of it.

const graph = json('data-graph');
const number_of = new Map(graph.entities.map((entity, i) => [entity.id, i]));

graph.entities.forEach((entity) => Object.assign(entity, { facts: [], figures: [], neighbours: new Set() }));
graph.facts.forEach((fact, i) => {
  const [head, tail] = [graph.entities[fact.head], graph.entities[fact.tail]];
  head.facts.push(i);
  if (fact.tail !== fact.head) {
    tail.facts.push(i);
    head.neighbours.add(fact.tail);
    tail.neighbours.add(fact.head);
  }
});
graph.observations.forEach((observation, i) => graph.entities[observation.about].figures.push(i));

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
  for (let step = 0; step < steps; step += 1) {
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
