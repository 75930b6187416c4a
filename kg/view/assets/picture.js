// The picture of what is in view, as PNG or as SVG.

function save(blob, name) {
  const link = el('a', { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function savePng() {
  const canvas = byId('drawing').querySelector('canvas');
  const copy = el('canvas', { width: canvas.width, height: canvas.height });
  const pen = copy.getContext('2d');
  pen.fillStyle = token('--paper');
  pen.fillRect(0, 0, copy.width, copy.height);
  pen.drawImage(canvas, 0, 0);
  copy.toBlob((blob) => save(blob, 'graph.png'));
}

function svg(tag, properties, ...children) {
  const node = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(properties)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** An edge: straight, or on the arc that keeps it apart from its parallels; with an arrow before its target. */
function svgEdge(i, scale, light) {
  const fact = graph.facts[i];
  const [a, b] = [places[fact.head], places[fact.tail]];
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const bend = lines[i].smooth?.roundness ?? 0;
  const mid = { x: (a.x + b.x) / 2 + dy * bend, y: (a.y + b.y) / 2 - dx * bend };
  const from = Math.hypot(b.x - mid.x, b.y - mid.y) || 1;
  const tip = { x: b.x - ((b.x - mid.x) / from) * b.size, y: b.y - ((b.y - mid.y) / from) * b.size };
  return svg('path', {
    d: `M${a.x} ${a.y}Q${mid.x} ${mid.y} ${tip.x} ${tip.y}`,
    opacity: !light || light.fact(i) ? 0.8 : 0.1,
    'stroke-width': (light?.named(i) ? 1.9 : 1.1) / Math.max(scale, 0.3),
    'marker-end': 'url(#arrow)',
  });
}

function svgNode(i, light) {
  const { x, y, size } = places[i];
  const kind = classOf(graph.entities[i]);
  return svg('path', { d: SHAPES[kind.shape] ?? SHAPES.dot, fill: kind.color, opacity: !light || light.nodes.has(i) ? 1 : 0.16, transform: `translate(${x} ${y}) scale(${size / 9}) translate(-10 -10)` });
}

function svgName({ i, box, size }) {
  const rows = places[i].label.split('\n').map((line, n) => svg('tspan', { x: (box.left + box.right) / 2, y: box.text + size * (0.9 + 1.22 * n) }, line));
  return svg('text', { 'font-size': size, 'stroke-width': size / 3.5 }, ...rows);
}

/** What is in view as an SVG document, whose words stay words. */
function svgPicture() {
  const [view, scale, light, { ink }] = [inView(), drawing.board.scale(), lit(), drawing];
  const near = ({ x, y }) => x > view.left - 200 && x < view.right + 200 && y > view.top - 200 && y < view.bottom + 200;
  const edges = drawing.facts.filter((i) => near(places[graph.facts[i].head]) || near(places[graph.facts[i].tail]));
  const nodes = [...drawing.wanted].filter((i) => near(places[i]));
  const [wide, high] = [view.right - view.left, view.bottom - view.top];
  const outlined = outlinesOfGroups().map(({ group, points }) => svg('polygon', { points: points.map(({ x, y }) => `${x},${y}`).join(' '), fill: groupColor(group, 0.14) }));
  const arrow = svg('marker', { id: 'arrow', viewBox: '0 0 10 10', refX: 9, refY: 5, markerWidth: 9, markerHeight: 9, markerUnits: 'userSpaceOnUse', orient: 'auto' }, svg('path', { d: 'M0 1L10 5L0 9z', fill: ink.line }));
  return svg('svg', { viewBox: `${view.left} ${view.top} ${wide} ${high}`, width: Math.round(wide * scale), height: Math.round(high * scale) },
    svg('defs', {}, arrow),
    svg('rect', { x: view.left, y: view.top, width: wide, height: high, fill: ink.paper }),
    ...outlined,
    svg('g', { fill: 'none', stroke: ink.line }, ...edges.map((i) => svgEdge(i, scale, light))),
    svg('g', {}, ...nodes.map((i) => svgNode(i, light))),
    svg('g', { 'text-anchor': 'middle', 'font-family': ink.face, fill: ink.label, stroke: ink.paper, 'stroke-linejoin': 'round', 'paint-order': 'stroke' }, ...names.map(svgName)));
}

function saveSvg() {
  const text = new XMLSerializer().serializeToString(svgPicture());
  save(new Blob([`<?xml version="1.0" encoding="UTF-8"?>\n${text}\n`], { type: 'image/svg+xml' }), 'graph.svg');
}
