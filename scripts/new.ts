// Begins a resource, an addon, a section of the inventory or a renderer: npm run new -- KIND NAME
//
// The files compile and their test passes; what is to be filled in says TODO.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';

import { type Kind, KINDS, type TableLine } from './new/kinds.ts';

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

async function begin({ files, lines, next }: Kind, given: string): Promise<void> {
  for (const [file, text] of Object.entries(files)) {
    const target = new URL(filled(file, given), root);
    await mkdir(new URL('.', target), { recursive: true });
    await writeFile(target, filled(await readFile(new URL(`new/${text}`, import.meta.url), 'utf8'), given));
  }
  for (const line of lines) await addLine({ ...line, text: filled(line.text, given) });
  const touched = [...Object.keys(files), ...lines.map(({ file }) => file)].map((file) =>
    filled(file, given),
  );
  execFileSync('oxfmt', touched, { cwd: root, stdio: 'ignore' });
  const report = [
    ['Begun, and to be finished where it says TODO:', ...touched].join('\n  '),
    ['What is left:', ...next].join('\n  - '),
  ];
  process.stdout.write(`${report.join('\n')}\n`);
}

/** Puts a line where it belongs among the sorted lines of a table. */
async function addLine({ file, text, row }: TableLine): Promise<void> {
  const url = new URL(file, root);
  const lines = (await readFile(url, 'utf8')).split('\n');
  const key = (line: string): string | undefined => row.exec(line)?.[1];
  const own = key(text);
  if (own === undefined) throw new Error(`a line for ${file} does not look like one: ${text}`);
  const next = lines.findIndex((line) => (key(line) ?? '') > own);
  const last = lines.findLastIndex((line) => key(line) !== undefined);
  if (last < 0) throw new Error(`${file} has no table with lines like ${text}`);
  const end = lines.findIndex((line, index) => index > last && /^[\])}]/.test(line));
  lines.splice(next < 0 ? end : next, 0, text);
  await writeFile(url, lines.join('\n'));
}

function filled(text: string, given: string): string {
  const name = basename(given);
  const camel = name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  const Pascal = `${camel.charAt(0).toUpperCase()}${camel.slice(1)}`;
  const values: Readonly<Record<string, string>> = { path: given, name, camel, Pascal };
  return text.replaceAll(/\{\{ (\w+) \}\}/g, (place, word: string) => values[word] ?? place);
}
