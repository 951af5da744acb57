import { describe, expect, it } from 'vitest';

import { KUBEADM_FILES } from '#configuration/kubeadm-files.ts';
import { KUBELET_CONFIG_PATH } from '#configuration/kubelet-configuration.ts';
import type { Outcome, Resource } from '#core/resource.ts';
import { controlPlane } from '#phases/control-plane.ts';
import { join } from '#phases/join.ts';
import { kubeProxy } from '#phases/kube-proxy.ts';
import { kubelet } from '#phases/kubelet.ts';
import { upgrade } from '#phases/upgrade.ts';

import { fileAnswer, missingFile } from '../../support/file-answer.ts';
import { broken, type Case, decided, type Given, resourceOf } from './foretold-case.ts';
import { NEW, OLD } from './upgrade-model.ts';

const MARKS = { 'slipway/cordoned': 'true', 'slipway/drained': 'true' };
const configuration = 'apiServer: {}\n';

const api = (more: object = {}) => ({
  state: 'ready',
  nodes: { cp1: { isReady: true, kubeletVersion: `v${OLD}`, annotations: {} } },
  objects: ['DaemonSet/kube-proxy'],
  clusterConfiguration: 'apiServer:\n  certSANs:\n    - api.example.net\n',
  kubelet: {
    text: 'cgroupDriver: systemd\nmaxPods: 50\n',
    annotations: { 'slipway/kubelet': '{"maxPods":50}' },
  },
  kubeProxy: {
    text: 'metricsBindAddress: 0.0.0.0:10249\nmode: nftables\n',
    annotations: { 'slipway/kube-proxy': '{"metricsBindAddress":"0.0.0.0:10249"}' },
  },
  kubeProxyPods: {},
  ...more,
});

const due = (version: string) => ({
  'its node': 'file',
  'its kubelet': { installed: `${version}-1.1`, isHeld: true, offered: null },
  credentials: 'file',
  configuration: 'file',
});

/** Before and after kubeadm has upgraded a node. */
const afterUpgrade = (before: Given, after: Given, written: readonly string[] = []): Case => ({
  before: { api: api(), ...due(OLD), ...before },
  after: { api: api(), ...due(NEW), ...after },
  written,
});

const WANTED = 'cgroupDriver: systemd\nmaxPods: 50\npodPidsLimit: 100\n';
const flags = (list: string) => fileAnswer(`KUBELET_KUBEADM_ARGS="${list}"\n`);
const running = {
  load: 'loaded',
  file: 'enabled',
  needsReload: false,
  active: 'active',
  startedAt: '100.000000',
};

describe('what kubeadm writes as it upgrades a node', () => {
  const file = resourceOf(kubelet, `file:${KUBELET_CONFIG_PATH}`);
  const flagsFile = resourceOf(kubelet, `file:${KUBEADM_FILES.kubeletFlags}`);
  const unit = resourceOf(kubelet, 'unit:kubelet.service');
  const asWanted = { found: fileAnswer(WANTED) };
  const patch = fileAnswer('maxPods: 50\npodPidsLimit: 100\n');
  const lacking = { found: fileAnswer('cgroupDriver: systemd\nmaxPods: 30\n') };

  it.each<readonly [string, Resource, Case]>([
    ['a file that stays as it is', file, afterUpgrade(asWanted, asWanted)],
    [
      'a file with more in it',
      file,
      afterUpgrade(asWanted, { found: fileAnswer(`${WANTED}crashLoopBackOff: {}\n`) }),
    ],
    ['a file that lacks what is wanted', file, afterUpgrade(asWanted, { ...lacking, patch })],
    ['a setting that is changed too', file, afterUpgrade(lacking, lacking)],
    ['a setting that is recorded by then', file, afterUpgrade(lacking, { ...lacking, patch })],
    ['a setting that kubeadm has had', file, afterUpgrade(lacking, asWanted)],
    [
      'flags with fewer of its own',
      flagsFile,
      afterUpgrade({ found: flags('--pod-infra-container-image=p') }, { found: flags('') }),
    ],
    [
      'flags that are not wanted',
      flagsFile,
      afterUpgrade({ found: flags('--v=4') }, { found: flags('--v=4') }),
    ],
    ['flags that came with it', flagsFile, afterUpgrade({ found: flags('') }, { found: flags('--v=4') })],
    ['a kubelet that runs on', unit, afterUpgrade({ unit: running }, { unit: running })],
    [
      'a kubelet that has to read its file again',
      unit,
      afterUpgrade({ unit: running }, { unit: { ...running, needsReload: true } }),
    ],
    [
      'a kubelet whose file slipway changes',
      unit,
      afterUpgrade({ unit: running }, { unit: { ...running, needsReload: true } }, [KUBELET_CONFIG_PATH]),
    ],
  ])('%s: it is done as was foretold', (_, one, given) => {
    expect(broken(one, given)).toBeUndefined();
  });

  it('is restarted for what slipway writes, and for nothing else', () => {
    const { before } = afterUpgrade({ unit: running }, {});
    const foreseen = (written: readonly string[]): Outcome['answer'] | undefined => {
      const outcome = decided(unit, before, written);
      return outcome.answer === 'deferred' ? outcome.forecast?.answer : undefined;
    };
    expect(foreseen([KUBELET_CONFIG_PATH])).toBe('change');
    expect(foreseen([])).toBe('none');
  });

  it('a unit that is not enabled: that was not foretold', () => {
    const given = afterUpgrade({ unit: running }, { unit: { ...running, file: 'disabled' } });
    expect(broken(unit, given)).toBe('it would enable kubelet.service, in place of: restart kubelet.service');
  });

  it('a file of another mode: that was not foretold', () => {
    const given = afterUpgrade(lacking, { found: { ...fileAnswer('maxPods: 1\n'), mode: '0600' } });
    expect(broken(file, given)).toBe(`write ${KUBELET_CONFIG_PATH}: it was to be "420", and is "384"`);
  });
});

