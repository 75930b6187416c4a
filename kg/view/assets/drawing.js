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
    opacity: lighted ? 1 : 0.16,
    borderWidth: chosen ? 4 : 1,
    color: { ...place.color, border: chosen ? ink.accent : place.color.border },
    font: {
      ...place.font,
      color: lighted ? ink.label : 'rgba(0,0,0,0)',
      strokeColor: lighted ? ink.paper : 'rgba(0,0,0,0)',
      face: ink.face,
    },
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
    label: named ? label(relationOf(fact)) : ' ',
    width: named ? 1.8 : 1,
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

/** Draw more entities: those given, and nothing that is drawn already. */
function reveal(indices) {
  for (const i of indices) drawing.shown.add(i);
}

/** The neighbours of an entity that are not drawn, the most connected first. */
function undrawn(index) {
  const weight = (i) => graph.entities[i].facts.length;
  return [...graph.entities[index].neighbours]
    .filter((i) => !drawing.shown.has(i))
    .sort((a, b) => weight(b) - weight(a) || a - b);
}

/** Bring the selected entity or fact into view. */
function approach() {
  const target = state.factIndex === null ? [state.nodeIndex] : [graph.facts[state.factIndex].head, graph.facts[state.factIndex].tail];
  const present = target.filter((i) => drawing.nodes.get(i));
  if (!present.length || byId('view-graph').hidden) return;
  if (present.length === 1) {
    const scale = Math.min(1.4, Math.max(0.75, drawing.network.getScale()));
    drawing.network.focus(present[0], { scale, animation: motion() });
  } else drawing.network.fit({ nodes: present, maxZoomLevel: 1.1, animation: motion() });
}

/** Show the most connected part, or everything. */
function fit(all, animation = motion()) {
  const nodes = (all ? drawing.nodes.getIds() : graph.focus).filter((i) => drawing.nodes.get(i));
  if (drawing.nodes.length) drawing.network.fit({ nodes: nodes.length ? nodes : undefined, maxZoomLevel: 1.2, animation });
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
  network.on('click', ({ nodes, edges }) => {
    if (nodes.length) go({ node: graph.entities[nodes[0]].id, fact: null });
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
