import { describe, expect, it } from 'vitest';

import type { Cluster, Host } from '#core/cluster.ts';
import type { Step } from '#core/step.ts';
import { kubeletVersion } from '#resources/upgrade/kubelet-upgrade.ts';

import { clusterOf, NEW } from '../workflows/upgrade-model.ts';

const cluster: Cluster = await clusterOf({ wanted: NEW, hosts: { cp1: {}, w1: {} } });
const hostOf = (role: string): Host => cluster.hosts.find((host) => host.role === role)!;

const node = { kubeletVersion: `v${NEW}` };
const ready = (name: string, more = {}) => ({ state: 'ready', nodes: { [name]: { ...node, ...more } } });
const away = { state: 'unreachable', message: 'connection refused' };

/** What the resource wants of a host whose packages are new, and whose upgrade was not seen to its end. */
function wantedOf(host: Host, api: unknown) {
  const { diff, settle } = kubeletVersion(cluster, host);
  const answers = {
    api,
    'its node': 'file',
    'its kubelet': { installed: `${NEW}-1.1`, isHeld: true, offered: null },
    record: { type: 'file', content: `${NEW}\n` },
  };
  const remedy = settle.remedy as unknown as { afterMs: number; steps: (given: unknown) => readonly Step[] };
  return {
    outcome: diff(answers as never, { host: host.name, changed: [] }),
    ends: remedy.steps(answers).map(({ summary }) => summary),
    afterMs: remedy.afterMs,
  };
}

describe('the end of an upgrade of a node', () => {
  it.each([
    ['control-plane', 15_000],
    ['worker', 0],
  ])('of a %s comes when the API server has answered for %d ms', (role, afterMs) => {
    const host = hostOf(role);
    expect(wantedOf(host, ready(host.name))).toMatchObject({
      outcome: { answer: 'change', steps: [] },
      ends: [expect.stringContaining('remove /var/lib/slipway/kubeadm-upgrade')],
      afterMs,
    });
  });

  it('does not come while the API server is away', () => {
    expect(wantedOf(hostOf('control-plane'), away)).toMatchObject({
      outcome: { answer: 'change', steps: [] },
      ends: [],
    });
  });

  it('does not come before the kubelet of the new version reports, which is started anew', () => {
    const host = hostOf('worker');
    expect(wantedOf(host, ready(host.name, { kubeletVersion: 'v1.34.9' }))).toMatchObject({
      outcome: { answer: 'change', steps: [{ summary: 'restart kubelet.service' }] },
      ends: [],
    });
  });
});
