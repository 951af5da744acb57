import { describe, expect, it } from 'vitest';

import { labelManifest } from '#objects/label-manifest.ts';
import { inexactIn } from '#configuration/stored-configuration.ts';
import type { Cluster, HostKind } from '#core/cluster.ts';
import type { Outcome, Resource } from '#core/resource.ts';
import type { Runtime } from '#core/runtime.ts';
import { kubeProxy } from '#resources/cluster/kube-proxy.ts';
import { certificateNames } from '#resources/kubeadm/certificate-names.ts';
import { kubeletConfigMap } from '#resources/kubelet/kubelet-config-map.ts';
import { kubeletConfiguration } from '#resources/kubelet/kubelet-configuration.ts';
import { crictl } from '#resources/runtime/crictl.ts';

import { fileAnswer, missingFile } from '../../support/file-answer.ts';

const NUMBER = '9223372036854775807';
const cluster = {
  hosts: [{ name: 'w1', role: 'worker' }],
  kubernetes: {
    scheduler: {},
    version: '1.34.9',
    featureGates: {},
    skipPhases: [],
    patches: [],
    kubeadm: { initConfiguration: {}, clusterConfiguration: {}, joinConfiguration: {} },
    apiServer: { certSANs: ['api.lan'] },
    kubelet: { maxPods: 50 },
    kubeProxy: { mode: 'nftables', config: {} },
  },
} as unknown as Cluster;
const worker = { role: 'worker', kubelet: {}, runtime: { type: 'containerd' } } as unknown as HostKind;
const stored = (text: string) => ({ text, annotations: {} });
const api = {
  state: 'ready',
  objects: ['DaemonSet/kube-proxy'],
  kubeProxyPods: {},
  kubelet: stored(`maxOpenFiles: ${NUMBER}\n`),
  kubeProxy: stored(`mode: iptables\nconntrack: {maxPerCore: ${NUMBER}}\n`),
  clusterConfiguration: `apiServer: {extraArgs: [{value: ${NUMBER}}]}\n`,
};
const CONFIG = 'cgroupDriver: systemd\n';

const decided = (resource: Resource, answers: object): Outcome =>
  resource.diff({ rollout: [], ...answers } as never, { host: 'w1', changed: [] });

describe('a whole number that JavaScript has not', () => {
  const configuration = kubeletConfiguration(cluster, worker, 'join');
  const joined = { patch: missingFile, credentials: 'file', api: { ...api, kubelet: stored(CONFIG) } };

  it.each<readonly [where: string, resource: Resource, answers: object]>([
    [
      '/var/lib/kubelet/config.yaml',
      configuration,
      { ...joined, found: fileAnswer(`${CONFIG}maxOpenFiles: ${NUMBER}\n`) },
    ],
    ['ConfigMap kube-system/kubelet-config', configuration, { ...joined, found: missingFile, api }],
    ['ConfigMap kube-system/kubelet-config', kubeletConfigMap(cluster), { api }],
    ['ConfigMap kube-system/kube-proxy', kubeProxy(cluster), { api }],
    ['ConfigMap kube-system/kubeadm-config', certificateNames(cluster), { api }],
  ])('in %s is not changed unseen', (where, resource, answers) => {
    expect(decided(resource, answers)).toMatchObject({
      answer: 'refused',
      why: `${where} has the number ${NUMBER}, which slipway cannot write as exactly`,
    });
  });

  it('hinders nothing where the file stays as it is', () => {
    const found = fileAnswer(`${CONFIG}maxPods: 50\nmaxOpenFiles: ${NUMBER}\n`);
    expect(decided(configuration, { ...joined, found }).answer).toBe('none');
  });

  it.each([
    ['9007199254740991', undefined],
    ['-9007199254740993', '-9007199254740993'],
    ['0x7fffffffffffffff', NUMBER],
    [`'${NUMBER}'`, undefined],
    [`[{a: ${NUMBER}}]`, NUMBER],
    ['1.5', undefined],
    ['~', undefined],
  ])('is found among others: %s', (value, number) => {
    expect(inexactIn(`a: 1\nb: ${value}\n`)).toBe(number);
  });

  it('stays in what is changed in its text', () => {
    const outcome = decided(crictl({ runtime: { type: 'containerd' } as Runtime }), {
      found: fileAnswer(`timeout: ${NUMBER}\n`),
    });
    expect(JSON.stringify(outcome)).toContain(`timeout: ${NUMBER}`);
    const list = `kind: WidgetList\nitems:\n- {kind: Widget, metadata: {name: a}, spec: {maximum: ${NUMBER}}}\n`;
    expect(labelManifest(list, 'a', 'b')).toContain(`maximum: ${NUMBER}`);
  });
});
