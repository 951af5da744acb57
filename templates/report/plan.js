'use strict';
// Shows the data of a plan. Every text becomes a text node, so that nothing in it can be markup.
const data = JSON.parse(document.getElementById('data').textContent);
const KINDS = ['create', 'update', 'remove', 'deferred', 'refused', 'none'];
const WORDS = {
  create: 'new', update: 'changed', remove: 'removed', deferred: 'deferred', refused: 'in the way', none: 'already right',
};
/** Resources that are written at once; a button writes as many more. */
const AT_ONCE = 300;
const FOLDED_LINES = 40;

const at = (id) => document.getElementById(id);

/** An element; children that are texts stay texts. */
function make(name, attributes, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

/** A button that does what it says once, and goes. */
function moreButton(text, write) {
  const button = make('button', { type: 'button', class: 'more' }, text);
  button.addEventListener('click', () => {
    const before = button.previousElementSibling;
    write(button);
    button.remove();
    before?.nextElementSibling?.querySelector('summary')?.focus();
  });
  return button;
}

function writeHead() {
  const title = `Plan of cluster ${data.cluster}, Kubernetes ${data.kubernetes}`;
  document.title = `${title} - slipway`;
  at('title').textContent = title;
  at('summary').textContent = data.summary;
  for (const { kind, title: heading, items } of data.lists) {
    const list = make('ul', {});
    const write = (some) => list.append(...some.map(([name, text, hint, where]) => make('li', {},
      make('code', {}, name),
      text === '' ? '' : `: ${text}`,
      make('span', { class: 'where' }, where === '' ? '' : ` (${where})`),
      make('span', { class: 'hint' }, hint === '' ? '' : ` Hint: ${hint}`))));
    write(items.slice(0, 20));
    const box = make('section', { class: `list ${kind}` }, make('h3', {}, heading), list);
    if (items.length > 20) box.append(moreButton(`Show ${items.length - 20} more`, () => write(items.slice(20))));
    at('lists').append(box);
  }
}

/** How many resources of each kind a host has in a phase. */
function countCells() {
  const cells = data.hosts.map(() => new Map());
  for (const { entries } of data.groups) {
    for (const [phase, , variants] of entries) {
      for (const [row, ...hosts] of variants) {
        const { kind } = data.rows[row];
        for (const host of hosts) {
          const counts = cells[host].get(phase) ?? {};
          counts[kind] = (counts[kind] ?? 0) + 1;
          cells[host].set(phase, counts);
        }
      }
    }
  }
  return cells;
}

function cellOf(counts, name, phase) {
  if (counts === undefined) return make('td', { class: 'empty' });
  const changes = (counts.create ?? 0) + (counts.update ?? 0) + (counts.remove ?? 0);
  const parts = [
    ['refused', counts.refused, '!', 'in the way'], ['change', changes, '~', 'to change'], ['deferred', counts.deferred, '?', 'deferred'],
  ].filter(([, count]) => count > 0);
  if (parts.length === 0) parts.push(['none', counts.none, '=', 'already right']);
  const words = parts.map(([, count, , word]) => `${count} ${word}`).join(', ');
  return make('td', { class: parts[0][0], tabindex: '-1', 'aria-label': `${name}, ${phase}: ${words}` },
    parts.map(([, count, sign]) => `${sign}${count}`).join(' '));
}

function writeGrid() {
  const cells = countCells();
  const phases = data.phases.flatMap((name, index) => (cells.some((own) => own.has(index)) ? [index] : []));
  const head = make('tr', {}, make('th', { scope: 'col' }, 'host'),
    ...phases.map((phase) => make('th', { scope: 'col' }, data.phases[phase])));
  const rows = data.hosts.map((name, host) => {
    const row = make('tr', {}, make('th', { scope: 'row' }, name));
    if (data.away.includes(host)) row.append(make('td', { class: 'away', colspan: Math.max(phases.length, 1) }, 'unreachable'));
    else for (const phase of phases) {
      const cell = cellOf(cells[host].get(phase), name, data.phases[phase]);
      cell.dataset.host = name;
      cell.dataset.phase = phase;
      row.append(cell);
    }
    return row;
  });
  const table = make('table', { role: 'grid', 'aria-labelledby': 'grid-title' }, make('thead', {}, head), make('tbody', {}, ...rows));
  table.querySelector('td[tabindex]')?.setAttribute('tabindex', '0');
  table.addEventListener('click', ({ target }) => showCell(target.closest('td[tabindex]')));
  table.addEventListener('keydown', (event) => moveInGrid(event, table));
  at('grid').append(table);
}

function showCell(cell) {
  if (cell === null) return;
  at('filter').reset();
  at('host').value = cell.dataset.host;
  at('phase').value = cell.dataset.phase;
  if (cell.classList.contains('none')) kindBox('none').checked = true;
  writeGroups();
  at('changes').scrollIntoView();
  at('changes').focus({ preventScroll: true });
}

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function moveInGrid(event, table) {
  const cell = event.target.closest('td[tabindex]');
  if (cell === null) return;
  if (event.key === 'Enter' || event.key === ' ') {
    event.preventDefault();
    showCell(cell);
    return;
  }
  const step = STEPS[event.key];
  if (step === undefined) return;
  event.preventDefault();
  let [x, y] = [cell.cellIndex + step[0], cell.parentElement.rowIndex + step[1]];
  // Past what has no resources, as a host has not all phases.
  while (table.rows[y]?.cells[x] !== undefined) {
    const next = table.rows[y].cells[x];
    if (next.hasAttribute('tabindex')) {
      cell.setAttribute('tabindex', '-1');
      next.setAttribute('tabindex', '0');
      next.focus();
      return;
    }
    [x, y] = [x + step[0], y + step[1]];
  }
}

const kindBox = (kind) => at(`kind-${kind}`);

function writeFilter() {
  for (const name of data.hosts) at('hosts').append(make('option', { value: name }));
  for (const [index, name] of data.phases.entries()) at('phase').append(make('option', { value: index }, name));
  const present = new Set(data.rows.map(({ kind }) => kind));
  for (const kind of KINDS) {
    const box = make('input', { type: 'checkbox', id: `kind-${kind}`, ...(kind !== 'none' && { checked: '' }) });
    const label = make('label', {}, box, ` ${data.signs[kind]} ${WORDS[kind]}`);
    label.hidden = !present.has(kind);
    at('kinds').append(label);
  }
  let timer;
  at('filter').addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(writeGroups, 120);
  });
  at('filter').addEventListener('reset', () => setTimeout(writeGroups));
  at('filter').addEventListener('submit', (event) => event.preventDefault());
  document.addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.target.matches('input, select')) return;
    event.preventDefault();
    at('search').focus();
  });
}

