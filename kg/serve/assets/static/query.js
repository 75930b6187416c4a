// The page to write queries on: a list of questions, an editor, and the answer as a table. Answers are put in as text.
'use strict';

const asking = document.getElementById('asking');
const { root, things, language } = asking.dataset;
const ui = JSON.parse(asking.dataset.strings);
const answer = document.getElementById('answer');
const state = document.getElementById('state');
const menu = document.getElementById('question');

const editor = CodeMirror.fromTextArea(document.getElementById('sparql'), {
  mode: 'application/sparql-query',
  lineNumbers: true,
  lineWrapping: true,
  matchBrackets: true,
  extraKeys: { 'Ctrl-Enter': run, 'Cmd-Enter': run, Tab: false, 'Shift-Tab': false },
});
editor.getInputField().setAttribute('aria-label', ui.query_hint);

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function cell(term) {
  if (!term) return element('td', {});
  if (term.type === 'uri' && term.value.startsWith(things)) {
    const name = term.value.slice(things.length);
    return element('td', {}, element('a', { href: `${root}/id/${encodeURIComponent(name)}` }, name));
  }
  return element('td', {}, element('bdi', { className: term.type === 'uri' ? 'iri' : '' }, term.value));
}

function table(found) {
  const columns = found.head.vars;
  const head = element('tr', {}, ...columns.map((name) => element('th', { scope: 'col' }, name)));
  const rows = found.results.bindings.map((row) => element('tr', {}, ...columns.map((name) => cell(row[name]))));
  return element('table', {}, element('thead', {}, head), element('tbody', {}, ...rows));
}

function show(type, text) {
  if (!type.includes('json')) {
    answer.append(element('pre', {}, text));
    return;
  }
  const found = JSON.parse(text);
  if ('boolean' in found) {
    answer.append(element('p', {}, found.boolean ? ui.true : ui.false));
    return;
  }
  const count = found.results.bindings.length;
  state.textContent = count ? ui.rows.replace('{count}', count) : ui.no_rows;
  if (count) answer.append(table(found));
}

async function run() {
  answer.replaceChildren();
  state.textContent = ui.running;
  try {
    const response = await fetch(`${root}/sparql`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/sparql-query',
        Accept: 'application/sparql-results+json, text/turtle;q=0.9',
      },
      body: editor.getValue(),
    });
    const text = await response.text();
    state.textContent = '';
    if (response.ok) show(response.headers.get('Content-Type'), text);
    else answer.append(element('p', { className: 'wrong', role: 'alert' }, text));
  } catch {
    state.textContent = ui.failed;
  }
}

async function list() {
  const response = await fetch(`${root}/api/questions`);
  if (!response.ok) return;
  const { questions } = await response.json();
  menu.append(...questions.map((one) => element('option', { value: one.sparql }, language === 'zh' ? one.zh : one.en)));
  menu.addEventListener('change', () => {
    if (!menu.value) return;
    editor.setValue(menu.value);
    run();
  });
}

document.getElementById('run').addEventListener('click', run);
list();
