// The tables: figures, entities and facts line by line; sorted by a click, filtered by a word, saved as CSV.

const STEP = 200; // rows that are shown at a time
const pieceOf = (thing) => (thing.evidence.length ? evidence(thing.evidence[0]) : null);

function sourceLink(thing) {
  const piece = pieceOf(thing);
  if (!piece) return '';
  const about = graph.documents[piece.document];
  return source(about.title, 'a', { href: href({ view: 'documents', doc: about.id, at: `${piece.begin}-${piece.end}` }), title: piece.quote });
}

// A column: its words, its text (for the filter, the order and CSV), and how it is shown where text is not enough.
const column = (key, text, more = {}) => ({ key, text, ...more });
const entityColumn = (key, index) => column(key, (row) => nameOf(graph.entities[index(row)]), { show: (row) => entityLink(index(row)), main: true });
const sourceColumn = column('source', (row) => graph.documents[row.evidence[0]?.[0]]?.title ?? '', { show: sourceLink });

const TABLES = {
  figures: {
    rows: () => graph.observations.filter((_, i) => sieve().figures[i]),
    columns: [
      entityColumn('about', (row) => row.about),
      column('measure', (row) => row.measure),
      column('change', changeWords),
      column('base', (row) => row.base ?? ''),
      column('qualifier', qualified),
      column('value', (row) => row.value, { numeric: true, show: (row) => grouped.format(Number(row.value)) }),
      column('unit', (row) => row.unit ?? '', { close: true }),
      column('period', (row) => row.period ?? ''),
      column('interval', (row) => intervalWords(row.interval), { close: true }),
      column('modality', (row) => (row.modality ? t(`modality.${row.modality}`) : '')),
      sourceColumn,
    ],
  },
  entities: {
    rows: () => graph.entities.filter((_, i) => visible(i)),
    columns: [
      column('name', nameOf, { main: true, show: (row) => entityLink(number_of.get(row.id)) }),
      column('class', (row) => label(classOf(row))),
      column('aliases', (row) => row.names.slice(1).join('、')),
      column('facts', (row) => String(row.facts.length), { numeric: true }),
      column('figures', (row) => String(row.figures.length), { numeric: true }),
      column('mentions', (row) => String(row.mentions.length), { numeric: true }),
    ],
  },
  facts: {
    rows: () => graph.facts.filter(admitted),
    columns: [
      entityColumn('head', (row) => row.head),
      column('relation', (row) => label(relationOf(row)), {
        show: (row) => el('a', { href: href({ ...NOTHING, fact: factId(row) }) }, label(relationOf(row))),
      }),
      entityColumn('tail', (row) => row.tail),
      column('confidence', (row) => confidenceOf(row).toFixed(2), { numeric: true }),
      sourceColumn,
    ],
  },
};

const tableState = { filter: '', sort: null, descending: false, limit: STEP };

function rowsOf(table) {
  const wanted = folded(tableState.filter);
  const rows = table.rows().filter((row) => !wanted || table.columns.some((col) => folded(col.text(row)).includes(wanted)));
  const by = table.columns.find((col) => col.key === tableState.sort);
  if (!by) return rows;
  const collator = new Intl.Collator('zh-CN', { numeric: true });
  const compare = by.numeric ? (a, b) => Number(by.text(a)) - Number(by.text(b)) : (a, b) => collator.compare(by.text(a), by.text(b));
  return [...rows].sort((a, b) => (tableState.descending ? compare(b, a) : compare(a, b)));
}

/** CSV that spreadsheets read as UTF-8 and never as formulas. */
function csv(table, rows) {
  const cell = (text, numeric) => {
    const inert = !numeric && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
  };
  const head = table.columns.map((col) => t(`column.${col.key}`)).join(',');
  const body = rows.map((row) => table.columns.map((col) => cell(col.text(row), col.numeric)).join(','));
  return `\ufeff${[head, ...body].join('\r\n')}\r\n`;
}

