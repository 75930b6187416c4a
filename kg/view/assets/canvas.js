// The board for large graphs: force-graph, which carries tens of thousands of nodes on an ordinary canvas.

const outlines = Object.fromEntries(Object.entries(SHAPES).map(([name, path]) => [name, new Path2D(path)]));
const FAR_AWAY = 0.2; // scale below which the drawing is a map of communities
const NEAR = 4; // pixels from which on a node shows its shape, and a line its arrow

function canvasBoard({ picked, hovered }) {
  const box = byId('drawing');
  const nodes = graph.entities.map((_, id) => ({ id, x: places[id].x, y: places[id].y, fx: places[id].x, fy: places[id].y }));
  const links = graph.facts.map((fact, id) => ({ id, source: fact.head, target: fact.tail }));
  let [wanted, kept, light, ink, view] = [new Set(), new Set(), null, {}, null];
  const net = new ForceGraph(box);

  const lit = (i) => !light || light.nodes.has(i);
  const inSight = ({ x, y }) => x > view.left && x < view.right && y > view.top && y < view.bottom;

  const under = (event) => net.screen2GraphCoords(event.offsetX, event.offsetY);

  function paintNode({ id, x, y }, pen, scale) {
    const { size } = places[id];
    if (view && (x + size < view.left || x - size > view.right || y + size < view.top || y - size > view.bottom)) return;
    const kind = classOf(graph.entities[id]);
    const chosen = id === state.nodeIndex;
    pen.globalAlpha = lit(id) ? 1 : 0.16;
    pen.fillStyle = kind.color;
    if (size * scale < NEAR && !chosen) {
      const half = Math.max(size, 1.3 / scale);
      pen.fillRect(x - half, y - half, 2 * half, 2 * half);
    } else {
      const [room, unit] = [chosen ? Math.max(size, 9 / scale) : size, 9];
      pen.translate(x, y);
      pen.scale(room / unit, room / unit);
      pen.translate(-10, -10);
      pen.fill(outlines[kind.shape] ?? outlines.dot);
      if (chosen || state.pin.has(graph.entities[id].id)) {
        pen.lineWidth = 3;
        pen.strokeStyle = chosen ? ink.accent : ink.label;
        pen.stroke(outlines[kind.shape] ?? outlines.dot);
      }
      pen.translate(10, 10);
      pen.scale(unit / room, unit / room);
      pen.translate(-x, -y);
    }
    pen.globalAlpha = 1;
  }

  /** The relations of the selected entity, in words on their lines. */
  function writeRelations(pen, scale) {
    if (!light || light.crowded) return;
    Object.assign(pen, { font: `${12 / scale}px ${ink.face}`, textAlign: 'center', textBaseline: 'middle', lineWidth: 4 / scale, strokeStyle: ink.paper, fillStyle: ink.label });
    for (const i of kept) {
      if (!light.named(i)) continue;
      const [a, b] = [places[graph.facts[i].head], places[graph.facts[i].tail]];
      const words = label(relationOf(graph.facts[i]));
      pen.strokeText(words, (a.x + b.x) / 2, (a.y + b.y) / 2);
      pen.fillText(words, (a.x + b.x) / 2, (a.y + b.y) / 2);
    }
  }

  const within = graph.facts.map((fact) => graph.entities[fact.head].group === graph.entities[fact.tail].group);
  const lineColor = ({ id }) => {
    if (light?.named(id)) return ink.strong;
    if (light) return light.fact(id) ? ink.line : ink.faint;
    if (net.zoom() > FAR_AWAY) return ink.line;
    return within[id] ? ink.line : ink.faint; // from afar what joins the communities would cover them
  };
  net
    .width(box.clientWidth || 800).height(box.clientHeight || 600)
    .nodeRelSize(1).nodeVal(({ id }) => places[id].size ** 2)
    .nodeCanvasObject(paintNode)
    .nodePointerAreaPaint(({ id, x, y }, color, pen) => {
      const { size } = places[id];
      pen.fillStyle = color;
      pen.fillRect(x - size, y - size, 2 * size, 2 * size);
    })
    .linkPointerAreaPaint(({ source, target }, color, pen, scale) => {
      if (scale < FAR_AWAY || !(inSight(source) || inSight(target))) return;
      Object.assign(pen, { strokeStyle: color, lineWidth: 6 / scale });
      pen.beginPath();
      pen.moveTo(source.x, source.y);
      pen.lineTo(target.x, target.y);
      pen.stroke();
    })
    .nodeLabel(({ id }) => el('div', { class: 'tip' }, nodeWords(id)))
    .linkLabel(({ id }) => el('div', { class: 'tip' }, factWords(graph.facts[id])))
    .linkCurvature(({ id }) => lines[id].smooth?.roundness ?? 0)
    .linkDirectionalArrowRelPos(1)
    .linkDirectionalArrowLength(({ id }) => (net.zoom() > 0.35 && (!light || light.fact(id)) ? 9 : 0))
    .linkLineDash(({ id }) => (state.wrong.size && state.wrong.has(factId(graph.facts[id])) ? [4, 3] : null))
    .linkWidth(({ id }) => (light?.named(id) ? 1.8 : 0.7))
    .minZoom(0.005).maxZoom(4)
    .cooldownTicks(0).warmupTicks(0)
    .onRenderFramePre((pen) => {
      view = inView();
      paintGroups(pen);
    })
    .onRenderFramePost((pen, scale) => {
      writeRelations(pen, scale);
      writeNames(pen);
    })
    .onNodeHover((node) => hovered(node ? node.id : null))
    .onNodeDrag((node) => Object.assign(places[node.id], { x: node.x, y: node.y }))
    .onNodeClick(({ id }) => picked(id))
    .onLinkClick(({ id }, event) => picked(nameAt(under(event)), id))
    .onBackgroundClick((event) => picked(nameAt(under(event))))
    .graphData({ nodes, links });
  new ResizeObserver(() => {
    if (box.clientWidth) net.width(box.clientWidth).height(box.clientHeight);
  }).observe(box);
  box.tabIndex = 0;
  box.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: [-60, 0], ArrowRight: [60, 0], ArrowUp: [0, -60], ArrowDown: [0, 60] }[event.key];
    const factor = { '+': 1.25, '=': 1.25, '-': 0.8 }[event.key];
    if (step) {
      const { x, y } = net.centerAt();
      net.centerAt(x + step[0] / net.zoom(), y + step[1] / net.zoom());
    } else if (factor) net.zoom(net.zoom() * factor);
    else return;
    event.preventDefault();
  });

  return {
    update(nextWanted, facts, nextLight, nextInk) {
      [wanted, kept, light, ink] = [nextWanted, new Set(facts), nextLight, nextInk];
      net.nodeVisibility(({ id }) => wanted.has(id))
        .linkVisibility(({ id, source, target }) => kept.has(id) && (!view || typeof source !== 'object' || net.zoom() < 0.1 || inSight(source) || inSight(target)))
        .linkColor(lineColor);
    },
    scale: () => net.zoom(),
    toDrawing: ({ x, y }) => net.screen2GraphCoords(x, y),
    moveTo({ position, scale }, animated) {
      if (position) net.centerAt(position.x, position.y, animated ? 350 : 0);
      net.zoom(scale, animated ? 350 : 0);
    },
    redraw: () => net.linkColor(lineColor),
    physics(on) {
      for (const node of nodes) {
        const held = !on || state.pin.has(graph.entities[node.id].id);
        Object.assign(node, { fx: held ? node.x : undefined, fy: held ? node.y : undefined });
      }
      net.cooldownTicks(on ? Infinity : 0).onEngineTick(on ? () => nodes.forEach(({ id, x, y }) => Object.assign(places[id], { x, y })) : () => {});
      if (on) net.d3ReheatSimulation();
    },
  };
}
