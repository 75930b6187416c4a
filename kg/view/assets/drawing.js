// What is drawn and how it is lit; the board (vis.js or canvas.js) puts it on the screen, each node at its place.

const places = json('data-nodes');
const lines = json('data-edges');
const still = matchMedia('(prefers-reduced-motion: reduce)');

const drawing = {
  board: null,
  shown: new Set(graph.shown), // what has a place; the rest gets one when it is searched for or expanded
  wanted: new Set(), // what of it is drawn
  fitted: false,
  moving: false,
  hovered: null,
  ranked: [],
  facts: [], // that are drawn
  outlines: [], // of the communities
  ink: {},
};

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const motion = () => !still.matches;

function nodeWords(i) {
  const entity = graph.entities[i];
  const words = { class: label(classOf(entity)), facts: count(entity.facts.length), figures: count(entity.figures.length) };
  return `${nameOf(entity)}\n${t('node.title', words)}`;
}

function factWords(fact) {
  return `${nameOf(graph.entities[fact.head])} ${label(relationOf(fact))} ${nameOf(graph.entities[fact.tail])}`;
}

/** What is lit: the nodes and facts that the selection speaks of, or null where nothing is selected. */
function lit() {
  if (state.pathEnds) {
    const chain = new Set(shortestPath(...state.pathEnds, admitted) ?? []);
    const nodes = new Set([...state.pathEnds, ...[...chain].flatMap((i) => [graph.facts[i].head, graph.facts[i].tail])]);
    return { nodes, fact: (i) => chain.has(i), named: (i) => chain.has(i) };
  }
  if (state.factIndex !== null) {
    const fact = graph.facts[state.factIndex];
    return { nodes: new Set([fact.head, fact.tail]), fact: (i) => i === state.factIndex, named: (i) => i === state.factIndex };
  }
  const within = (nodes) => (i) => nodes.has(graph.facts[i].head) && nodes.has(graph.facts[i].tail);
  if (state.nodeIndex === null) {
    if (state.group === null) return null;
    const nodes = new Set(graph.groups[state.group]);
    return { nodes, fact: within(nodes), named: () => false };
  }
  const nodes = around(state.nodeIndex, state.steps, admitted);
  return {
    nodes,
    fact: within(nodes),
    named: (i) => graph.facts[i].head === state.nodeIndex || graph.facts[i].tail === state.nodeIndex,
    crowded: graph.entities[state.nodeIndex].facts.length > 12, // their words would hide each other; the panel has them
  };
}

/** Bring what is drawn into line with the state: filters, selection, language and colours. */
function draw() {
  const ink = {
    paper: token('--paper'),
    label: token('--ink'),
    line: token('--line-drawn'),
    faint: token('--line-faint'),
    strong: token('--line-strong'),
    accent: token('--accent'),
    face: token('--sans'),
  };
  drawing.ink = ink;
  const light = lit();
  const alone = state.only && light ? light.nodes : null;
  if (alone) reveal([...alone].slice(0, 400));
  const wanted = new Set([...drawing.shown].filter((i) => (alone ? alone.has(i) : visible(i))));
  Object.assign(drawing, { wanted, ranked: rankNames(wanted, light) });
  const facts = graph.facts.flatMap((fact, i) => (sieve().facts[i] && wanted.has(fact.head) && wanted.has(fact.tail) ? [i] : []));
  Object.assign(drawing, { facts, outlines: outlinesOfGroups() });
  drawing.board.update(wanted, facts, light, ink);
  byId('status').textContent = t('graph.status', { nodes: count(wanted.size), edges: count(facts.length) });
  const partial = drawing.shown.size < graph.entities.length;
  const left = graph.left.entities > 0;
  byId('partial').hidden = !partial && !left;
  const words = { total: count(graph.entities.length), shown: count(drawing.shown.size), left: count(graph.left.entities ?? 0), facts: count(graph.left.facts ?? 0) };
  byId('partial').textContent = [partial ? t('graph.partial', words) : '', left ? t('graph.left', words) : ''].filter(Boolean).join(' ');
  byId('empty').hidden = wanted.size > 0;
  byId('empty').firstElementChild.textContent = t(graph.entities.length ? 'graph.none' : 'graph.empty');
}

/** The room that an entity takes with its name, around its place. */
function room(i, { x, y } = places[i]) {
  const [half, below] = [Math.max(places[i].size, nameWidth(i) * places[i].font.size / 2), places[i].label.split('\n').length * places[i].font.size * 1.25];
  return { left: x - half, right: x + half, top: y - places[i].size, bottom: y + places[i].size + below + 4 };
}

/** A free place on the rings around a point. */
function freePlace(i, centre, taken) {
  for (let ring = 1; ring < 400; ring += 1) {
    const steps = 5 + 3 * ring;
    for (let step = 0; step < steps; step += 1) {
      const angle = (2 * Math.PI * (step + (ring % 2) / 2)) / steps;
      const at = { x: Math.round(centre.x + (60 + 70 * ring) * Math.cos(angle)), y: Math.round(centre.y + (40 + 60 * ring) * Math.sin(angle)) };
      const box = room(i, at);
      if (!taken.some((b) => collide(box, b))) return at;
    }
  }
  return centre;
}

