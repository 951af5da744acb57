import { cp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, type TestContext, test } from 'vitest';

import manifest from '../../package.json' with { type: 'json' };
import { type Ended, Packed, run } from './support.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** npm, and what it fetches where its cache has nothing. */
const TIMEOUT_MS = 5 * 60_000;
/** As strict as a consumer can be, and of slipway's own declarations as well. */
const STRICT = [
  '--strict',
  '--exactOptionalPropertyTypes',
  '--target',
  'es2022',
  '--lib',
  'es2023,esnext.disposable',
  '--types',
  'node',
];
const oldest = manifest.engines.node.replace('>=', '');

/** The same by the clone. */
const here = (...argv: readonly string[]): Ended =>
  run([process.execPath, join(root, 'bin', 'slipway.cjs'), ...argv], root);

const isProgram = (name: string): boolean => name.startsWith('dist/program/');
/** What it puts before modules has no source, and no map to one. */
const isOfBundler = (name: string): boolean => name.startsWith('dist/program/rolldown-runtime-');

let packed: Packed;

beforeAll(async () => {
  packed = await Packed.make();
}, TIMEOUT_MS);
afterAll(() => packed.remove());

async function installed(context: TestContext, node: string) {
  const directory = await packed.project(context);
  const program = join(directory, 'node_modules', '.bin', 'slipway');
  return (...argv: readonly string[]): Ended => run([node, program, ...argv], directory);
}