/** All that can be searched of a row, once it is asked for. */
const texts = new Map();
function textOf(place) {
  const known = texts.get(place);
  if (known !== undefined) return known;
  const { facts, blocks, steps } = data.rows[place];
  const text = [
    ...facts.map((fact) => fact.text),
    ...blocks.flatMap(({ what, lines }) => [what, ...lines.map((line) => line.text)]),
    ...steps.flatMap(({ summary, command }) => [summary, ...command]),
  ].join('\n').toLowerCase();
  texts.set(place, text);
  return text;
}

/** The resources that the filter lets through, each with the variants that it lets through. */
function found() {
  const words = at('search').value.toLowerCase().split(/\s+/).filter((word) => word !== '');
  const host = at('host').value.trim();
  const places = new Set(data.hosts.flatMap((name, index) => (name === host ? [index] : [])));
  const phase = at('phase').value;
  const kinds = new Set(KINDS.filter((kind) => kindBox(kind).checked));
  const isWanted = (name, [row, ...hosts]) =>
    kinds.has(data.rows[row].kind) &&
    (host === '' || hosts.some((one) => places.has(one))) &&
    words.every((word) => name.includes(word) || textOf(row).includes(word) || hosts.some((one) => data.hosts[one].includes(word)));
  return data.groups.flatMap((group) => {
    const entries = group.entries.flatMap(([place, name, variants]) => {
      if (phase !== '' && String(place) !== phase) return [];
      const wanted = variants.filter((variant) => isWanted(name.toLowerCase(), variant));
      return wanted.length === 0 ? [] : [{ phase: place, name, variants: wanted, isVaried: variants.length > 1 }];
    });
    return entries.length === 0 ? [] : [{ title: group.title, entries }];
  });
}

function writeGroups() {
  const groups = found();
  const count = groups.reduce((sum, { entries }) => sum + entries.length, 0);
  const all = data.groups.reduce((sum, { entries }) => sum + entries.length, 0);
  at('found').textContent = `${count} of ${all} resources; hosts with the same changes are shown once. ${data.idle}`;
  at('groups').replaceChildren();
  writeSome(groups.flatMap(({ title, entries }) => entries.map((entry) => ({ title, entry }))), 0, at('groups'));
}

