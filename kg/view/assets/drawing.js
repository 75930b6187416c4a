// The drawing: vis-network over the nodes and edges that pyvis prepared, each at its computed place.

const places = json('data-nodes');
const lines = json('data-edges');
const still = matchMedia('(prefers-reduced-motion: reduce)');

const drawing = {
  network: null,
  nodes: new vis.DataSet(),
  edges: new vis.DataSet(),
  shown: new Set(graph.shown),
  fitted: false,
  hovered: null,
  ranked: [],
  ink: {},
};

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const motion = () => (still.matches ? false : { duration: 350, easingFunction: 'easeInOutQuad' });

/** Whether the filters let a fact be seen. */
function admitted(fact) {
  return (
    !state.norel.has(relationOf(fact).name) &&
    !state.noclass.has(classOf(graph.entities[fact.head]).name) &&
    !state.noclass.has(classOf(graph.entities[fact.tail]).name)
  );
}

/** Whether the filters let an entity be seen; one whose every fact they hide goes with its facts. */
function visible(index) {
  const entity = graph.entities[index];
  if (index === state.nodeIndex) return true;
  if (state.noclass.has(classOf(entity).name)) return false;
  return !state.norel.size || !entity.facts.length || entity.facts.some((i) => !state.norel.has(relationOf(graph.facts[i]).name));
}

/** What is lit: the nodes and facts that the selection speaks of, or null where nothing is selected. */
function lit() {
  if (state.factIndex !== null) {
    const fact = graph.facts[state.factIndex];
    return { nodes: new Set([fact.head, fact.tail]), fact: (i) => i === state.factIndex, named: (i) => i === state.factIndex };
  }
  if (state.nodeIndex === null) return null;
  const nodes = around(state.nodeIndex, state.steps, admitted);
  return {
    nodes,
    fact: (i) => nodes.has(graph.facts[i].head) && nodes.has(graph.facts[i].tail),
    named: (i) => graph.facts[i].head === state.nodeIndex || graph.facts[i].tail === state.nodeIndex,
    crowded: graph.entities[state.nodeIndex].facts.length > 12, // their words would hide each other; the panel has them
  };
}

function nodeLook(i, light, ink) {
  const lighted = !light || light.nodes.has(i);
  const chosen = i === state.nodeIndex;
  const place = places[i];
  const entity = graph.entities[i];
  const figures = { class: label(classOf(entity)), facts: count(entity.facts.length), figures: count(entity.figures.length) };
  return {
    ...place,
    label: undefined, // see writeNames
    opacity: lighted ? 1 : 0.16,
    borderWidth: chosen ? 4 : 1,
    color: { ...place.color, border: chosen ? ink.accent : place.color.border },
    title: `${nameOf(entity)}\n${t('node.title', figures)}`,
  };
}

function edgeLook(i, light, ink) {
  const fact = graph.facts[i];
  const lighted = light?.fact(i);
  const named = light?.named(i);
  let opacity = 0.75;
  if (light) opacity = lighted ? 1 : 0.1;
  return {
    ...lines[i],
    label: named && !light.crowded ? label(relationOf(fact)) : ' ',
    width: named ? 1.9 : 1.3,
    dashes: fact.modality !== null,
    color: { color: named ? ink.strong : ink.line, highlight: ink.accent, hover: ink.strong, opacity },
    font: { color: ink.label, strokeColor: ink.paper, face: ink.face },
    title: `${nameOf(graph.entities[fact.head])} ${label(relationOf(fact))} ${nameOf(graph.entities[fact.tail])}`,
  };
}

