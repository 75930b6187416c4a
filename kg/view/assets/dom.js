// Elements, words and numbers. Text reaches the page through text nodes only, never as markup.

const json = (id) => JSON.parse(document.getElementById(id).textContent);
const strings = json('data-strings');
const byId = (id) => document.getElementById(id);

let language = 'zh';

/** The words for `key` in the language of the page, with {names} filled in. */
function t(key, values = {}) {
  const text = strings[language][key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ''));
}

/** An element; a property that is a function is a listener, `class` and names with a dash are attributes. */
function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === 'function') node.addEventListener(name, value);
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

/** Words of a source: Chinese whatever the language of the page, and set apart from the direction around them. */
function source(text, tag = 'bdi', properties = {}) {
  return el(tag, { lang: 'zh-CN', ...properties }, text);
}

/** Colour without a style attribute, which the page's policy forbids. */
function paint(node, name, value) {
  node.style.setProperty(name, value);
  return node;
}

const SHAPES = {
  dot: 'M10 3a7 7 0 1 0 .01 0z',
  square: 'M4 4h12v12H4z',
  triangle: 'M10 3l8 14H2z',
  triangleDown: 'M2 3h16l-8 14z',
  diamond: 'M10 1.5l8.5 8.5-8.5 8.5L1.5 10z',
  hexagon: 'M6 3h8l4.2 7-4.2 7H6L1.8 10z',
  star: 'M10 1.5l2.6 5.6 6.1.7-4.5 4.2 1.2 6.1-5.4-3-5.4 3 1.2-6.1L1.3 7.8l6.1-.7z',
};

/** The sign of a class, as it stands in the drawing. */
function sign(kind) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 20 20');
  svg.setAttribute('class', 'sign');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', SHAPES[kind.shape] ?? SHAPES.dot);
  path.setAttribute('fill', kind.color);
  svg.append(path);
  return svg;
}

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 20 });

/** A number as people read it: 13.1万 in Chinese, 131,000 in English; never with fewer digits than the data has. */
function number(text) {
  const value = Number(text);
  for (const unit of [1e8, 1e4]) {
    const scaled = Number((value / unit).toPrecision(12));
    const short = Number.isInteger(Number((scaled * 1e4).toPrecision(15)));
    if (t(`number.${unit}`) && Math.abs(value) >= unit && short) return grouped.format(scaled) + t(`number.${unit}`);
  }
  return Number.isSafeInteger(Math.trunc(value)) ? grouped.format(value) : text;
}

/** The number of things, for a count in a sentence. */
const count = (n) => grouped.format(n);

/** Fill every element that names its words: its text, label, tooltip or placeholder. */
function translate() {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  document.title = t('title');
  for (const node of document.querySelectorAll('[data-text]')) node.textContent = t(node.dataset.text);
  for (const node of document.querySelectorAll('[data-label]')) {
    node.setAttribute('aria-label', t(node.dataset.label));
    if (node.tagName === 'BUTTON') node.title = t(node.dataset.label);
  }
  for (const node of document.querySelectorAll('[data-placeholder]')) node.placeholder = t(node.dataset.placeholder);
}