describe('package', () => {
  test('has each module as JavaScript, types and source map, the data beside them, and nothing else', async () => {
    const sources = (await readdir(join(root, 'src'), { recursive: true })).filter((name) =>
      /\.(?:ts|json)$/.test(name),
    );
    const modules = sources.filter((name) => name.endsWith('.ts')).map((name) => name.replace(/\.ts$/, ''));
    const data = sources.filter((name) => name.endsWith('.json'));
    expect(modules.length).toBeGreaterThan(300);
    expect(data.length).toBeGreaterThan(0);
    const beside = (
      await Promise.all(
        ['schema', 'templates'].map((name) =>
          readdir(join(root, name), { recursive: true, withFileTypes: true }),
        ),
      )
    )
      .flat()
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name).replace(root, ''));
    const rest = packed.files().filter((name) => !/^(?:docs|man|schema|templates|dist)\//.test(name));
    expect(packed.files()).toEqual(expect.arrayContaining(beside));
    expect(
      packed
        .files()
        .filter((name) => name.startsWith('dist/') && !isProgram(name))
        .toSorted(),
    ).toEqual(
      [
        'package.json',
        ...data,
        ...modules.flatMap((name) => [`${name}.js`, `${name}.js.map`, `${name}.d.ts`]),
      ]
        .map((name) => `dist/${name}`)
        .toSorted(),
    );
    const program = packed.files().filter(isProgram);
    const bundles = program.filter((name) => name.endsWith('.cjs'));
    expect(bundles).toContain('dist/program/main.cjs');
    expect(program.toSorted()).toEqual(
      [
        'dist/program/LICENSES.md',
        ...bundles.flatMap((name) => (isOfBundler(name) ? [name] : [name, `${name}.map`])),
      ].toSorted(),
    );
    expect(
      packed
        .files()
        .filter((name) => name.startsWith('man/'))
        .map((name) => `./${name}`)
        .toSorted(),
    ).toEqual(manifest.man);
    expect(rest.toSorted()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'bin/slipway.cjs',
      'inventory.yaml',
      'package.json',
    ]);
  });

  test('may be published', () => {
    expect(manifest).not.toHaveProperty('private');
    for (const version of Object.values(manifest.dependencies)) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test.for([
    ['this Node', undefined],
    ['the oldest Node that it names', oldest],
  ] as const)('works in an empty folder with %s', { timeout: TIMEOUT_MS }, async ([, version], context) => {
    const node = version === undefined ? process.execPath : await packed.node(context, version);
    const slipway = await installed(context, node);
    expect(slipway('--version')).toEqual({ status: 0, stdout: `${manifest.version}\n`, stderr: '' });
    expect(slipway('--help')).toMatchObject({ status: 0, stderr: '' });
    expect(slipway('validate')).toEqual({
      ...here('validate'),
      stdout: expect.stringContaining('inventory.yaml is valid: cluster example') as unknown,
    });
    expect(slipway('plan', '--offline')).toEqual(here('plan', '--offline'));
    expect(slipway('aply')).toEqual({
      status: 3,
      stdout: '',
      stderr: "Error: unknown command 'aply'\nHint: did you mean apply?\n",
    });
  });

  test('names the Node it needs where there is an older one', { timeout: TIMEOUT_MS }, async (context) => {
    const slipway = await installed(context, await packed.node(context, '20.19.0'));
    expect(slipway('--version')).toMatchObject({ status: 0, stdout: `${manifest.version}\n` });
    const { status, stdout, stderr } = slipway('validate');
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain(`Error: slipway needs Node ${oldest} or newer, and this is v20.19.0\nHint: `);
  });

  test('is a library with types, in both ways to find modules', { timeout: TIMEOUT_MS }, async (context) => {
    const directory = await packed.project(context);
    await cp(fileURLToPath(new URL('consumer.ts.txt', import.meta.url)), join(directory, 'provision.ts'));
    const tsc = [process.execPath, join(directory, 'node_modules', 'typescript', 'bin', 'tsc')];
    const compile = (...flags: readonly string[]): Ended =>
      run([...tsc, 'provision.ts', ...STRICT, ...flags], directory);
    const clean: Ended = { status: 0, stdout: '', stderr: '' };
    const example = new URL('../../examples/provision/provision.ts', import.meta.url);
    await cp(fileURLToPath(example), join(directory, 'example.ts'));
    const zx = fileURLToPath(new URL('../../node_modules/zx', import.meta.url));
    await symlink(zx, join(directory, 'node_modules', 'zx'));
    expect(
      run([...tsc, 'example.ts', ...STRICT, '--skipLibCheck', '--noEmit', '--module', 'nodenext'], directory),
    ).toEqual(clean);
    expect(compile('--noEmit', '--module', 'esnext', '--moduleResolution', 'bundler')).toEqual(clean);
    expect(compile('--module', 'nodenext')).toEqual(clean);
    const { status, stdout, stderr } = run([process.execPath, 'provision.js'], directory);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout.startsWith(here('plan', '--offline').stdout)).toBe(true);
    expect(stdout).toMatch(
      /\n4 hosts, \d+ to change, empty: false\ninventory-unreadable\nthe same plan: true\n$/,
    );
  });

  test('names the licences of all that is in it', () => {
    const { stdout } = run(['tar', '-xzOf', packed.tarball, 'package/dist/program/LICENSES.md'], root);
    for (const [name, version] of Object.entries(manifest.dependencies))
      expect(stdout).toContain(`## ${name} ${version}\n`);
  });

  test('tells of a bug by the lines of the sources', { timeout: TIMEOUT_MS }, async (context) => {
    const directory = await packed.project(context);
    await rm(join(directory, 'node_modules', 'slipway', 'templates'), { recursive: true });
    const program = join(directory, 'node_modules', '.bin', 'slipway');
    const { status, stderr } = run([process.execPath, program, 'plan', '--offline'], directory);
    expect(status).toBe(1);
    expect(stderr).toContain('This is a bug in slipway');
    const [, line] = /slipway\/src\/core\/template\.ts:(\d+)/.exec(stderr) ?? [];
    const source = await readFile(join(root, 'src', 'core', 'template.ts'), 'utf8');
    expect(source.split('\n')[Number(line) - 1], stderr).toContain('packageFile(`../templates/${path}`)');
  });
});
