// Finding an entity by its characters, an alias, its pinyin or the initials of it.

const folded = (text) => text.normalize('NFKC').toLowerCase().replace(/[\s"'“”‘’「」『』《》〈〉·•]/g, '');

const searchable = graph.entities.map((entity) =>
  entity.names.map((name, i) => ({ name, folded: folded(name), syllables: entity.pinyin[i].split(' ').filter(Boolean) })),
);

/** How many syllables from `at` on the letters of `query` spell, each syllable whole or by its beginning; 0 if not. */
function spells(query, syllables, at) {
  if (query === '') return 0;
  if (at >= syllables.length) return -1;
  const syllable = syllables[at];
  let shared = 0;
  while (shared < syllable.length && shared < query.length && syllable[shared] === query[shared]) shared += 1;
  for (; shared > 0; shared -= 1) {
    const rest = spells(query.slice(shared), syllables, at + 1);
    if (rest >= 0) return rest + 1;
  }
  return -1;
}

/** How well a name fits: smaller is better, Infinity is not at all. */
function misfit(form, query) {
  if (form.folded === query) return 0;
  const at = form.folded.indexOf(query);
  const rest = (form.folded.length - query.length) / 100;
  if (at === 0) return 1 + rest;
  if (at > 0) return 2 + rest;
  if (!/^[a-z0-9]+$/.test(query)) return Infinity;
  for (let start = 0; start < form.syllables.length; start += 1) {
    const used = spells(query, form.syllables, start);
    if (used > 0) return (start === 0 ? 3 : 4) + (form.syllables.length - used) / 100;
  }
  return Infinity;
}

/** The entities that fit a query, best first; with each the name that fitted. */
function find(query, limit = 12) {
  const wanted = folded(query);
  if (!wanted) return { hits: [], total: 0 };
  const hits = [];
  searchable.forEach((forms, entity) => {
    let best = { score: Infinity };
    forms.forEach((form, i) => {
      const score = misfit(form, wanted) + (i ? 0.3 : 0); // the name itself before an alias
      if (score < best.score) best = { score, entity, name: form.name };
    });
    if (best.score < Infinity) hits.push(best);
  });
  const weight = (hit) => graph.entities[hit.entity].facts.length;
  hits.sort((a, b) => Math.floor(a.score) - Math.floor(b.score) || a.score - b.score || weight(b) - weight(a) || a.entity - b.entity);
  return { hits: hits.slice(0, limit), total: hits.length };
}

/** Make the search box a combobox that calls `choose` with an entity. */
function wireSearch(choose) {
  const [box, list, found] = [byId('search'), byId('hits'), byId('found')];
  let hits = [];
  let active = -1;

  function close() {
    list.hidden = true;
    box.setAttribute('aria-expanded', 'false');
    box.removeAttribute('aria-activedescendant');
    active = -1;
  }

  function mark(index) {
    active = (index + hits.length) % hits.length;
    [...list.children].forEach((item, i) => item.setAttribute('aria-selected', String(i === active)));
    box.setAttribute('aria-activedescendant', `hit-${active}`);
    list.children[active].scrollIntoView({ block: 'nearest' });
  }

  function take(index) {
    if (!hits[index]) return;
    const { entity } = hits[index];
    box.value = '';
    close();
    box.blur();
    choose(entity);
  }

  function item(hit, i) {
    const entity = graph.entities[hit.entity];
    const kind = classOf(entity);
    const row = el('li', { id: `hit-${i}`, role: 'option', 'aria-selected': 'false', click: () => take(i) }, sign(kind));
    row.append(source(nameOf(entity), 'bdi', { class: 'hit-name' }));
    if (hit.name !== nameOf(entity)) row.append(source(hit.name, 'bdi', { class: 'hit-alias' }));
    row.append(el('span', { class: 'hit-class' }, label(kind)));
    row.addEventListener('pointerdown', (event) => event.preventDefault()); // keep the focus in the box
    return row;
  }

  function update() {
    const query = box.value.trim();
    if (!query) {
      close();
      found.textContent = '';
      return;
    }
    const result = find(query);
    hits = result.hits;
    list.replaceChildren(...hits.map(item));
    const words = hits.length ? t('search.count', { count: count(result.total) }) : t('search.none', { query });
    if (!hits.length) list.append(el('li', { class: 'none' }, words));
    found.textContent = words;
    list.hidden = false;
    box.setAttribute('aria-expanded', 'true');
    if (hits.length) mark(0);
  }

  box.addEventListener('input', update);
  box.addEventListener('focus', update);
  box.addEventListener('blur', close);
  box.addEventListener('keydown', (event) => {
    if (event.isComposing) return; // the input method has the keys
    if (event.key === 'ArrowDown' && hits.length) mark(active + 1);
    else if (event.key === 'ArrowUp' && hits.length) mark(active - 1);
    else if (event.key === 'Enter') take(Math.max(0, active));
    else if (event.key === 'Escape') {
      box.value = '';
      hits = [];
      close();
      box.blur();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  document.addEventListener('keydown', (event) => {
    const typing = event.target.closest?.('input, textarea, select');
    if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    box.focus();
  });
}
