import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import tsconfig from '../../tsconfig.json' with { type: 'json' };
import { KINDS } from '../../scripts/new/kinds.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What the files of the project need to be checked and run. */
const COPIED = [
  'src',
  'scripts',
  'templates',
  'schema',
  'test',
  'docs',
  'inventory.yaml',
  'ARCHITECTURE.md',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
  'oxlint.config.ts',
  '.oxfmtrc.json',
];

/** One of each kind. */
const NAMES: Readonly<Record<string, string>> = {
  resource: 'host/time-zone',
  addon: 'big-brother',
  section: 'day-off',
  renderer: 'sticky-note',
};

describe('a copy of the project', { timeout: 120_000 }, () => {
  let copy: string;

  const run = async (command: string, ...args: readonly string[]) => {
    const env = {
      PATH: [join(root, 'node_modules', '.bin'), process.env['PATH']].join(delimiter),
      NODE_COMPILE_CACHE: join(copy, '.compile-cache'),
    };
    const ended = promisify(execFile)(command, args, { cwd: copy, env }).then(
      (outputs) => ({ code: 0, ...outputs }),
      (error: { code: number; stdout: string; stderr: string }) => error,
    );
    const { code, stdout, stderr } = await ended;
    return { code, output: stdout + stderr };
  };
  const begin = (...args: readonly string[]) => run('node', 'scripts/new.ts', ...args);

  /** Files that were begun or got a line, and the tests that show what was begun: as the script lists them. */
  const touched: string[] = [];
  const tests: string[] = [];

  beforeAll(async () => {
    copy = await mkdtemp(join(tmpdir(), 'slipway-new-'));
    await Promise.all(COPIED.map((name) => cp(join(root, name), join(copy, name), { recursive: true })));
    await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
  });
  afterAll(() => rm(copy, { recursive: true, force: true }));

  it('has its layers held by the linter', async () => {
    const crossings = [
      '#cli/program.ts',
      '#slipway.ts',
      '../cli/program.ts',
      'ssh2',
      'listr2',
      'node:process',
    ];
    const allowed = ['#core/shell.ts', './shell.ts', 'node:path', 'yaml'];
    const imports = [...crossings, ...allowed].map((path) => `export * from '${path}';`);
    await writeFile(join(copy, 'src/core/crossing.ts'), `${imports.join('\n')}\n`);
    const { output } = await run('oxlint', '--format', 'unix', 'src/core/crossing.ts');
    await rm(join(copy, 'src/core/crossing.ts'));
    const refused = [...output.matchAll(/^.*?'([^']+)' import is restricted/gm)].map(([, path]) => path);
    expect(new Set(refused)).toEqual(new Set(crossings));
  });

  it.each(Object.keys(KINDS))('can begin one more %s', async (kind) => {
    const { code, output } = await begin(kind, NAMES[kind] ?? '');
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining('TODO') });
    const [begun = [], shown = []] = output
      .split('Tests:')
      .map((part) => part.split('\n').flatMap((line) => /^ {2}(\w\S+)$/.exec(line)?.[1] ?? []));
    touched.push(...begun.filter((path) => path.endsWith('.ts')));
    tests.push(...shown);
  });

  it('with what was begun is sound: to the compiler, to the linter, and by its tests', async () => {
    expect(touched.length).toBeGreaterThan(Object.keys(KINDS).length);
    await writeFile(join(copy, 'tsconfig.json'), JSON.stringify({ ...tsconfig, include: touched }));
    const checks = [
      ['tsc', '-p', '.'],
      ['oxlint', '--deny-warnings', ...touched],
      ['oxfmt', '--check', ...touched],
      ['node', 'scripts/generate.ts', '--check'],
      ['vitest', 'run', '--project', 'fast', ...tests],
    ] as const;
    const results = await Promise.all(checks.map(([command, ...args]) => run(command, ...args)));
    expect(results.filter(({ code }) => code !== 0)).toEqual([]);
  });

  it.each([
    [[], 'there is no kind (none given)'],
    [['resourse', 'x'], 'there is no kind resourse'],
    [['resource'], 'no name is not kebab-case'],
    [['resource', 'host/TimeZone'], 'host/TimeZone is not kebab-case'],
    [['resource', 'time-zone'], 'time-zone must be FOLDER/NAME, where FOLDER is one of bundle, cluster, '],
    [['resource', 'host/sysctl'], 'src/facts/sysctl.ts is there already'],
  ])('begins nothing for %j', async (args, message) => {
    expect(await begin(...args)).toMatchObject({
      code: 3,
      output: expect.stringContaining(`Error: ${message}`),
    });
  });
});