/** Draw more entities, each near one that it has a fact with. */
function reveal(indices) {
  const missing = indices.filter((i) => !drawing.shown.has(i));
  if (!missing.length) return;
  const taken = [...drawing.shown].map((i) => room(i));
  const edge = { x: taken.reduce((right, b) => Math.max(right, b.right), 0) + 300, y: 0 }; // for what has no neighbour in the drawing
  for (const i of missing) {
    if (places[i].x === undefined) {
      const near = [...graph.entities[i].neighbours].find((other) => drawing.shown.has(other));
      Object.assign(places[i], freePlace(i, near === undefined ? edge : places[near], taken));
    }
    taken.push(room(i));
    drawing.shown.add(i);
  }
}

/** The neighbours of an entity that are not drawn, the most connected first. */
function undrawn(index) {
  return heaviest([...graph.entities[index].neighbours].filter((i) => !drawing.shown.has(i)), Infinity);
}

/** The place and scale that bring `nodes` into view. */
function frame(nodes, most) {
  const canvas = byId('drawing');
  const range = (axis) => nodes.reduce(([low, high], i) => [Math.min(low, places[i][axis]), Math.max(high, places[i][axis])], [Infinity, -Infinity]);
  const [[left, right], [top, bottom]] = [range('x'), range('y')];
  const scale = Math.min(most, canvas.clientWidth / (right - left + 220), canvas.clientHeight / (bottom - top + 170));
  return { position: { x: (left + right) / 2, y: (top + bottom) / 2 + 12 }, scale };
}

/** Bring the selected entity with its surroundings, or the selected fact, path or community, into view. */
function approach() {
  const nodes = [...lit().nodes].filter((i) => drawing.wanted.has(i));
  if (!nodes.length || byId('view-graph').hidden) return;
  let view = frame(nodes, 1.3);
  if (view.scale < 0.55 && state.nodeIndex !== null && !state.only) view = { ...frame([state.nodeIndex], 0.75) };
  drawing.board.moveTo(view, motion());
}

/** Show the most connected part, or everything. */
function fit(all, animated = motion()) {
  const focus = graph.focus.filter((i) => drawing.wanted.has(i));
  const nodes = all || !focus.length ? [...drawing.wanted] : focus;
  if (nodes.length) drawing.board.moveTo(frame(nodes, 1.2), animated);
  drawing.fitted = true;
}

/** A colour for a community: hues a golden angle apart, so that neighbours in number differ. */
const groupColor = (group, alpha) => `hsl(${Math.round((group * 137.5 + 20) % 360)} 60% 50% / ${alpha})`;

/** The outline around points: a convex hull, by Andrew's monotone chain. */
function hull(points) {
  const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y);
  const turn = (o, a, b) => (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);
  const half = (list) => {
    const chain = [];
    for (const point of list) {
      while (chain.length > 1 && turn(chain.at(-2), chain.at(-1), point) <= 0) chain.pop();
      chain.push(point);
    }
    return chain.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.reverse())];
}

/** The outlines of the communities that are drawn, where they are asked for. */
function outlinesOfGroups() {
  if (!state.groups && state.group === null) return [];
  const asked = state.groups ? graph.groups.map((_, i) => i) : [state.group];
  const margin = [0, 1, 2, 3, 4, 5, 6, 7].map((n) => ({ x: 42 * Math.cos((n * Math.PI) / 4), y: 42 * Math.sin((n * Math.PI) / 4) }));
  const padded = (i) => margin.map(({ x, y }) => ({ x: places[i].x + x, y: places[i].y + y }));
  return asked.map((group) => ({ group, points: hull(graph.groups[group].filter((i) => drawing.wanted.has(i)).flatMap(padded)) })).filter(({ points }) => points.length);
}

/** Paint the communities below everything else; the board calls this before each frame with its pen. */
function paintGroups(pen) {
  if (drawing.moving || drawing.wanted.size < 600) drawing.outlines = outlinesOfGroups(); // nodes may have been dragged
  for (const { group, points } of drawing.outlines) {
    pen.beginPath();
    points.forEach(({ x, y }, n) => (n ? pen.lineTo(x, y) : pen.moveTo(x, y)));
    pen.closePath();
    pen.fillStyle = groupColor(group, 0.14);
    pen.fill();
  }
}

function wireDrawing() {
  const picked = (node, edge) => {
    if (node !== undefined) choose(node);
    else if (edge !== undefined) go({ ...NOTHING, fact: factId(graph.facts[edge]) });
    else if (state.node || state.fact || state.path.length || state.group !== null) go(NOTHING);
  };
  const hovered = (node) => { drawing.hovered = node; };
  drawing.ink.face = token('--sans');
  drawing.board = (window.ForceGraph ? canvasBoard : visBoard)({ picked, hovered });
  const zoom = (factor) => () => drawing.board.moveTo({ scale: Math.min(4, Math.max(0.005, drawing.board.scale() * factor)) }, motion());
  byId('in').addEventListener('click', zoom(1.4));
  byId('out').addEventListener('click', zoom(1 / 1.4));
  byId('fit').addEventListener('click', () => fit(false));
  byId('all').addEventListener('click', () => fit(true));
  byId('png').addEventListener('click', savePng);
  byId('svg').addEventListener('click', saveSvg);
  byId('groups').addEventListener('click', () => go({ groups: state.groups ? null : '1' }));
  byId('physics').addEventListener('click', () => {
    drawing.moving = !drawing.moving;
    byId('physics').setAttribute('aria-pressed', String(drawing.moving));
    drawing.board.physics(drawing.moving);
  });
}
