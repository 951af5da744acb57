import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { LabCluster } from './support/lab-cluster.ts';

const reason = labUnavailable();

describe.skipIf(reason !== undefined)(`hooks${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let cluster: LabCluster;
  beforeAll(async () => {
    cluster = await LabCluster.start([{ name: 'cp1' }, { name: 'w1' }]);
  });
  afterAll(() => cluster?.[Symbol.asyncDispose]());

  const on = async (script: string): Promise<string> =>
    (await cluster.lab.exec('cp1', 'sh', { input: script })).stdout.trim();
  const withHooks = (...hooks: readonly object[]) => cluster.writeInventory({ overlay: { hooks } });
  const apply = () => cluster.slipway('apply', '--yes', '--only', 'preflight,kernel');
  const log = 'echo $SLIPWAY_PHASE on $SLIPWAY_HOST $WORD >>/root/hooks.log';

  it('run as their phase changes something, around it, and then no more', async () => {
    await withHooks(
      {
        name: 'first',
        before: 'kernel',
        command: `${log}; test ! -e /etc/sysctl.d/k8s-net.ipv4.ip_forward.conf`,
        environment: { WORD: 'alone' },
      },
      { name: 'last', after: 'kernel', command: log, environment: { WORD: "it's" } },
      { name: 'made', after: 'kernel', command: 'touch /root/made', creates: '/root/made' },
      { name: 'tried', after: 'kernel', command: 'touch /root/tried', unless: 'test -e /root/tried' },
      { name: 'once', after: 'kernel', command: 'echo once >>/root/hooks.log', run: 'once' },
    );
    const applied = await apply();
    expect(applied.code, applied.stdout + applied.stderr).toBe(0);
    expect(await on('cat /root/hooks.log; ls /root/made /root/tried /var/lib/slipway/hooks')).toBe(
      [
        'kernel on cp1 alone',
        "kernel on cp1 it's",
        'once',
        '/root/made',
        '/root/tried',
        '',
        '/var/lib/slipway/hooks:',
        'once.done',
      ].join('\n'),
    );
    const again = await apply();
    expect(again.stdout).toContain('No changes.');
    await on('rm /root/made');
    expect((await apply()).code).toBe(0);
    expect(await on('cat /root/hooks.log; ls /root/made')).toMatch(
      /^kernel.*\nkernel.*\nonce\n\/root\/made$/,
    );
  });

  it('that fail are told by name, with what they said, and are made up for by the next run', async () => {
    await on('rm -f /root/hooks.log; sysctl -w net.ipv4.ip_forward=0');
    await withHooks({ name: 'broken', after: 'kernel', command: 'echo no disk >&2; test -e /root/disk' });
    const failed = await apply();
    expect(failed.code).toBe(1);
    expect(failed.stdout + failed.stderr).toContain('run hook broken');
    expect(failed.stdout + failed.stderr).toContain('no disk');
    expect(await on('sysctl -n net.ipv4.ip_forward; ls /var/lib/slipway/hooks')).toBe(
      '1\nbroken.due\nonce.done',
    );

    const planned = await cluster.slipway('plan', '--only', 'kernel');
    expect(planned.stdout).toContain('an earlier run did not come to it');
    await on('touch /root/disk');
    expect((await apply()).code).toBe(0);
    expect(await on('ls /var/lib/slipway/hooks')).toBe('once.done');
  });

  const here = (name: string): Promise<string> => readFile(join(cluster.directory, name), 'utf8');

  it('of the controller run there once for all hosts, as the first comes to the phase and the last has left it', async () => {
    await withHooks(
      {
        name: 'first',
        before: 'kernel',
        runsOn: 'controller',
        command: 'echo "before $SLIPWAY_PHASE for $SLIPWAY_HOSTS" >>hooks.log',
      },
      {
        name: 'last',
        after: 'kernel',
        runsOn: 'controller',
        command:
          'echo "after $SLIPWAY_CONTROL_PLANES and $SLIPWAY_WORKERS of $SLIPWAY_INVENTORY" >>hooks.log',
      },
      { name: 'made', after: 'kernel', runsOn: 'controller', command: 'touch made', unless: 'test -e made' },
      { name: 'once', before: 'kernel', runsOn: 'controller', command: 'echo once >>hooks.log', run: 'once' },
    );
    await on('sysctl -w net.ipv4.ip_forward=0; rm -f /var/lib/slipway/hooks/*');
    const { nodes, hosts } = await cluster.plan('--only', 'kernel');
    expect(nodes.filter(({ address }) => address.startsWith('hook:')).map(({ id }) => id)).toEqual(
      ['first', 'once', 'last', 'made'].map((name) => `cp1/kernel/hook:${name}`),
    );
    expect(hosts).toEqual([{ name: 'cp1' }, { name: 'w1' }]);
    const applied = await apply();
    expect(applied.code, applied.stdout + applied.stderr).toBe(0);
    expect(await here('hooks.log')).toMatch(
      new RegExp(`^before kernel for cp1 w1\nonce\nafter cp1 and w1 of ${cluster.inventory}\n$`),
    );
    expect(await here('made')).toBe('');
    expect(await on('ls /var/lib/slipway/hooks')).toBe('once.done');
    expect((await apply()).stdout).toContain('No changes.');
    await rm(join(cluster.directory, 'made'));
    expect((await apply()).code).toBe(0);
    expect(await here('made')).toBe('');
    expect(await here('hooks.log')).toMatch(/^before.*\nonce\nafter.*\n$/);
  });

  it('of the controller that fail are told by name, and are made up for by a run of any host', async () => {
    await on('sysctl -w net.ipv4.ip_forward=0');
    await writeFile(join(cluster.directory, 'tell.sh'), '#!/bin/sh\necho no way >&2\ntest -e way\n');
    await withHooks({ name: 'tell', after: 'kernel', runsOn: 'controller', script: 'tell.sh' });
    const failed = await apply();
    expect(failed.code).toBe(1);
    expect(failed.stdout + failed.stderr).toContain('run hook tell on the controller: exit code 1');
    expect(failed.stdout + failed.stderr).toContain('no way');
    expect(await on('sysctl -n net.ipv4.ip_forward; ls /var/lib/slipway/hooks')).toBe(
      '1\nonce.done\ntell.due',
    );

    await writeFile(join(cluster.directory, 'way'), '');
    const limited = await cluster.slipway('apply', '--yes', '--only', 'kernel', '--limit', 'w1');
    expect(limited.code, limited.stdout + limited.stderr).toBe(0);
    expect(await on('ls /var/lib/slipway/hooks')).toBe('once.done');
    expect((await apply()).stdout).toContain('No changes.');
  });

  it('of the controller that take too long are ended', async () => {
    const slow = { command: 'sleep 60', timeout: 2, unless: 'false' };
    await withHooks({ name: 'slow', before: 'kernel', runsOn: 'controller', ...slow });
    const failed = await apply();
    expect(failed.code).toBe(1);
    expect(failed.stdout + failed.stderr).toMatch(/run hook slow on the controller.*2 s/s);
  });

  it('that take too long are ended', async () => {
    await withHooks({
      name: 'slow',
      after: 'kernel',
      command: 'sleep 60',
      timeout: 2,
      creates: '/root/never',
    });
    const failed = await apply();
    expect(failed.code).toBe(1);
    expect(failed.stdout + failed.stderr).toMatch(/run hook slow.*2 s/s);
  });
});
