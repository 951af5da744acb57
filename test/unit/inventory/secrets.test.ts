import { join } from 'node:path';
import { inspect } from 'node:util';

import { describe, expect, test } from 'vitest';

import { scratchDirectory } from '../../support/scratch-directory.ts';
import { inventory, parse, problemsOf } from './inventory-fixture.ts';

const withDefaults = (settings: string): string =>
  inventory('  - {name: w1, address: 10.0.0.12}', `defaults: {${settings}}`);

const readFile = (path: string): Promise<string> => Promise.resolve(`${path}\n`);

const refuseToAnswer = (): Promise<string> => Promise.reject(new Error('asked'));

describe('secret', () => {
  test('comes from the environment', async () => {
    const { cluster } = await parse(withDefaults('password: {env: PASSWORD}'), {
      env: { PASSWORD: 'hunter2' },
    });
    expect(cluster.hosts.map(({ password }) => password?.reveal())).toEqual(['hunter2', 'hunter2']);
  });

  test('comes from a file, without the line end', async () => {
    const { cluster } = await parse(withDefaults('identityFile: id, passphrase: {file: ~/pass}'), {
      readFile,
    });
    expect(cluster.hosts[0]?.passphrase?.reveal()).toBe('/home/me/pass');
  });

  test('is asked for once, however many need it', async () => {
    const asked: string[] = [];
    const prompt = (question: string): Promise<string> => {
      asked.push(question);
      return Promise.resolve('hunter2');
    };
    const text = withDefaults('password: {prompt: "Password?"}, becomePassword: {prompt: "Password?"}');
    const { cluster } = await parse(text, { prompt });
    expect(asked).toEqual(['Password?']);
    expect(cluster.hosts[1]?.becomePassword?.reveal()).toBe('hunter2');
  });

  test('comes from a program, without a shell, in the directory of the inventory', async () => {
    const directory = import.meta.dirname;
    const text = withDefaults(
      'password: {command: [printf, "%s\\n", "$HOME *; `id`"]}, becomePassword: {command: [pwd]}',
    );
    const { cluster } = await parse(text, { directory, env: process.env });
    expect(cluster.hosts[1]?.password?.reveal()).toBe('$HOME *; `id`');
    expect(cluster.hosts[1]?.becomePassword?.reveal()).toBe(directory);
  });

  test('comes from a program that runs once, however many need it', async () => {
    const count = join(await scratchDirectory(), 'count');
    const command = `{command: [sh, -c, 'echo x >>"$1"; wc -l <"$1"', sh, ${count}]}`;
    const text = withDefaults(`password: ${command}, becomePassword: ${command}`);
    const { cluster } = await parse(text, { directory: '/', env: process.env });
    expect(cluster.hosts.map(({ becomePassword }) => becomePassword?.reveal().trim())).toEqual(['1', '1']);
  });

  test.each([
    ['[nowhere-to-be-found]', 'the program nowhere-to-be-found failed: there is no such program here'],
    ['[sh, -c, "echo hunter2; echo locked >&2; exit 3"]', 'the program sh failed: locked'],
    ['[sh, -c, "echo hunter2; exit 3"]', 'the program sh failed: it ended with code 3'],
    ['["true"]', 'the program true printed nothing'],
    ['[]', 'must not be empty'],
    ['hunter2', 'must be'],
    ['[5]', 'must be a word of a command'],
  ])('of a program %s is told to be missing, and nothing that it printed', async (command, fault) => {
    const problems = await problemsOf(withDefaults(`password: {command: ${command}}`), {
      directory: '/',
      env: process.env,
    });
    expect(problems).toContain(fault);
    expect(problems).not.toContain('hunter2');
  });

  test('of a program is left alone where nobody connects', async () => {
    expect(await problemsOf(withDefaults('password: {command: ["false"]}'), { secrets: 'skip' })).toBe('');
  });

  test('is not asked for while anything is wrong', async () => {
    expect(
      await problemsOf(withDefaults('port: 0, password: {prompt: "Password?"}'), { prompt: refuseToAnswer }),
    ).toContain('port');
  });

  test('is not read where nobody needs it', async () => {
    const text = inventory('groups: {gpu: {password: {env: NONE}}}');
    expect(await problemsOf(text)).toBe('');
    expect(await problemsOf(withDefaults('password: {env: NONE}'), { secrets: 'skip' })).toBe('');
  });

  test('of a host takes the place of that of its group', async () => {
    const text = inventory(
      '  - {name: w1, address: 10.0.0.12, group: g, password: {env: HOST}}',
      'groups: {g: {password: {env: GROUP}}}',
    );
    const { cluster } = await parse(text, { env: { HOST: 'h' } });
    expect(cluster.hosts[1]?.password?.reveal()).toBe('h');
  });

  test('that cannot be had is told, with its place', async () => {
    const text = inventory(
      'defaults:',
      '  password: {env: NONE}',
      '  identityFile: id',
      '  passphrase: {file: none}',
      '  becomePassword: {prompt: "Password?"}',
    );
    expect(await problemsOf(text)).toMatchInlineSnapshot(`
      "inventory.yaml:5:3: defaults.password: the environment variable NONE is not set
      inventory.yaml:7:3: defaults.passphrase: the file /etc/lab/none cannot be read: there is none
      inventory.yaml:8:3: defaults.becomePassword: asks a question, and there is no terminal to ask on: use {env: NAME}, {file: PATH} or {command: [PROGRAM, ...]}"
    `);
  });

  test('does not show in a printed inventory', async () => {
    const read = await parse(withDefaults('password: {env: PASSWORD}'), { env: { PASSWORD: 'hunter2' } });
    expect(inspect(read, { depth: 20 }) + JSON.stringify(read)).not.toContain('hunter2');
  });

  test.each([
    'hunter2',
    '"hunter2${X"',
    '"${hunter2}"',
    '[hunter2]',
    '{env: "hunter2 !"}',
    '{env: [hunter2]}',
    '{env: A, file: hunter2}',
    '{value: hunter2}',
    '{env: {deep: hunter2}}',
  ])('%s is refused without being repeated', async (value) => {
    const problems = await problemsOf(withDefaults(`password: ${value}`));
    expect(problems).toContain('defaults.password');
    expect(problems).not.toContain('hunter2');
  });
});