const bare = (text: string) => ({ text, annotations: {} });

describe('what kubeadm writes into the cluster', () => {
  const names = resourceOf(controlPlane, 'certificate-names');
  const configMap = resourceOf(controlPlane, 'kubelet-config');
  const proxy = resourceOf(kubeProxy, 'kube-proxy');
  const upgraded = { nodes: { cp1: { isReady: true, kubeletVersion: `v${NEW}`, annotations: {} } } };
  const aroundUpgrade = (before: object, after: object): Case => ({
    before: { api: api(before), 'the cluster': api(before), rollout: [] },
    after: {
      api: api({ ...upgraded, ...after }),
      'the cluster': api({ ...upgraded, ...after }),
      rollout: [],
    },
  });
  it.each<readonly [string, Resource, Case]>([
    ['the same names', names, aroundUpgrade({}, {})],
    [
      'other names',
      names,
      aroundUpgrade({ clusterConfiguration: configuration }, { clusterConfiguration: configuration }),
    ],
    ['names that are lost', names, aroundUpgrade({}, { clusterConfiguration: 'a: 1\napiServer: {}\n' })],
    ['the same settings', configMap, aroundUpgrade({}, {})],
    [
      'settings without a record',
      configMap,
      aroundUpgrade({}, { kubelet: bare('cgroupDriver: systemd\nmaxPods: 50\nnew: true\n') }),
    ],
    [
      'settings that are changed too',
      configMap,
      aroundUpgrade({ kubelet: bare('{}\n') }, { kubelet: bare('{}\n') }),
    ],
    ['the same kube-proxy', proxy, aroundUpgrade({}, {})],
    [
      'a kube-proxy without a record',
      proxy,
      aroundUpgrade(
        {},
        { kubeProxy: bare('metricsBindAddress: 0.0.0.0:10249\nmode: nftables\nnew: true\n') },
      ),
    ],
    [
      'another mode',
      proxy,
      aroundUpgrade({ kubeProxy: bare('mode: ""\n') }, { kubeProxy: bare('mode: ""\n') }),
    ],
    ['a mode that is lost', proxy, aroundUpgrade({}, { kubeProxy: bare('mode: ""\n') })],
  ])('%s: it is done as was foretold', (_, one, given) => {
    expect(broken(one, given)).toBeUndefined();
  });
});

describe('a control plane of which the join was cut off', () => {
  const half = { cp2: { labels: {}, annotations: {}, machineId: 'm2' } };
  const traces = { credentials: 'file', bootstrap: 'file', etcdData: 'absent', os: { machineId: 'm2' } };
  const authority = fileAnswer('-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n');
  const begun: Given = {
    ...traces,
    api: api({ nodes: half }),
    certificateAuthority: authority,
    clusterAuthority: authority,
    kubeletConfig: 'file',
    configuration: 'file',
    isStarted: 'file',
  };
  const gone = { credentials: 'absent', bootstrap: 'absent', etcdData: 'absent', os: { machineId: 'm2' } };

  it.each<readonly [string, Case]>([
    ['kubeadm-join', { before: begun, after: { ...gone, api: api(), clusterAuthority: authority } }],
    ['stale-node:cp2', { before: begun, after: { ...gone, api: api({ nodes: half }) } }],
    ['stale-node:cp2', { before: begun, after: { ...gone, api: api() } }],
  ])('%s is foretold for the machine as kubeadm reset leaves it', (name, given) => {
    expect(broken(resourceOf(join, name, 'cp2'), given)).toBeUndefined();
  });
});

const withNode = (version: string, node: object) => {
  const found = api({ nodes: { cp1: { isReady: true, kubeletVersion: `v${version}`, ...node } } });
  return { api: found, 'the cluster': found, ...due(version) };
};

describe('the end of an upgrade of a node', () => {
  const end = resourceOf(upgrade, 'kubelet-version');
  const back = resourceOf(upgrade, 'uncordon:cp1');
  const record = fileAnswer(`${NEW}\n`);
  const kept = (one: Resource, before: object, after: object): string | undefined =>
    broken(one, { before: { record: missingFile, ...before }, after: { record, ...after } });
  const free = { annotations: {}, isCordoned: false };

  it('is the restart that its package leaves, or none', () => {
    const old = withNode(OLD, free);
    expect(kept(end, old, { ...old, ...due(NEW) })).toBeUndefined();
    expect(kept(end, old, withNode(NEW, free))).toBeUndefined();
  });

  it.each([
    ['was in service', free, { annotations: MARKS, isCordoned: true }],
    [
      'somebody else has cordoned',
      { ...free, isCordoned: true },
      { annotations: { 'slipway/drained': 'true' }, isCordoned: true },
    ],
    [
      'was drained before',
      { annotations: MARKS, isCordoned: true },
      { annotations: MARKS, isCordoned: true },
    ],
    ['is not Ready yet', free, { annotations: MARKS, isCordoned: true, isReady: false }],
  ])('is the way back of a node that %s', (_, before, after) => {
    expect(kept(back, withNode(OLD, before), withNode(NEW, after))).toBeUndefined();
  });

  it('is no other node that is put back', () => {
    const foreign = { ...free, isCordoned: true };
    const mine = { annotations: MARKS, isCordoned: true };
    expect(kept(back, withNode(OLD, foreign), withNode(NEW, mine))).toBe(
      'it would uncordon node cp1, in place of: forget that node cp1 was drained',
    );
  });
});
