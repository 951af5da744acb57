import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { scratchDirectory } from '../support/scratch-directory.ts';
import { fakeCli } from './fake-cli.ts';

const SSH_CONFIG =
  'Host cp1\n  HostName 10.0.0.11\n  User admin\nHost w1\n  HostName 10.0.0.12\n  User admin\n';

describe('import', () => {
  test('reads standard input and writes to standard output', async () => {
    const { code, stdout, stderr, calls } = await fakeCli(['import', 'ssh-config'], { stdin: SSH_CONFIG });
    expect([code, stderr, calls.opened]).toEqual([0, '', []]);
    expect(stdout).toContain('made by slipway import ssh-config.');
    expect(stdout).toContain('defaults:\n  user: admin\n');
    expect(stdout).toContain('  - name: cp1\n    role: control-plane\n    address: 10.0.0.11\n');
  });

  test('reads a file, and writes a new one', async () => {
    const directory = await scratchDirectory();
    const [source, out] = ['config', 'my inventory.yaml'].map((name) => join(directory, name));
    await writeFile(source ?? '', SSH_CONFIG);
    const argv = ['import', 'ssh-config', source ?? '', '--out', out ?? ''];
    const { code, stdout, stderr } = await fakeCli(argv);
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toBe(`The inventory is in ${out}. Look it over, then: slipway doctor -i '${out}'\n`);
    expect(await readFile(out ?? '', 'utf8')).toContain('- name: w1');
  });

  test('leaves a file that is there as it is', async () => {
    const out = join(await scratchDirectory(), 'inventory.yaml');
    await writeFile(out, 'mine\n');
    const result = await fakeCli(['import', 'ssh-config', '--out', out], { stdin: SSH_CONFIG });
    expect(result).toMatchObject({
      code: 3,
      stderr: `Error: ${out} is there already, and stays as it is\nHint: name another file, or move that one away\n`,
    });
    expect(await readFile(out, 'utf8')).toBe('mine\n');
  });

  test('says what to hand over where there is nothing to read', async () => {
    expect(await fakeCli(['import', 'vagrant'])).toMatchObject({
      code: 3,
      stderr:
        'Error: nothing is to be read: standard input is a terminal\n' +
        'Hint: name a file, or hand over the output of: vagrant ssh-config\n',
    });
    expect(await fakeCli(['import', 'k0sctl', '/nowhere/k0sctl.yaml'])).toMatchObject({ code: 3 });
  });

  test('shows nothing of what it cannot read', async () => {
    const { code, stdout, stderr } = await fakeCli(['import', 'terraform'], { stdin: '{"a": "hunter2"}' });
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toContain('Hint: what is read is the output of: terraform output -json\n');
    expect(stderr).not.toContain('hunter2');
  });
});