/** Bring what is drawn into line with the state: filters, selection, language and colours. */
function draw() {
  const ink = {
    paper: token('--paper'),
    label: token('--ink'),
    line: token('--line-drawn'),
    strong: token('--line-strong'),
    accent: token('--accent'),
    face: token('--sans'),
  };
  const light = lit();
  const wanted = new Set([...drawing.shown].filter(visible));
  Object.assign(drawing, { ink, ranked: rankNames(wanted, light) });
  const facts = [];
  graph.facts.forEach((fact, i) => {
    if (wanted.has(fact.head) && wanted.has(fact.tail) && !state.norel.has(relationOf(fact).name)) facts.push(i);
  });
  const kept = new Set(facts);
  drawing.edges.remove(drawing.edges.getIds().filter((i) => !kept.has(i)));
  drawing.nodes.remove(drawing.nodes.getIds().filter((i) => !wanted.has(i)));
  drawing.nodes.update([...wanted].map((i) => nodeLook(i, light, ink)));
  drawing.edges.update(facts.map((i) => edgeLook(i, light, ink)));
  byId('status').textContent = t('graph.status', { nodes: count(wanted.size), edges: count(facts.length) });
  const partial = drawing.shown.size < graph.entities.length;
  byId('partial').hidden = !partial;
  byId('partial').textContent = t('graph.partial', { total: count(graph.entities.length), shown: count(drawing.shown.size) });
  byId('empty').hidden = graph.entities.length > 0;
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
  const taken = [...drawing.shown].map((i) => room(i));
  const edge = { x: Math.max(0, ...taken.map((b) => b.right)) + 300, y: 0 }; // for what has no neighbour in the drawing
  for (const i of indices) {
    if (drawing.shown.has(i)) continue;
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
  const weight = (i) => graph.entities[i].facts.length;
  return [...graph.entities[index].neighbours]
    .filter((i) => !drawing.shown.has(i))
    .sort((a, b) => weight(b) - weight(a) || a - b);
}

/** The place and scale that bring the drawn ones of `nodes` into view, and whether that keeps them legible. */
function frame(nodes, most) {
  const points = Object.values(drawing.network.getPositions(nodes));
  const canvas = byId('drawing');
  const range = (axis) => [Math.min(...points.map((p) => p[axis])), Math.max(...points.map((p) => p[axis]))];
  const [[left, right], [top, bottom]] = [range('x'), range('y')];
  const scale = Math.min(most, canvas.clientWidth / (right - left + 220), canvas.clientHeight / (bottom - top + 170));
  return { position: { x: (left + right) / 2, y: (top + bottom) / 2 + 12 }, scale };
}

/** Bring the selected entity with its surroundings, or the selected fact, into view. */
function approach() {
  const drawn = (indices) => [...indices].filter((i) => drawing.nodes.get(i));
  const nodes = drawn(lit().nodes);
  if (!nodes.length || byId('view-graph').hidden) return;
  let view = frame(nodes, 1.3);
  if (view.scale < 0.55 && state.nodeIndex !== null) view = { ...frame([state.nodeIndex], 0.75) };
  drawing.network.moveTo({ ...view, animation: motion() });
}

/** Show the most connected part, or everything. */
function fit(all, animation = motion()) {
  const focus = graph.focus.filter((i) => drawing.nodes.get(i));
  const nodes = all || !focus.length ? drawing.nodes.getIds() : focus;
  if (nodes.length) drawing.network.moveTo({ ...frame(nodes, 1.2), animation });
  drawing.fitted = true;
}

/** The picture of what is in view, as a file. */
function picture() {
  const canvas = byId('drawing').querySelector('canvas');
  const copy = el('canvas', { width: canvas.width, height: canvas.height });
  const pen = copy.getContext('2d');
  pen.fillStyle = token('--paper');
  pen.fillRect(0, 0, copy.width, copy.height);
  pen.drawImage(canvas, 0, 0);
  copy.toBlob((blob) => save(blob, 'graph.png'));
}

function save(blob, name) {
  const link = el('a', { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function wireDrawing() {
  const options = JSON.parse(json('data-options'));
  drawing.network = new vis.Network(byId('drawing'), { nodes: drawing.nodes, edges: drawing.edges }, options);
  const { network } = drawing;
  network.on('afterDrawing', writeNames);
  network.on('hoverNode', ({ node }) => { drawing.hovered = node; });
  network.on('blurNode', () => { drawing.hovered = null; });
  network.on('dragging', ({ nodes }) => nodes.forEach((i) => Object.assign(places[i], network.getPosition(i))));
  network.on('click', ({ nodes, edges, pointer }) => {
    const node = nodes[0] ?? nameAt(pointer.canvas);
    if (node !== undefined) go({ node: graph.entities[node].id, fact: null });
    else if (edges.length) go({ node: null, fact: factId(graph.facts[edges[0]]) });
    else if (state.node || state.fact) go({ node: null, fact: null });
  });
  const cursor = (value) => () => paint(byId('drawing'), 'cursor', value);
  for (const kind of ['Node', 'Edge']) {
    network.on(`hover${kind}`, cursor('pointer'));
    network.on(`blur${kind}`, cursor('default'));
  }
  const zoom = (factor) => () => network.moveTo({ scale: Math.min(4, Math.max(0.02, network.getScale() * factor)), animation: motion() });
  byId('in').addEventListener('click', zoom(1.4));
  byId('out').addEventListener('click', zoom(1 / 1.4));
  byId('fit').addEventListener('click', () => fit(false));
  byId('all').addEventListener('click', () => fit(true));
  byId('picture').addEventListener('click', picture);
}
