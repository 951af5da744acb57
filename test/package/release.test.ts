import { cp, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import manifest from '../../package.json' with { type: 'json' };
import { type Ended, run } from './support.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const hasGit = run(['git', '-C', root, 'rev-parse'], root).status === 0;

describe.skipIf(!hasGit)('a release', { timeout: 120_000 }, () => {
  let copy: string;
  const git = (...argv: readonly string[]): Ended => run(['git', ...argv], copy);
  const release = (...argv: readonly string[]): Ended =>
    run([process.execPath, 'scripts/release.ts', '--no-executable', ...argv], copy);

  // The project as it is here, with a history of one commit.
  beforeAll(async () => {
    copy = await mkdtemp(join(tmpdir(), 'slipway-release-test-'));
    const { stdout } = run(['git', 'ls-files', '-z', '-co', '--exclude-standard'], root);
    for (const name of stdout.split('\0').filter((one) => one !== ''))
      await cp(join(root, name), join(copy, name)).catch(() => undefined);
    await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
    git('init', '--quiet');
    git('config', 'user.name', 'Test');
    git('config', 'user.email', 'test@example.com');
    await cp(join(copy, '.gitignore'), join(copy, '.git', 'info', 'exclude'));
    run(['sh', '-c', 'echo node_modules >>.git/info/exclude'], copy);
    git('add', '--all');
    git('commit', '--quiet', '--message', 'As it is');
  }, 60_000);
  afterAll(() => rm(copy, { recursive: true, force: true }));

  test('is refused of what is not committed, of an older version and of none', async () => {
    expect(release()).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('which version?') as unknown,
    });
    expect(release('0.0.9').stdout).toContain(`0.0.9 is not newer than ${manifest.version}`);
    await cp(join(copy, 'LICENSE'), join(copy, 'UNCOMMITTED'));
    expect(release('9.8.7').stdout).toContain('?? UNCOMMITTED');
    await rm(join(copy, 'UNCOMMITTED'));
  });

  test('is made with all that belongs to it, and only --tag changes the clone', async () => {
    const before = git('rev-parse', 'HEAD').stdout;
    const { status, stdout, stderr } = release('9.8.7', '--tag');
    expect([status, stderr], stdout).toEqual([0, '']);
    expect(stdout).toContain('npm publish build/release/slipway-9.8.7.tgz --provenance --access public');
    const folder = join(copy, 'build', 'release');
    expect((await readdir(folder)).toSorted()).toEqual([
      'SHA256SUMS',
      'THIRD-PARTY-LICENSES.md',
      'notes.md',
      'sbom.cyclonedx.json',
      'slipway-9.8.7.tgz',
    ]);
    expect(run(['sha256sum', '--check', '--quiet', 'SHA256SUMS'], folder).status).toBe(0);
    const read = (name: string): string =>
      run(['tar', '-xOf', join(folder, 'slipway-9.8.7.tgz'), `package/${name}`], folder).stdout;
    expect(JSON.parse(read('package.json'))).toMatchObject({ version: '9.8.7' });
    expect(read('schema/inventory.schema.json')).toContain('slipway@9.8.7/');
    expect(read('man/slipway.1')).toContain('"slipway 9.8.7"');
    expect(read('CHANGELOG.md')).toMatch(/^## \[Unreleased\]\n\n## \[9\.8\.7\] - \d{4}-\d\d-\d\d\n/m);
    const materials = JSON.parse(await readFile(join(folder, 'sbom.cyclonedx.json'), 'utf8')) as {
      readonly components: readonly { readonly name: string }[];
      readonly metadata: object;
    };
    expect(materials.metadata).toMatchObject({ component: { name: 'slipway', version: '9.8.7' } });
    const names = materials.components.map(({ name }) => name);
    expect(names).toContain('ssh2');
    expect(names).not.toContain('vitest');

    expect(git('describe').stdout).toBe('v9.8.7\n');
    expect(git('rev-parse', 'HEAD~').stdout).toBe(before);
    expect(git('status', '--porcelain').stdout).toBe('');
    expect(release('9.8.7').stdout).toContain('9.8.7 is not newer than 9.8.7');
  });
});
