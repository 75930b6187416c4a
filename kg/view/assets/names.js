// The names in the drawing: never smaller than legible, never on top of each other, the best connected first.

const LEGIBLE = 12; // pixels on the screen
const names = []; // where each name stands, in the coordinates of the drawing
const widths = new Map();
const FAR = 400; // from afar at most so many names are tried, or a large graph would be slow to draw
const ruler = document.createElement('canvas').getContext('2d');

const collide = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
const byWeight = graph.entities.map((_, i) => i).sort((a, b) => graph.entities[b].facts.length - graph.entities[a].facts.length || a - b);

/** The width of an entity's name in ems. */
function nameWidth(i) {
  if (!widths.has(i)) {
    ruler.font = `100px ${drawing.ink.face}`;
    widths.set(i, Math.max(...places[i].label.split('\n').map((line) => ruler.measureText(line).width / 100)));
  }
  return widths.get(i);
}

/** Which names may be written, the most wanted first; `drawn` is what is drawn, `light` what is lit of it. */
function rankNames(drawn, light) {
  const rest = byWeight.filter((i) => drawn.has(i) && i !== state.nodeIndex && (!light || light.nodes.has(i)));
  return state.nodeIndex !== null && drawn.has(state.nodeIndex) ? [state.nodeIndex, ...rest] : rest;
}

function writeName(pen, i, box, size) {
  pen.font = `${i === state.nodeIndex ? 600 : 400} ${size}px ${drawing.ink.face}`;
  pen.lineWidth = size / 3.5;
  const x = (box.left + box.right) / 2;
  places[i].label.split('\n').forEach((line, n) => {
    pen.strokeText(line, x, box.text + n * size * 1.22);
    pen.fillText(line, x, box.text + n * size * 1.22);
  });
}

/** What part of the drawing is in view. */
function inView() {
  const canvas = byId('drawing');
  const [from, to] = [drawing.board.toDrawing({ x: 0, y: 0 }), drawing.board.toDrawing({ x: canvas.clientWidth, y: canvas.clientHeight })];
  return { left: from.x, top: from.y, right: to.x, bottom: to.y };
}

/** Write the names onto the drawing; the board calls this after each frame with its pen. */
function writeNames(pen) {
  const { ink } = drawing;
  const scale = drawing.board.scale();
  const view = inView();
  let tried = 0;
  names.length = 0;
  Object.assign(pen, { textAlign: 'center', textBaseline: 'top', lineJoin: 'round', strokeStyle: ink.paper, fillStyle: ink.label });
  const wanted = drawing.hovered === null ? drawing.ranked : [drawing.hovered, ...drawing.ranked.filter((i) => i !== drawing.hovered)];
  for (const i of wanted) {
    const { x, y } = places[i];
    if (x < view.left - 300 / scale || x > view.right + 300 / scale || y < view.top - 80 / scale || y > view.bottom) continue;
    if (scale < 0.5 && (tried += 1) > FAR) break;
    const least = LEGIBLE + (places[i].font.size - 13) / 3; // a hub reads larger, from afar too
    const size = Math.min(Math.max(places[i].font.size, least / scale), 30 / scale);
    const half = (nameWidth(i) * size) / 2;
    const text = y + places[i].size + 3 / scale;
    const box = { left: x - half, right: x + half, top: text, bottom: text + places[i].label.split('\n').length * size * 1.22, text };
    const apart = scale < 0.7 && i !== drawing.hovered && i !== state.nodeIndex ? 9 / scale : 0; // from afar few names, and room to see between them
    const around = { left: box.left - apart, right: box.right + apart, top: y - places[i].size, bottom: box.bottom + apart };
    if (!collide(box, view) || names.some((other) => collide(around, other.box))) continue;
    names.push({ i, box, size });
    writeName(pen, i, box, size);
  }
}

/** The entity whose name is at a point of the drawing. */
function nameAt({ x, y }) {
  return names.find(({ box }) => box.left <= x && x <= box.right && box.top <= y && y <= box.bottom)?.i;
}
