// What the filters let through: by class, relation, document, period and confidence, and what is hidden by hand.

/** The months from `begin` to `end` (ISO 8601 dates, as precise as they are) as numbers; null where undated. */
function months(begin, end) {
  const month = (date, otherwise) => (date ? Number(date.slice(0, 4)) * 12 + (date.length > 4 ? Number(date.slice(5, 7)) - 1 : otherwise) : null);
  const [first, last] = [month(begin, 0), month(end, 11)];
  return first === null && last === null ? null : [first ?? -Infinity, last ?? Infinity];
}
const monthWords = (month) => `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`;

const documentMonths = graph.documents.map((about) => (about.date ? months(about.date, about.date) : null));
const intervalMonths = (interval) => (interval ? months(interval[0], interval[1]) : null);
const told = (thing) => thing.evidence.map((piece) => documentMonths[piece[0]]).filter(Boolean);

/** When a fact or figure held: what the texts say of it or of the event it is part of, else when they appeared. */
function monthsOf(thing) {
  if (thing.months) return thing.months;
  const ends = thing.about === undefined ? [thing.head, thing.tail] : [thing.about];
  const own = thing.interval ? [intervalMonths(thing.interval)] : ends.flatMap((i) => graph.entities[i].datings.map((d) => intervalMonths(graph.datings[d].interval)));
  const known = own.filter(Boolean);
  thing.months = known.length ? known : told(thing);
  return thing.months;
}

/** The months at which something begins or ends: the stops of the slider. */
const stops = (() => {
  const all = [...graph.facts, ...graph.observations].flatMap(monthsOf).flat().filter(Number.isFinite);
  return [...new Set(all)].sort((a, b) => a - b);
})();

const confidenceOf = (thing) => thing.evidence.reduce((most, piece) => Math.max(most, piece[5]), 0);
const byKeys = ['noclass', 'norel', 'docs', 'hide', 'pin'];
let sieved = { key: null };

/** Whether documents, period and confidence let a fact or figure through. */
function passes(thing, documents, period) {
  if (documents && !thing.evidence.some((piece) => documents.has(piece[0]))) return false;
  if (state.conf && confidenceOf(thing) < state.conf) return false;
  return !period || monthsOf(thing).some(([first, last]) => first <= period[1] && last >= period[0]);
}

function chosenDocuments() {
  return state.docs.size ? new Set(graph.documents.map((_, i) => i).filter((i) => state.docs.has(graph.documents[i].id))) : null;
}

/** The period that is chosen, in months, or null. */
function chosenPeriod() {
  return state.from || state.to ? [months(state.from, state.from)?.[0] ?? -Infinity, months(state.to, state.to)?.[1] ?? Infinity] : null;
}

/** What is let through: facts, figures and entities by number, and how many of each class and relation. */
function sieve() {
  const key = JSON.stringify([...byKeys.map((k) => [...state[k]]), state.conf, state.from, state.to]);
  if (sieved.key === key) return sieved;
  const [documents, period] = [chosenDocuments(), chosenPeriod()];
  const narrowed = documents !== null || period !== null || state.conf > 0;
  const classIn = graph.classes.map((kind) => !state.noclass.has(kind.name));
  const relationIn = graph.relations.map((relation) => !state.norel.has(relation.name));
  const hidden = graph.entities.map((entity) => state.hide.has(entity.id));
  const fits = graph.facts.map((fact) => passes(fact, documents, period));
  const figureFits = graph.observations.map((figure) => passes(figure, documents, period));
  const counts = { classes: graph.classes.map(() => 0), relations: graph.relations.map(() => 0) };
  const speaks = graph.entities.map((entity) => {
    if (entity.facts.some((i) => fits[i] && relationIn[graph.facts[i].relation])) return true;
    if (narrowed && entity.figures.some((i) => figureFits[i])) return true;
    if (entity.facts.length && (narrowed || state.norel.size)) return false;
    return !narrowed || (!state.conf && entity.mentions.some(([document]) => (!documents || documents.has(document))
      && (!period || (documentMonths[document] !== null && documentMonths[document][0] <= period[1] && documentMonths[document][1] >= period[0]))));
  });
  const entities = graph.entities.map((entity, i) => {
    if (state.pin.has(entity.id)) return true;
    if (hidden[i] || !speaks[i]) return false;
    counts.classes[entity.class] += 1;
    return classIn[entity.class];
  });
  const facts = graph.facts.map((fact, i) => {
    const ends = [fact.head, fact.tail].every((end) => !hidden[end] && classIn[graph.entities[end].class]);
    if (!fits[i] || !ends) return false;
    counts.relations[fact.relation] += 1;
    return relationIn[fact.relation];
  });
  const figures = graph.observations.map((figure, i) => figureFits[i] && !hidden[figure.about] && classIn[graph.entities[figure.about].class]);
  sieved = { key, entities, facts, figures, counts };
  return sieved;
}

/** Whether the filters let a fact be seen. */
const admitted = (fact) => sieve().facts[fact.index];

/** Whether the filters let an entity be seen; one whose every fact they hide goes with its facts. */
const visible = (index) => index === state.nodeIndex || sieve().entities[index];

/** Whether any filter is set. */
const filtering = () => ['noclass', 'norel', 'docs', 'hide'].some((key) => state[key].size) || state.conf > 0 || Boolean(state.from || state.to);
