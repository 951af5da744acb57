/** A repository as one entry of apt's sources names it: one suite at one URI. */
export interface AptSource {
  readonly file: string;
  /** The first line of its entry. */
  readonly line: number;
  /** `deb`, `deb-src`. */
  readonly types: readonly string[];
  readonly uri: string;
  readonly suite: string;
  readonly components: readonly string[];
  /** Its options by the names they have in one-line entries: `signed-by`, `arch`. */
  readonly options: ReadonlyMap<string, string>;
}

/**
 * The entries of a file that count, as apt reads them: by its extension.
 *
 * @see https://manpages.debian.org/bookworm/apt/sources.list.5.en.html
 */
export const readAptSources = (file: string, text: string): readonly AptSource[] =>
  file.endsWith('.sources') ? readStanzas(file, text) : readLines(file, text);

function readLines(file: string, text: string): readonly AptSource[] {
  return rowsOf(text).flatMap((row, index) => {
    const [entry = ''] = row.split('#', 1);
    const match = /^\s*(deb(?:-src)?)\s+(?:\[([^\]]*)\]\s*)?(\S+)\s+(\S+)\s*(.*)$/.exec(entry);
    if (match === null) return [];
    const [, type = '', options = '', uri = '', suite = '', components = ''] = match;
    return {
      file,
      line: index + 1,
      types: [type],
      uri: unquoted(uri),
      suite: unquoted(suite),
      components: words(components),
      options: new Map(
        words(options).map((option) => {
          const [name = '', ...value] = option.split('=');
          return [name.toLowerCase(), unquoted(value.join('='))];
        }),
      ),
    };
  });
}

/** apt takes the blanks at the end of a line off, and with them what Windows ends it with. */
const rowsOf = (text: string): readonly string[] => text.split('\n').map((row) => row.trimEnd());

const words = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== '');

const unquoted = (word: string): string => word.replaceAll('"', '');

/** The names of fields that one-line entries call otherwise. */
const OPTION_NAMES: Readonly<Record<string, string>> = { architectures: 'arch' };

function readStanzas(file: string, text: string): readonly AptSource[] {
  return stanzas(text).flatMap(({ line, fields }) => {
    if (/^(no|false|without|off|disable|0)$/i.test(fields.get('enabled') ?? '')) return [];
    const of = (name: string): readonly string[] => words(fields.get(name) ?? '');
    const options = new Map([...fields].map(([name, value]) => [OPTION_NAMES[name] ?? name, value]));
    return of('uris').flatMap((uri) =>
      of('suites').map((suite) => ({
        file,
        line,
        types: of('types'),
        uri,
        suite,
        components: of('components'),
        options,
      })),
    );
  });
}

interface Stanza {
  readonly line: number;
  readonly fields: Map<string, string>;
}

/** A field goes on in lines that begin with a blank; there, a dot alone stands for an empty line. */
function stanzas(text: string): readonly Stanza[] {
  const found: Stanza[] = [];
  let current: Stanza | undefined;
  let name = '';
  for (const [index, row] of rowsOf(text).entries()) {
    if (row.startsWith('#')) continue;
    if (row.trim() === '') {
      current = undefined;
      continue;
    }
    if (current === undefined) found.push((current = { line: index + 1, fields: new Map() }));
    const [, field, value = ''] = /^([^\s:]+)\s*:\s*(.*)$/.exec(row) ?? [];
    if (field !== undefined) {
      name = field.toLowerCase();
      current.fields.set(name, value.trim());
    } else if (/^\s/.test(row)) {
      const further = row.trim();
      current.fields.set(name, `${current.fields.get(name) ?? ''}\n${further === '.' ? '' : further}`);
    }
  }
  return found;
}