function writeSome(entries, from, place) {
  let box;
  let before = {};
  for (const { title, entry } of entries.slice(from, from + AT_ONCE)) {
    if (title !== before.title) {
      box = make('section', { class: 'group' }, make('h3', {}, title));
      place.append(box);
    }
    if (title !== before.title || entry.phase !== before.phase) box.append(make('p', { class: 'phase' }, data.phases[entry.phase]));
    before = { title, phase: entry.phase };
    box.append(entryOf(entry));
  }
  const left = entries.length - from - AT_ONCE;
  if (left > 0) place.append(moreButton(`Show ${Math.min(left, AT_ONCE)} more of ${left}`, () => writeSome(entries, from + AT_ONCE, place)));
}

function entryOf({ name, variants, isVaried }) {
  const row = data.rows[variants[0][0]];
  const short = isVaried ? `${variants.length} variants` : row.facts.map(({ text }) => text).join(', ');
  const entry = make('details', { class: `entry ${row.kind}` }, make('summary', {},
    make('span', { class: 'sign', title: WORDS[row.kind], 'aria-label': WORDS[row.kind], role: 'img' }, data.signs[row.kind]),
    make('span', { class: 'name' }, name),
    make('span', { class: 'facts' }, short)));
  entry.addEventListener('toggle', () => {
    if (!entry.open || entry.children.length > 1) return;
    const body = make('div', { class: 'body' });
    entry.append(body);
    writeVariants(variants, isVaried, body);
  });
  return entry;
}

function writeVariants(variants, isVaried, body) {
  for (const [row, ...hosts] of variants.slice(0, 10)) {
    if (isVaried) body.append(make('div', { class: 'where' }, `on ${hosts.map((host) => data.hosts[host]).join(', ')}`));
    writeRow(data.rows[row], body);
  }
  const rest = variants.slice(10);
  if (rest.length > 0) body.append(moreButton(`Show ${rest.length} more variants`, () => writeVariants(rest, isVaried, body)));
}

function writeRow({ facts, blocks, steps }, body) {
  body.append(make('ul', {}, ...facts.map(({ kind, text }) => make('li', { class: kind }, text))));
  for (const { what, lines } of blocks) {
    body.append(make('div', { class: 'what' }, what));
    writeDiff(lines, body);
  }
  if (steps.length === 0) return;
  const text = steps.flatMap(({ summary, command }) => [`# ${summary}`, ...command]).join('\n');
  const button = moreButton(`Show ${steps.length} ${steps.length === 1 ? 'step' : 'steps'}`, () =>
    button.before(make('div', { class: 'what' }, 'steps'), make('pre', { tabindex: '0' }, text)));
  body.append(button);
}

/** Side by side where there is something on both sides. */
function writeDiff(lines, body) {
  const hasSides = ['added', 'removed'].every((kind) => lines.some((line) => line.kind === kind));
  const cells = hasSides ? sides(lines) : lines.map(({ kind, text }) => make('span', { class: kind }, text));
  const limit = FOLDED_LINES * (hasSides ? 2 : 1);
  const diff = make('div', { class: hasSides ? 'diff sides' : 'diff' }, ...cells.slice(0, limit));
  body.append(diff);
  const rest = cells.slice(limit);
  if (rest.length > 0) body.append(moreButton(`Show all lines`, () => diff.append(...rest)));
}

/** Two cells a line: what was, and what will be. */
function sides(lines) {
  const cells = [];
  let [removed, added] = [[], []];
  const flush = () => {
    for (let index = 0; index < Math.max(removed.length, added.length); index += 1) {
      for (const [kind, list] of [['removed', removed], ['added', added]]) {
        cells.push(index < list.length ? make('span', { class: kind }, list[index]) : make('span', { class: 'gap', 'aria-hidden': 'true' }));
      }
    }
    [removed, added] = [[], []];
  };
  for (const { kind, text } of lines) {
    if (kind === 'removed') removed.push(text);
    else if (kind === 'added') added.push(text);
    else {
      flush();
      if (kind === 'place') cells.push(make('span', { class: 'place' }, text));
      else cells.push(make('span', { class: 'same' }, text), make('span', { class: 'same', 'aria-hidden': 'true' }, text));
    }
  }
  flush();
  return cells;
}

function writeTheme() {
  const names = { '': 'as the system', light: 'light', dark: 'dark' };
  const button = at('theme');
  button.addEventListener('click', () => {
    const order = Object.keys(names);
    const next = order[(order.indexOf(document.documentElement.dataset.theme ?? '') + 1) % order.length];
    if (next === '') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    button.textContent = `Theme: ${names[next]}`;
  });
}

writeHead();
writeTheme();
writeGrid();
writeFilter();
writeGroups();
