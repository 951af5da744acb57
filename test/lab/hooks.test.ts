import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { LabCluster } from './support/lab-cluster.ts';

const reason = labUnavailable();

describe.skipIf(reason !== undefined)(`hooks${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let cluster: LabCluster;
  beforeAll(async () => {
    cluster = await LabCluster.start([{ name: 'cp1' }]);
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
