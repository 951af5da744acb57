import type { CommandPage, Term } from './command-pages.ts';

/**
 * The manual page of a command in the macros of man(7), which groff and mandoc both read. It has no date: the same
 * sources give the same bytes.
 *
 * @see https://man7.org/linux/man-pages/man7/man.7.html
 */
export function manPage(page: CommandPage, version: string): string {
  const { name, summary, usage, description, notes, globalOptions } = page;
  return [
    `.TH ${name.toUpperCase()} 1 "" "slipway ${version}" "slipway manual"`,
    // Words as they are typed: not hyphenated, nor spread over the line.
    '.nh\n.ad l',
    section('Name', `${escaped(name)} \\- ${escaped(summary)}`),
    section('Synopsis', `.B ${escaped(usage)}`),
    section('Description', escaped(description)),
    terms('Commands', page.commands),
    terms('Arguments', page.arguments),
    terms('Options', page.options),
    terms('Global options', globalOptions),
    ...notes.split('\n\n').map(noteSection),
    section('See also', seeAlso(page)),
  ]
    .filter((part) => part !== '')
    .join('\n')
    .concat('\n');
}

const section = (title: string, body: string): string =>
  body === '' ? '' : `.SH ${title.toUpperCase()}\n${body}`;

const terms = (title: string, list: readonly Term[]): string =>
  section(title, list.map(({ term, meaning }) => `.TP\n.B ${escaped(term)}\n${escaped(meaning)}`).join('\n'));

/** A part of the notes is a list under its title, or text; the form that is typed is kept as it stands. */
function noteSection(note: string): string {
  const [first = '', ...lines] = note.split('\n');
  if (lines.length > 0 && first.endsWith(':'))
    return section(first.slice(0, -1), ['.nf', ...lines.map(escaped), '.fi'].join('\n'));
  const [, title, text] = /^(Exit codes): (.*)$/s.exec(note) ?? [];
  if (title !== undefined && text !== undefined) return section(title, escaped(text));
  return note === '' ? '' : section('Notes', escaped(note));
}

function seeAlso({ name, commands }: CommandPage): string {
  const above = name.split('-').slice(0, -1);
  const others = [
    ...above.map((_, index) => above.slice(0, index + 1).join('-')),
    ...commands.map(({ term }) => `${name}-${term}`),
  ];
  return others.map((other) => `.BR ${escaped(other)} (1)`).join(',\n');
}

/** Text in which nothing is a request, and each hyphen is one that can be copied. */
const escaped = (text: string): string =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll(/^(?=[.'])/gm, '\\&');
