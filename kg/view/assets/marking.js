// Facts that a reader finds wrong: marked here, and handed out as the lines of decisions.yaml that reject them.

/** The button that marks a fact as wrong. */
function wrongButton(index) {
  const id = factId(graph.facts[index]);
  const marked = state.wrong.has(id);
  const turn = () => go({ wrong: new Set(marked ? [...state.wrong].filter((other) => other !== id) : [...state.wrong, id]) });
  const words = t(marked ? 'wrong.unmark' : 'wrong.mark');
  return el('button', { type: 'button', class: 'plain wrong', 'aria-pressed': String(marked), 'aria-label': `${words}: ${factWords(graph.facts[index])}`, title: words, click: turn }, '✗');
}

/** A text as a YAML scalar in double quotes, which are JSON's but for characters that YAML does not print. */
const scalar = (text) => JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** The lines of decisions.yaml for the facts that are marked. */
function decisionLines(author, reason) {
  const now = new Date();
  const date = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, '0')).join('-');
  const thing = (entity) => `{name: ${scalar(nameOf(entity))}, class: ${scalar(classOf(entity).name)}}`;
  return [...state.wrong].map((id) => {
    const fact = graph.facts[fact_of.get(id)];
    return [
      '- do: reject',
      `  head: ${thing(graph.entities[fact.head])}`,
      `  relation: ${scalar(relationOf(fact).name)}`,
      `  tail: ${thing(graph.entities[fact.tail])}`,
      `  author: ${scalar(author || t('wrong.author.none'))}`,
      `  date: ${date}`,
      `  reason: ${scalar(reason || t('wrong.reason.none'))}`,
    ].join('\n');
  }).join('\n') + '\n';
}

/** The dialog that hands the lines out. */
function handOut() {
  const box = byId('decisions');
  const author = el('input', { type: 'text', id: 'decision-author', autocomplete: 'name' });
  const reason = el('input', { type: 'text', id: 'decision-reason' });
  const text = el('textarea', { readonly: true, rows: 9, 'aria-label': 'decisions.yaml', spellcheck: 'false', lang: 'zh-CN' });
  const write = () => { text.value = decisionLines(author.value.trim(), reason.value.trim()); };
  author.addEventListener('input', write);
  reason.addEventListener('input', write);
  const told = el('span', { role: 'status', class: 'fine' });
  const copy = () => {
    text.select();
    const done = () => { told.textContent = t('wrong.copied'); };
    if (navigator.clipboard) navigator.clipboard.writeText(text.value).then(done, () => {});
    else if (document.execCommand('copy')) done();
  };
  const button = (words, click) => el('button', { type: 'button', class: 'edged', click }, words);
  box.replaceChildren(
    el('h2', { id: 'decisions-title' }, t('wrong.title')),
    el('p', {}, t('wrong.how')),
    el('p', { class: 'field' }, el('label', { for: 'decision-author' }, t('wrong.author')), author),
    el('p', { class: 'field' }, el('label', { for: 'decision-reason' }, t('wrong.reason')), reason),
    text,
    el('p', { class: 'buttons' }, button(t('wrong.copy'), copy), button(t('wrong.save'), () => save(new Blob([text.value], { type: 'text/yaml;charset=utf-8' }), 'decisions.yaml')),
      told, button(t('tool.close'), () => box.close())),
  );
  write();
  box.showModal();
}

/** How many facts are marked, and the way to their lines. */
function showMarked() {
  const box = byId('marked');
  box.hidden = !state.wrong.size;
  if (box.hidden) return;
  refill('marked', [
    el('span', {}, t('wrong.count', { count: count(state.wrong.size) })),
    el('button', { type: 'button', class: 'edged', click: handOut }, t('wrong.lines')),
    el('button', { type: 'button', class: 'plain', click: () => go({ wrong: new Set() }) }, t('wrong.clear')),
  ]);
}
