import { type Script, sh } from '#core/shell.ts';

/** A line of a configuration file that counts, and the file it stands in. */
export type Setting = { readonly path: string; readonly line: string };

/**
 * Directories of systemd's drop-in scheme, the one that wins first.
 *
 * @see https://www.freedesktop.org/software/systemd/man/257/sysctl.d.html#Configuration%20Directories%20and%20Precedence
 */
const ROOTS = ['/etc', '/run', '/usr/local/lib', '/usr/lib', '/lib'] as const;

/** Prints the files of drop-in directories such as `sysctl.d`, then the lines in them that match. */
export const dropIns = (directories: readonly string[], pattern: string): Script =>
  sh`set --
for root in ${ROOTS}; do for kind in ${directories}; do for path in "$root/$kind"/*.conf; do
case $path in *'
'*) continue;; esac
[ -e "$path" ] || [ -L "$path" ] || continue
printf 'file %s\n' "$path"; set -- "$@" "$path"
done; done; done
echo lines
[ $# -eq 0 ] || grep -aHsE -D skip ${pattern} -- "$@" || :`;

/**
 * The lines that count, in the order they are applied: files by name, and of one name only the file in the
 * directory that wins.
 */
export function readDropIns(output: string): readonly Setting[] {
  const rows = output.split('\n').filter((row) => row !== '');
  const border = rows.indexOf('lines');
  if (border < 0) throw new Error('the list of configuration files is cut off');
  const files = rows.slice(0, border).map((row) => row.replace(/^file /, ''));
  const matches = rows.slice(border + 1).map((row) => readMatch(row, files));
  return counting(files).flatMap((path) => matches.filter((match) => match.path === path));
}

function counting(files: readonly string[]): readonly string[] {
  const winners = new Map<string, string>();
  for (const path of files) {
    const name = path.split('/').slice(-2).join('/');
    if (!winners.has(name)) winners.set(name, path);
  }
  return [...winners].toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([, path]) => path);
}

/** A path may contain colons itself: the longest known path that a colon follows is taken. */
function readMatch(row: string, files: readonly string[]): Setting {
  const path = files
    .filter((file) => row.startsWith(`${file}:`))
    .toSorted((left, right) => right.length - left.length)[0];
  if (path === undefined) throw new Error(`a line of an unknown file: ${JSON.stringify(row)}`);
  return { path, line: row.slice(path.length + 1) };
}

/** Where a drop-in of this name stands in the order of application, as text to compare. */
export const fileName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** A literal as part of an extended regular expression. */
export const literal = (text: string): string => text.replaceAll(/[.[\]{}()*+?^$|\\]/g, '\\$&');
