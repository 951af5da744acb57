import { describe, expect, it, test } from 'vitest';

import type { Login } from '#core/cluster.ts';

import { inventory, parse, problemsOf } from './inventory-fixture.ts';

/** The smallest inventory, with a worker of these settings and these bastions. */
const behind = (settings: string, bastions = '{}', defaults = ''): string =>
  inventory(
    `  - {name: w1, address: 10.0.0.12, ${settings}}`,
    `ssh: {bastions: ${bastions}}`,
    ...(defaults === '' ? [] : [`defaults: {${defaults}}`]),
  );

const wayTo = async (text: string, name = 'w1', env = {}): Promise<readonly Login[] | undefined> => {
  const { cluster } = await parse(text, { env });
  return cluster.hosts.find((host) => host.name === name)!.bastions;
};

describe('proxyJump', () => {
  it.each<[string, Partial<Login>[]]>([
    ['admin@edge.lan:2222', [{ user: 'admin', address: 'edge.lan', port: 2222 }]],
    ['edge.lan', [{ user: 'ubuntu', address: 'edge.lan', port: 22, identityFile: '/etc/lab/id' }]],
    ['203.0.113.9', [{ address: '203.0.113.9' }]],
    ['root@[2001:db8::1]:22', [{ user: 'root', address: '2001:db8::1', port: 22 }]],
    ['"2001:db8::1"', [{ address: '2001:db8::1' }]],
    [
      '"a@one, b@two:23"',
      [
        { user: 'a', address: 'one' },
        { user: 'b', address: 'two', port: 23 },
      ],
    ],
  ])('%s is read as OpenSSH reads it', async (written, wanted) => {
    const settings = `proxyJump: ${written.includes('[') ? `"${written}"` : written}, user: ubuntu, identityFile: id`;
    expect(await wayTo(behind(settings))).toMatchObject(wanted);
  });

  it.each([
    'admin@',
    'edge:0',
    'edge:65536',
    'one,,two',
    'ssh://edge',
    '[10.0.0.1]:22',
    'a b',
    'edge:22:22',
    '',
  ])('is refused as %j, with its place', async (written) => {
    const problems = await problemsOf(behind(`proxyJump: ${JSON.stringify(written)}`));
    expect(problems).toMatch(/^inventory\.yaml:4:\d+: hosts\[1\]\.proxyJump: /);
    expect(problems).toContain('[user@]host[:port]');
  });

  it('names a bastion, whose own settings come first', async () => {
    const bastions = '{edge: {address: 203.0.113.10, port: 2222, user: admin, identityFile: keys/edge}}';
    expect(await wayTo(behind('proxyJump: edge, user: ubuntu, identityFile: id', bastions))).toEqual([
      {
        name: 'edge',
        address: '203.0.113.10',
        port: 2222,
        user: 'admin',
        identityFile: '/etc/lab/keys/edge',
      },
    ]);
  });

  it('names a bastion, which is else reached as the host behind it', async () => {
    const settings = 'proxyJump: edge, user: ubuntu, identityFile: id, passphrase: {env: PASS}';
    const [edge] = (await wayTo(behind(settings, '{edge: {}}'), 'w1', { PASS: 'open' }))!;
    expect(edge).toMatchObject({ name: 'edge', address: 'edge', port: 22, user: 'ubuntu' });
    expect(edge).toMatchObject({ identityFile: '/etc/lab/id' });
    expect(edge!.passphrase?.reveal()).toBe('open');
  });

  it('gives a bastion no password of the host behind it, and its own', async () => {
    const settings = 'proxyJump: edge, password: {env: OF_HOST}';
    const env = { OF_HOST: 'one', OF_EDGE: 'two' };
    const passwordsOf = async (bastion: string) =>
      (await wayTo(behind(settings, `{edge: ${bastion}}`), 'w1', env))!.map(({ password }) =>
        password?.reveal(),
      );
    expect(await passwordsOf('{}')).toEqual([undefined]);
    expect(await passwordsOf('{password: {env: OF_EDGE}}')).toEqual(['two']);
  });

  it('leads through several bastions, each behind another', async () => {
    const bastions = '{inner: {proxyJump: "gate@outer"}, outer: {address: 203.0.113.1}}';
    expect(await wayTo(behind('proxyJump: inner', bastions))).toMatchObject([
      { name: 'outer', address: '203.0.113.1', user: 'gate' },
      { name: 'inner' },
    ]);
  });

  it('names another host, which is reached as it says itself, and directly', async () => {
    const text = behind('user: ubuntu', '{}', 'proxyJump: cp1, port: 2200');
    expect(await wayTo(text)).toEqual([{ name: 'cp1', address: '10.0.0.11', port: 2200, user: 'root' }]);
    expect(await wayTo(text, 'cp1')).toBeUndefined();
  });

  it('none takes back what the defaults say', async () => {
    expect(await wayTo(behind('proxyJump: none', '{}', 'proxyJump: edge.lan'))).toBeUndefined();
    expect(await wayTo(behind('user: a', '{}', 'proxyJump: edge.lan'), 'cp1')).toHaveLength(1);
  });

  it('that was meant for a bastion says for which', async () => {
    expect(await problemsOf(behind('proxyJump: egde', '{edge: {}}'))).toBe(
      'inventory.yaml:4:47: hosts[1].proxyJump: there is no bastion "egde", did you mean "edge"?',
    );
  });

  it('in a circle is refused', async () => {
    const problems = await problemsOf(
      behind('proxyJump: a', '{a: {proxyJump: b}, b: {proxyJump: c}, c: {proxyJump: a}}'),
    );
    expect(problems).toContain('ssh.bastions.a.proxyJump: the way to a leads through a itself');
    expect(await problemsOf(behind('proxyJump: a', '{a: {proxyJump: a}}'))).toContain(
      'leads through a itself',
    );
  });

  it('in a circle of hosts ends where it began', async () => {
    const text = inventory(
      '  - {name: w1, address: 10.0.0.12, proxyJump: w2}',
      '  - {name: w2, address: 10.0.0.13, proxyJump: w1}',
    );
    expect((await wayTo(text))!.map(({ name }) => name)).toEqual(['w2']);
  });
});

describe('connection', () => {
  test('local goes through sudo unless it is said otherwise, since who runs slipway is not known', async () => {
    const { cluster } = await parse(inventory().replace('role:', 'connection: local, role:'));
    expect(cluster.hosts[0]).toMatchObject({ connection: 'local', become: true });
  });

  test('local has nothing to log in with', async () => {
    expect(await problemsOf(behind('connection: local, user: ubuntu, proxyJump: edge'))).toBe(
      [
        'inventory.yaml:4:55: hosts[1]: "user" has no meaning with connection: local',
        'inventory.yaml:4:69: hosts[1]: "proxyJump" has no meaning with connection: local',
      ].join('\n'),
    );
  });

  test('ssh is the default', async () => {
    const { cluster } = await parse(behind('connection: ssh'));
    expect(cluster.hosts.map(({ connection }) => connection)).toEqual([undefined, undefined]);
  });
});
