import { readFile, writeFile } from 'node:fs/promises';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { run } from '../../scripts/lab/run.ts';
import { LabCluster, type Outcome } from './support/lab-cluster.ts';

/** Documentation has it (RFC 5737): it leads to the control plane, of which no interface has it. */
const FORWARDED = '203.0.113.14';

const reason = labUnavailable();

describe.skipIf(reason !== undefined)(`addresses${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let cluster: LabCluster;
  let own = '';
  beforeAll(async () => {
    cluster = await LabCluster.start([{ name: 'cp1' }]);
    const { lab } = cluster;
    own = lab.hosts[0]?.address ?? '';
    await run`${lab.inNetwork(['ip', 'route', 'add', FORWARDED, 'via', own])}`;
    await lab.exec('cp1', `ip route add local ${FORWARDED} dev lo`);
    const keys = await readFile(lab.knownHostsFile, 'utf8');
    await writeFile(lab.knownHostsFile, keys.replaceAll(own, `${own},${FORWARDED}`));
  });
  afterAll(() => cluster?.[Symbol.asyncDispose]());

  it('that are only forwarded are refused before anything is changed, and the way out works', async () => {
    await cluster.writeInventory({ hosts: { cp1: { address: FORWARDED } } });
    const before = await cluster.lab.filesystemDigest('cp1');
    const applied = await cluster.slipway('apply', '--yes');
    expect(applied.code).toBe(1);
    expect(flat(applied)).toContain(`NodeIP: no interface has ${FORWARDED}`);
    expect(flat(applied)).toContain(`nodeIp: ${own}`);
    expect(await cluster.lab.filesystemDigest('cp1')).toBe(before);

    await cluster.writeInventory({ hosts: { cp1: { address: FORWARDED, nodeIp: own } } });
    const mended = await cluster.slipway('apply', '--yes');
    expect(mended.code, flat(mended)).toBe(0);
    expect(await cluster.pending()).toEqual([]);
  });

  it('that an init was begun with, and another is wanted now, are named with the command that clears them', async () => {
    const { lab } = cluster;
    const log = '/run/slipway/slipway-kubeadm-init.log';
    await lab.exec('cp1', `kubeadm reset --force >/dev/null 2>&1; rm -f ${log} /etc/cni/net.d/*calico*`);
    await cluster.writeInventory({
      hosts: { cp1: { address: FORWARDED } },
      overlay: { ignoreChecks: ['NodeIP'] },
    });
    const begun = cluster.slipway('apply', '--yes');
    await lab.exec(
      'cp1',
      `until grep -qs 'Starting the kubelet' ${log}; do sleep 0.02; done; systemctl kill -s KILL --kill-who=all slipway-kubeadm-init`,
    );
    expect((await begun).code).toBe(1);

    await cluster.writeInventory({ hosts: { cp1: { address: FORWARDED, nodeIp: own } } });
    const planned = await cluster.slipway('plan');
    expect(planned.code).toBe(1);
    expect(flat(planned)).toContain(`advertiseAddress: ${FORWARDED}`);
    expect(flat(planned)).toContain('clear it on cp1: kubeadm reset --force');
    await lab.exec('cp1', 'kubeadm reset --force');
    expect((await cluster.slipway('apply', '--yes')).code).toBe(0);
    expect(await cluster.pending()).toEqual([]);
  });
});

const flat = ({ stdout, stderr }: Pick<Outcome, 'stdout' | 'stderr'>): string =>
  `${stdout}\n${stderr}`.replaceAll(/\s+/g, ' ');
