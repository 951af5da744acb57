// Begins a resource, an addon, a section of the inventory or a renderer: npm run new -- KIND NAME
//
// The files compile and their test passes; what is to be filled in says TODO.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';

import { type Insertion, type Kind, KINDS } from './new/kinds.ts';

const root = new URL('..', import.meta.url);
const kinds = Object.keys(KINDS);
const usage = `npm run new -- ${kinds.join('|')} NAME`;

const [kindName = '', path = ''] = process.argv.slice(2);
const kind = KINDS[kindName];
const problem =
  kind === undefined ? `there is no kind ${kindName || '(none given)'}` : problemWith(kind, path);
if (kind === undefined || problem !== undefined) {
  process.stderr.write(`Error: ${problem}\nHint: ${usage}\n`);
  process.exit(3);
}
await begin(kind, path);

function problemWith({ folders, files }: Kind, given: string): string | undefined {
  const parts = given.split('/');
  if (!parts.every((part) => /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(part)))
    return `${given || 'no name'} is not kebab-case`;
  if (folders === undefined && parts.length > 1) return `${given} has a folder, and its kind has none`;
  if (folders !== undefined) {
    const known = readdirSync(new URL(folders, root));
    if (parts.length !== 2 || !known.includes(dirname(given))) {
      return `${given} must be FOLDER/NAME, where FOLDER is one of ${known.join(', ')}`;
    }
  }
  const taken = Object.keys(files)
    .map((file) => filled(file, given))
    .find((file) => existsSync(new URL(file, root)));
  return taken === undefined ? undefined : `${taken} is there already`;
}

async function begin({ files, insertions, tests, next }: Kind, given: string): Promise<void> {
  for (const [file, text] of Object.entries(files)) {
    const target = new URL(filled(file, given), root);
    await mkdir(new URL('.', target), { recursive: true });
    await writeFile(target, filled(await readFile(new URL(`new/${text}`, import.meta.url), 'utf8'), given));
  }
  for (const { file, text, place } of insertions) await insert(file, filled(text, given), place);
  const touched = [...Object.keys(files), ...insertions.map(({ file }) => file)];
  const paths = [...new Set(touched)].map((file) => filled(file, given));
  execFileSync(
    'oxfmt',
    paths.filter((file) => file.endsWith('.ts')),
    { cwd: root, stdio: 'ignore' },
  );
  execFileSync(process.execPath, ['scripts/generate.ts'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const report = [
    ['Begun, and to be finished where it says TODO:', ...paths].join('\n  '),
    ['Tests:', ...tests.map((test) => filled(test, given))].join('\n  '),
    ['What is left:', ...next].join('\n  - '),
  ];
  process.stdout.write(`${report.join('\n')}\n`);
}

async function insert(file: string, text: string, place: Insertion['place']): Promise<void> {
  const url = new URL(file, root);
  const lines = (await readFile(url, 'utf8')).split('\n');
  const index =
    'before' in place
      ? lines.findIndex((line) => place.before.test(line))
      : sortedPlace(lines, text, place.among);
  if (index < 0) throw new Error(`${file} has no place for ${text}`);
  lines.splice(index, 0, text);
  await writeFile(url, lines.join('\n'));
}

/** Before the first row that is greater, or else behind the last one, where its block ends. */
function sortedPlace(lines: readonly string[], text: string, row: RegExp): number {
  const key = (line: string): string => row.exec(line)?.[1] ?? '';
  const next = lines.findIndex((line) => key(line) > key(text));
  const last = lines.findLastIndex((line) => key(line) !== '');
  return next >= 0 || last < 0
    ? next
    : lines.findIndex((line, index) => index > last && /^([\])}]|$)/.test(line));
}

function filled(text: string, given: string): string {
  const name = basename(given);
  const camel = name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  const Pascal = `${camel.charAt(0).toUpperCase()}${camel.slice(1)}`;
  const values: Readonly<Record<string, string>> = { path: given, name, camel, Pascal };
  return text.replaceAll(/\{\{ (\w+) \}\}/g, (place, word: string) => values[word] ?? place);
}
