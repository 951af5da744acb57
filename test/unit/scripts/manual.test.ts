import { spawnSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import manifest from '../../../package.json' with { type: 'json' };
import { commandPages } from '../../../scripts/manual/command-pages.ts';
import { manPage } from '../../../scripts/manual/man-page.ts';
import { writeManPages } from '../../../scripts/manual/write-man-pages.ts';
import { scratchDirectory } from '../../support/scratch-directory.ts';
import { fakeCli } from '../../cli/fake-cli.ts';

/** Programs that format manual pages, and how each is asked for warnings alone. */
const FORMATTERS: readonly (readonly [name: string, ...flags: string[]])[] = [
  ['groff', '-man', '-Tutf8', '-ww', '-z'],
  // Ours have no date, on purpose.
  ['mandoc', '-T', 'lint', '-W', 'error'],
];

const isThere = (program: string): boolean => spawnSync(program, ['--version']).error === undefined;

/** The words of a text, without hyphens that are marked as such, and without requests. */
const words = (text: string): readonly string[] =>
  text
    .replaceAll('\\-', '-')
    .replaceAll(/^\.\w+( |$)/gm, '')
    .split(/\s+/);

const pages = commandPages('1.2.3');
const pageOf = (name: string): string => {
  const found = pages.find((page) => page.name === name);
  if (found === undefined) throw new Error(`there is no page ${name}`);
  return manPage(found, '1.2.3');
};

describe('manual pages', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await scratchDirectory(afterAll);
    await writeManPages(pathToFileURL(`${folder}/man/`), '1.2.3');
    folder = join(folder, 'man');
  });

  it('are there for each command of the help and those below it, and named by the package', async () => {
    const files = (await readdir(folder)).toSorted();
    expect(manifest.man).toEqual(files.map((name) => `./man/${name}`));
    const { stdout } = await fakeCli(['--help']);
    const commands = [
      ...(stdout
        .split('Commands:')[1]
        ?.split('Examples:')[0]
        ?.matchAll(/^ {2}(\w+)/gm) ?? []),
    ]
      .map(([, name]) => name)
      .filter((name) => name !== 'help');
    expect(commands.length).toBeGreaterThan(15);
    expect(files).toEqual(expect.arrayContaining(commands.map((name) => `slipway-${name}.1`)));
    expect(files).toEqual(expect.arrayContaining(['slipway.1', 'slipway-etcd-restore.1']));
    expect(files.join()).not.toContain('__complete');
  });

  it('say all that the help of a command says', async () => {
    const { stdout } = await fakeCli(['plan', '--help']);
    const said = new Set(words(pageOf('slipway-plan')));
    const titles = new Set(['Usage:', 'Options:', 'Global', 'Examples:']);
    expect(words(stdout).filter((word) => !titles.has(word) && !said.has(word))).toEqual([]);
  });

  it('keep examples line by line, and are the same each time', async () => {
    expect(pageOf('slipway')).toContain('\n.SH EXIT CODES\n0 done or nothing to do, 1 failed');
    expect(pageOf('slipway-certs')).toContain(
      '\n.SH EXAMPLES\n.nf\n  slipway certs\n  slipway certs \\-\\-limit cp1\n',
    );
    expect(pageOf('slipway-etcd-restore')).toContain('.BR slipway (1),\n.BR slipway\\-etcd (1)\n');
    expect(await readFile(join(folder, 'slipway.1'), 'utf8')).toBe(pageOf('slipway'));
  });

  it.for(FORMATTERS)('are formatted by %s without a warning', async ([program, ...flags], context) => {
    if (!isThere(program)) context.skip(`there is no ${program}`);
    const files = (await readdir(folder)).map((name) => join(folder, name));
    const { status, stdout, stderr } = spawnSync(program, [...flags, ...files], { encoding: 'utf8' });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it('with a backslash, or a line that begins like a request, are still text', () => {
    const [page] = pages;
    if (page === undefined) throw new Error('there is no page');
    const odd = manPage({ ...page, description: ".so /etc/passwd\n'quoted\nC:\\new" }, '1.2.3');
    expect(odd).toContain("\n\\&.so /etc/passwd\n\\&'quoted\nC:\\enew\n");
  });
});
