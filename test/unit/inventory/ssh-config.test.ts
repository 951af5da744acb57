import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { LookAtPath } from '#inventory/values/local-file.ts';

import { temporaryDirectory } from '../../contracts/temporary-directory.ts';
import { inventory, parse, problemsOf } from './inventory-fixture.ts';

const hostsOf = async (text: string) => (await parse(text)).cluster.hosts;

const onlyTheSecond: LookAtPath = (path) =>
  Promise.resolve(path === '/b' ? 'file' : { fault: 'there is none' });

const withoutSsh = (): Promise<string> => Promise.reject(new Error('the program ssh is not here'));

function hasSsh(): boolean {
  try {
    execFileSync('ssh', ['-V'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(!hasSsh())('the settings of ssh, as a real ssh reads them', () => {
  const scratch = temporaryDirectory();
  const configured = (config: string, ...rest: readonly string[]): string => {
    const file = join(scratch(), 'config');
    writeFileSync(file, config);
    return inventory(...rest, `ssh: {config: ${file}}`);
  };

  it('fill in what the inventory does not say', async () => {
    const text = configured(
      'Host w1\n HostName 10.0.0.12\n User ubuntu\n Port 2222\n IdentityFile ~/.ssh/lab\n',
      '  - {name: w1}',
    );
    expect((await hostsOf(text))[1]).toMatchObject({
      name: 'w1',
      address: '10.0.0.12',
      port: 2222,
      user: 'ubuntu',
      become: true,
      identityFile: '/home/me/.ssh/lab',
    });
  });

  it('say nothing against the inventory, whether it says it at the host or in the defaults', async () => {
    const text = configured(
      'Host *\n User ubuntu\n Port 2222\n',
      '  - {name: w1, address: 10.0.0.12, port: 22}',
      'defaults: {user: root}',
    );
    expect((await hostsOf(text))[1]).toMatchObject({ address: '10.0.0.12', port: 22, user: 'root' });
  });

  it('are found by patterns, and by what other files they include', async () => {
    writeFileSync(join(scratch(), 'more'), 'Host w?\n  User included\n');
    const text = configured(
      `Include ${join(scratch(), 'more')}\nMatch host w1\n Port 23\n`,
      '  - {name: w1}',
    );
    expect((await hostsOf(text))[1]).toMatchObject({ user: 'included', port: 23 });
  });

  it('leave the usual keys as they are where none is named', async () => {
    const [, w1] = await hostsOf(configured('Host w1\n Port 23\n', '  - {name: w1}'));
    expect(w1).not.toHaveProperty('identityFile');
  });

  it('take the first key that is there', async () => {
    const text = configured('Host w1\n IdentityFile /a\n IdentityFile /b\n', '  - {name: w1}');
    const { cluster } = await parse(text, { lookAt: onlyTheSecond, secrets: 'skip', warn: () => undefined });
    expect(cluster.hosts[1]!.identityFile).toBe('/b');
  });

  it('lead through bastions, whose own settings stand there too', async () => {
    const config = [
      'Host w1',
      '  ProxyJump inner',
      'Host inner',
      '  HostName 192.0.2.2',
      '  User jump',
      '  ProxyJump gate@outer',
      'Host outer',
      '  HostName 192.0.2.1',
      '  User nobody',
      '  Port 2201',
    ].join('\n');
    const [, w1] = await hostsOf(configured(config, '  - {name: w1, address: w1, user: ubuntu}'));
    expect(w1!.bastions).toMatchObject([
      { name: 'outer', address: '192.0.2.1', port: 2201, user: 'gate' },
      { name: 'inner', address: '192.0.2.2', port: 22, user: 'jump' },
    ]);
  });

  it('are told of by the line that is wrong', async () => {
    expect(await problemsOf(configured('Host w1\n Bogus yes\n'))).toMatch(
      /^inventory\.yaml:4:15: ssh\.config: cannot be used: \S+config: line 2: Bad configuration option: bogus$/,
    );
  });

  it('that are not there are told of', async () => {
    expect(await problemsOf(inventory('ssh: {config: nothing}'))).toContain(
      "ssh.config: cannot be used: Can't open user config file /etc/lab/nothing",
    );
  });

  it('with a command in place of a bastion are refused, unless the inventory names a bastion', async () => {
    const config = 'Host w1\n ProxyCommand nc %h %p\n';
    expect(await problemsOf(configured(config, '  - {name: w1}'))).toContain(
      'has a ProxyCommand for w1, which slipway does not run',
    );
    expect(await problemsOf(configured(config, '  - {name: w1, proxyJump: edge.lan}'))).toBe('');
  });

  it('do not concern the machine itself', async () => {
    const text = configured('Host *\n Port 23\n', '  - {name: w1, connection: local}');
    expect((await hostsOf(text))[1]).toMatchObject({ port: 22, address: 'w1' });
  });
});

describe('the settings of ssh', () => {
  it('are asked for once a name', async () => {
    const asked: string[] = [];
    const askSsh = (file: string, name: string): Promise<string> => {
      asked.push(`${file} ${name}`);
      return Promise.resolve(`hostname ${name}\nuser me\nport 22\n`);
    };
    const text = inventory('  - {name: "w[1:2]", proxyJump: edge}', 'ssh: {config: c}');
    const { cluster } = await parse(text, { askSsh });
    expect(asked.toSorted()).toEqual([
      '/etc/lab/c 10.0.0.11',
      '/etc/lab/c edge',
      '/etc/lab/c w1',
      '/etc/lab/c w2',
      'none host',
    ]);
    expect(cluster.hosts.map(({ user }) => user)).toEqual(['me', 'me', 'me']);
  });

  it('that cannot be asked for say why', async () => {
    expect(await problemsOf(inventory('ssh: {config: c}'), { askSsh: withoutSsh })).toContain(
      'ssh.config: cannot be used: the program ssh is not here',
    );
  });
});
