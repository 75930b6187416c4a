// The board for graphs of ordinary size: vis-network. A board draws what drawing.js tells it, and reports clicks.

function visBoard({ picked, hovered }) {
  const [nodes, edges] = [new vis.DataSet(), new vis.DataSet()];
  const network = new vis.Network(byId('drawing'), { nodes, edges }, JSON.parse(json('data-options')));
  let moving = false;

  network.on('beforeDrawing', (pen) => {
    if (moving) for (const [i, at] of Object.entries(network.getPositions())) Object.assign(places[i], at);
    paintGroups(pen);
  });
  network.on('afterDrawing', writeNames);
  network.on('hoverNode', ({ node }) => hovered(node));
  network.on('blurNode', () => hovered(null));
  network.on('dragging', (event) => event.nodes.forEach((i) => Object.assign(places[i], network.getPosition(i))));
  network.on('click', (event) => picked(event.nodes[0] ?? nameAt(event.pointer.canvas), event.edges[0]));
  const cursor = (value) => () => paint(byId('drawing'), 'cursor', value);
  for (const kind of ['Node', 'Edge']) {
    network.on(`hover${kind}`, cursor('pointer'));
    network.on(`blur${kind}`, cursor('default'));
  }

  function nodeLook(i, light, ink) {
    const kind = classOf(graph.entities[i]);
    const chosen = i === state.nodeIndex;
    const pinned = state.pin.has(graph.entities[i].id);
    let border = kind.border;
    if (pinned) border = ink.label;
    if (chosen) border = ink.accent;
    return {
      ...places[i],
      label: undefined, // see writeNames
      shape: kind.shape,
      fixed: pinned,
      opacity: !light || light.nodes.has(i) ? 1 : 0.16,
      borderWidth: chosen || pinned ? 4 : 1,
      color: { background: kind.color, border },
      title: nodeWords(i),
    };
  }

  function edgeLook(i, light, ink) {
    const fact = graph.facts[i];
    const named = light?.named(i);
    let opacity = 0.75;
    if (light) opacity = light.fact(i) ? 1 : 0.1;
    return {
      ...lines[i],
      label: named && !light.crowded ? label(relationOf(fact)) : ' ',
      width: named ? 1.9 : 1.3,
      dashes: state.wrong.has(factId(fact)),
      color: { color: named ? ink.strong : ink.line, highlight: ink.accent, hover: ink.strong, opacity },
      font: { color: ink.label, strokeColor: ink.paper, face: ink.face },
      title: factWords(fact),
    };
  }

  return {
    update(wanted, facts, light, ink) {
      const kept = new Set(facts);
      edges.remove(edges.getIds().filter((i) => !kept.has(i)));
      nodes.remove(nodes.getIds().filter((i) => !wanted.has(i)));
      nodes.update([...wanted].map((i) => nodeLook(i, light, ink)));
      edges.update(facts.map((i) => edgeLook(i, light, ink)));
    },
    scale: () => network.getScale(),
    toDrawing: (point) => network.DOMtoCanvas(point),
    moveTo: (view, animated) => network.moveTo({ ...view, animation: animated ? { duration: 350, easingFunction: 'easeInOutQuad' } : false }),
    redraw: () => network.redraw(),
    physics(on) {
      moving = on;
      network.setOptions({ physics: { enabled: on } });
    },
  };
}