function headCell(col, redraw) {
  const active = tableState.sort === col.key;
  const turn = () => {
    Object.assign(tableState, { sort: col.key, descending: active ? !tableState.descending : Boolean(col.numeric), limit: STEP });
    redraw(col.key);
  };
  const arrow = active ? (tableState.descending ? '↓' : '↑') : '';
  const order = active ? (tableState.descending ? 'descending' : 'ascending') : 'none';
  return el('th', { scope: 'col', 'aria-sort': order, class: col.numeric ? 'numeric' : null },
    el('button', { type: 'button', 'data-sort': col.key, click: turn }, t(`column.${col.key}`), el('span', { 'aria-hidden': 'true' }, arrow)));
}

function tableBody(name, redraw) {
  const table = TABLES[name];
  const rows = rowsOf(table);
  const all = table.rows();
  const columns = table.columns.filter((col) => col.main || col.numeric || all.some((row) => col.text(row) !== ''));
  const cells = (row) => columns.map((col) => {
    const shown = col.show ? col.show(row) : source(col.text(row));
    return col === columns[0]
      ? el('th', { scope: 'row' }, shown)
      : el('td', { class: col.numeric ? 'numeric' : col.close && 'close' }, shown);
  });
  const body = rows.slice(0, tableState.limit).map((row) => el('tr', {}, ...cells(row)));
  const more = rows.length - tableState.limit;
  const grow = () => {
    tableState.limit += STEP;
    redraw();
  };
  return { rows, parts: [
    el('table', {}, el('thead', {}, el('tr', {}, ...columns.map((col) => headCell(col, redraw)))), el('tbody', {}, ...body)),
    rows.length ? null : el('p', { class: 'hint' }, t('table.empty')),
    more > 0 ? el('button', { type: 'button', class: 'wide', click: grow }, t('table.more', { count: count(Math.min(STEP, more)) })) : null,
  ].filter(Boolean) };
}

/** Show the table that the state names. */
function showTables(changed) {
  if (changed) Object.assign(tableState, { filter: '', sort: null, descending: false, limit: STEP });
  const table = TABLES[state.table];
  const links = Object.keys(TABLES).map((name) => el('a', { href: href({ table: name }), 'aria-current': name === state.table ? 'page' : null }, t(`table.${name}`), ' ', el('span', { class: 'count' }, count(TABLES[name].rows().length))));
  const filter = el('input', { type: 'search', value: tableState.filter, placeholder: t('table.filter'), 'aria-label': t('table.filter') });
  const size = el('span', { role: 'status', class: 'fine' });
  const box = el('div', { class: 'sheet', tabindex: '0', role: 'region', 'aria-label': t(`table.${state.table}`) });
  const redraw = (sorted) => {
    const { rows, parts } = tableBody(state.table, redraw);
    box.replaceChildren(...parts);
    const total = table.rows().length;
    size.textContent = rows.length === total ? t('table.count', { count: count(total) }) : t('table.filtered', { count: count(rows.length), total: count(total) });
    if (sorted) box.querySelector(`[data-sort="${sorted}"]`).focus();
  };
  filter.addEventListener('input', () => {
    Object.assign(tableState, { filter: filter.value, limit: STEP });
    redraw();
  });
  const download = () => save(new Blob([csv(table, rowsOf(table))], { type: 'text/csv;charset=utf-8' }), `${state.table}.csv`);
  const filters = el('button', { type: 'button', id: 'filters-open-tables', click: () => document.body.classList.add('filtering') }, t('tool.filters'));
  byId('view-tables').replaceChildren(
    el('div', { class: 'sheet-bar' }, filters, el('nav', { 'aria-label': t('table.label') }, ...links), filter, size, el('button', { type: 'button', class: 'csv', click: download }, t('table.csv'))),
    box,
  );
  redraw();
}
