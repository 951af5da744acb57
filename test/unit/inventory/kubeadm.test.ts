import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';

import { KUBEADM_DOCUMENTS, kubeadmFields } from '#catalog/kubeadm-fields.ts';
import { clusterSettings } from '#checks/preflight/cluster-settings.ts';
import { clusterConfiguration, initConfig, joinConfig } from '#configuration/kubeadm-config.ts';
import { patchFiles } from '#configuration/kubeadm-patches.ts';
import type { Host } from '#core/cluster.ts';
import type { Outcome, Resource } from '#core/resource.ts';
import { kubeadmPatches } from '#resources/kubeadm/kubeadm-patches.ts';

import { fileAnswer, missingFile } from '../../support/file-answer.ts';
import { maskedText } from '#core/secret.ts';

import { lostObjects } from '#resources/kubeadm/kubeadm-objects.ts';
import type { ApiReady } from '#facts/api.ts';

import { host, kubernetes, parse, problemsOf } from './inventory-fixture.ts';

const patch = (text: string): string => kubernetes(`kubeadm: ${text}`);

const documentsOf = (text: string): readonly Record<string, unknown>[] =>
  parseAllDocuments(text).map((document) => document.toJS() as Record<string, unknown>);

describe('a patch of kubeadm is refused with its place where it', () => {
  it.each([
    [
      'has an unknown field',
      '{clusterConfiguration: {dnss: {}}}',
      /:1:66: .*"dnss" is not a field of ClusterConfiguration in Kubernetes 1\.34, did you mean "dns"\?/,
    ],
    [
      'has an unknown field further down',
      '{initConfiguration: {timeouts: {discoverry: 1m}}}',
      /"discoverry" is not a field of timeouts in Kubernetes 1\.34, did you mean "discovery"\?/,
    ],
    [
      'has an unknown field in a list',
      '{clusterConfiguration: {etcd: {local: {extraEnvs: [{nam: A}]}}}}',
      /extraEnvs\[0\]: "nam" is not a field of etcd\.local\.extraEnvs\[\]/,
    ],
    ['is another document', '{resetConfiguration: {}}', /unknown key "resetConfiguration"/],
    [
      'has a text for a duration',
      '{joinConfiguration: {timeouts: {discovery: soon}}}',
      /must be a duration such as 30s or 1h30m \(got "soon"\)/,
    ],
    [
      'has a text for a truth value',
      '{joinConfiguration: {nodeRegistration: {imagePullSerial: "no"}}}',
      /must be true or false, without quotes/,
    ],
    [
      'has a value that there is not',
      '{clusterConfiguration: {encryptionAlgorithm: RSA-1024}}',
      /must be one of RSA-2048, RSA-3072, RSA-4096, ECDSA-P256, ECDSA-P384 \(got "RSA-1024"\)/,
    ],
    [
      'would take away what slipway sets',
      '{clusterConfiguration: {etcd: null}}',
      /etcd: must be a map \(got null\)/,
    ],
    ['asks for a dry run', '{initConfiguration: {dryRun: true}}', /"dryRun" cannot be set: .*slipway plan/],
  ])('%s', async (_, text, message) => {
    expect(await problemsOf(patch(text))).toMatch(message);
  });

  it('sets what another key sets, and both places are told', async () => {
    const text = `
kubernetes:
  version: 1.34.9
  imageRepository: registry.example.com
  kubeadm:
    clusterConfiguration:
      imageRepository: registry.k8s.io
      controllerManager: {extraArgs: [{name: profiling, value: "false"}]}
hosts:
  - {name: cp1, address: 10.0.0.1, role: control-plane}
`;
    expect(await problemsOf(text)).toBe(
      [
        'inventory.yaml:7:7: kubernetes.kubeadm.clusterConfiguration: "imageRepository" has a key of its own: write it into kubernetes.imageRepository on line 4',
        'inventory.yaml:8:27: kubernetes.kubeadm.clusterConfiguration.controllerManager: "extraArgs" has a key of its own: write it into kubernetes.controllerManager.extraArgs',
      ].join('\n'),
    );
  });

  it('is for a kubeadm that does not read v1beta4', async () => {
    const text = patch('{clusterConfiguration: {dns: {imageTag: v1}}}').replace('1.34.9', '1.30.14');
    expect(await problemsOf(text)).toMatch(/"kubeadm" needs Kubernetes 1\.31, whose kubeadm reads v1beta4/);
  });
});

describe('what kubeadm is told', () => {
  it('has the fields of the patch among those that slipway makes', async () => {
    const { cluster } = await parse(
      patch(
        '{initConfiguration: {timeouts: {kubernetesAPICall: 2m}, nodeRegistration: {imagePullSerial: false}}, clusterConfiguration: {dns: {imageTag: v1.12.1}, etcd: {local: {imageTag: 3.6.6-0, serverCertSANs: [etcd.lab]}}, apiServer: {extraEnvs: [{name: GOMAXPROCS, value: "4"}]}, certificateValidityPeriod: 4380h, encryptionAlgorithm: ECDSA-P256}}',
      ),
    );
    const [init, config] = documentsOf(initConfig(cluster));
    expect(init).toMatchObject({
      timeouts: { kubernetesAPICall: '2m' },
      nodeRegistration: { name: 'cp1', imagePullSerial: false },
    });
    expect(config).toMatchObject({
      kubernetesVersion: 'v1.34.9',
      dns: { imageTag: 'v1.12.1' },
      etcd: { local: { dataDir: '/var/lib/etcd', imageTag: '3.6.6-0', serverCertSANs: ['etcd.lab'] } },
      apiServer: { extraEnvs: [{ name: 'GOMAXPROCS', value: '4' }] },
      certificateValidityPeriod: '4380h',
      encryptionAlgorithm: 'ECDSA-P256',
    });
  });

  it('of a join has those of the join alone', async () => {
    const text = host('role: worker').replace(
      '"1.34.9"',
      '"1.34.9", kubeadm: {initConfiguration: {timeouts: {discovery: 1m}}, joinConfiguration: {timeouts: {discovery: 10m}}}',
    );
    const { cluster } = await parse(text);
    const [join] = documentsOf(maskedText(joinConfig(cluster, cluster.hosts[1] as Host)));
    expect(join).toMatchObject({ kind: 'JoinConfiguration', timeouts: { discovery: '10m' } });
  });
});

/** What the plan says of a cluster that kubeadm was told something else of. */
async function judged(text: string, made: object): Promise<string> {
  const { cluster } = await parse(text);
  const [, controlPlane] = clusterSettings(cluster);
  const found = JSON.stringify({ ...clusterConfiguration(cluster), ...made });
  const outcome = controlPlane?.diff({ api: { state: 'ready', clusterConfiguration: found } } as never, {
    host: 'cp1',
    changed: [],
  });
  return outcome?.answer === 'refused' ? outcome.why : (outcome?.answer ?? '');
}

describe('a cluster that was made with other settings', () => {
  it.each([
    ['dns: {imageTag: v1.12.1}', { dns: {} }, 'dns is not set, wanted {"imageTag":"v1.12.1"}'],
    [
      'encryptionAlgorithm: ECDSA-P256',
      { encryptionAlgorithm: 'RSA-2048' },
      'encryptionAlgorithm is RSA-2048',
    ],
    ['certificateValidityPeriod: 4380h', { certificateValidityPeriod: '8760h0m0s' }, 'wanted 4380h'],
  ])('is told of for %s', async (text, made, message) => {
    expect(await judged(patch(`{clusterConfiguration: {${text}}}`), made)).toContain(message);
  });

  it.each([
    ['certificateValidityPeriod: 4380h', { certificateValidityPeriod: '4380h0m0s' }],
    ['encryptionAlgorithm: RSA-2048', { encryptionAlgorithm: undefined }],
  ])('is not, where they only read otherwise: %s', async (text, made) => {
    expect(await judged(patch(`{clusterConfiguration: {${text}}}`), made)).toBe('none');
  });

  it('is told of where the inventory has a patch no more', async () => {
    expect(await judged(kubernetes(''), { dns: { imageTag: 'v1.12.1' } })).toContain('wanted not set');
  });

  it('is not for what kubeadm fills in', async () => {
    const filled = {
      dns: {},
      proxy: {},
      encryptionAlgorithm: 'RSA-2048',
      certificateValidityPeriod: '8760h0m0s',
      caCertificateValidityPeriod: '87600h0m0s',
    };
    expect(await judged(kubernetes(''), filled)).toBe('none');
  });
});

it('each field that the inventory sets elsewhere names a key that there is', async () => {
  const fields = KUBEADM_DOCUMENTS.flatMap((document) => [...kubeadmFields()[document].values()]);
  const keys = new Set(fields.flatMap(({ key = '' }) => (key.startsWith('kubernetes.') ? [key] : [])));
  for (const key of keys) {
    const last = key.split('.').slice(1);
    const text = last
      .toReversed()
      .reduce((inner, part) => `${part}: ${inner.includes(':') ? `{${inner}}` : inner}`, '0');
    expect(await problemsOf(kubernetes(text)), key).not.toContain('unknown key');
  }
});

describe('phases that are left out', () => {
  it.each([
    ['addon/kube-proxy', 'proxy', 'KubeProxyConfiguration'],
    ['addon/coredns', 'dns', 'nothing else'],
  ])('%s: kubeadm is told so for good', async (phase, field, kind) => {
    const { cluster } = await parse(kubernetes(`skipPhases: [${phase}]`));
    const documents = documentsOf(initConfig(cluster));
    expect(documents[0]).toMatchObject({ skipPhases: [phase] });
    expect(documents[1]).toMatchObject({ [field]: { disabled: true } });
    expect(documents.map((document) => document['kind'])).not.toContain(kind);
  });

  it('and Kubernetes 1.30, which has no field for it, is told of the phase alone', async () => {
    const text = kubernetes('skipPhases: [addon/coredns]').replace('1.34.9', '1.30.14');
    const { cluster } = await parse(text);
    const [init, config] = documentsOf(initConfig(cluster));
    expect(init).toMatchObject({ skipPhases: ['addon/coredns'] });
    expect(config).not.toHaveProperty('dns');
  });

  it('leave none of their objects to be missed', async () => {
    const all = { state: 'ready', objects: [] } as unknown as ApiReady;
    const { cluster } = await parse(kubernetes('skipPhases: [addon/coredns, addon/kube-proxy]'));
    const { differences } = lostObjects(cluster, cluster.hosts[0] as Host, all);
    expect(differences.length).toBeGreaterThan(10);
    expect(JSON.stringify(differences)).not.toContain('phase addon');
  });

  it.each([
    [
      'skipPhases: [addon/kube-proxy], kubeProxy: {mode: nftables}',
      /"kubeProxy" has no meaning without kube-proxy/,
    ],
    [
      'skipPhases: [addon/kubeproxy]',
      /skipPhases\[0\]: must be addon\/coredns or addon\/kube-proxy .*did you mean/,
    ],
    [
      'skipPhases: [addon/coredns], kubeadm: {clusterConfiguration: {dns: {disabled: true}}}',
      /write it into kubernetes\.skipPhases on line 1/,
    ],
  ])('are refused where they make no sense: %s', async (settings, message) => {
    expect(await problemsOf(kubernetes(settings))).toMatch(message);
  });

  it('are told of where a cluster was made with them', async () => {
    expect(await judged(kubernetes(''), { proxy: { disabled: true } })).toContain(
      'proxy is {"disabled":true}, wanted not set',
    );
  });
});

const answersOf = (content: string | null, manifest: string): object => ({
  found: content === null ? missingFile : fileAnswer(content),
  manifest,
});
const ask = (resource: Resource | undefined, answers: object): Outcome | undefined =>
  resource?.diff(answers as never, { host: 'cp1', changed: [] });

describe('patches of what kubeadm makes', () => {
  const PATCHES =
    'patches: [{target: kube-apiserver, patch: {spec: {priority: 1}}}, {target: etcd, type: json, patch: [{op: remove, path: /spec/priority}]}]';
  it('are files that kubeadm is told of, on control planes alone', async () => {
    const { cluster } = await parse(host('role: worker').replace('"1.34.9"', `"1.34.9", ${PATCHES}`));
    expect(patchFiles(cluster)).toEqual([
      {
        path: '/etc/kubernetes/patches/kube-apiserver000+strategic.yaml',
        content: '# Written by slipway: kubernetes.patches\nspec:\n  priority: 1\n',
        target: 'kube-apiserver',
      },
      {
        path: '/etc/kubernetes/patches/etcd001+json.yaml',
        content: '# Written by slipway: kubernetes.patches\n- op: remove\n  path: /spec/priority\n',
        target: 'etcd',
      },
    ]);
    expect(documentsOf(initConfig(cluster))[0]).toMatchObject({
      patches: { directory: '/etc/kubernetes/patches' },
    });
    expect(maskedText(joinConfig(cluster, cluster.hosts[1] as Host))).not.toContain('patches');
  });

  it('come to a control plane that runs with a note of when they count', async () => {
    const { cluster } = await parse(kubernetes(PATCHES));
    const [first] = kubeadmPatches(cluster);
    expect(ask(first, answersOf(null, 'absent'))).toMatchObject({ answer: 'change' });
    expect(ask(first, answersOf(null, 'absent'))).not.toHaveProperty('notes');
    expect(ask(first, answersOf(null, 'file'))).toMatchObject({
      answer: 'change',
      notes: [expect.stringContaining('kubeadm init phase control-plane apiserver')],
    });
    const text = patchFiles(cluster)[0]?.content ?? '';
    expect(ask(first, answersOf(text, 'file'))).toMatchObject({ answer: 'none' });
  });

  it('that the inventory has no more are removed', async () => {
    const { cluster } = await parse(kubernetes(''));
    const [stray] = kubeadmPatches(cluster);
    expect(ask(stray, { found: ['/etc/kubernetes/patches/etcd001+json.yaml'] })).toMatchObject({
      answer: 'change',
      differences: [{ what: '/etc/kubernetes/patches/etcd001+json.yaml', to: null }],
    });
  });

  it.each([
    ['{target: kube-api, patch: {}}', /target: must be kube-apiserver, .*corednsdeployment .*got "kube-api"/],
    ['{target: kubeletconfiguration, patch: {}}', /target: must be kube-apiserver/],
    ['{target: etcd, type: json, patch: {spec: {}}}', /patch: must be a list of operations for type: json/],
    ['{target: etcd, patch: [{op: remove, path: /a}]}', /patch: is a list, which is for type: json/],
    ['{target: etcd, patch: text}', /patch: must be a map of fields, or a list of operations/],
    ['{target: etcd}', /must have a patch|patch/],
  ])('are refused where they are wrong: %s', async (text, message) => {
    expect(await problemsOf(kubernetes(`patches: [${text}]`))).toMatch(message);
  });

  it('of CoreDNS need Kubernetes 1.31', async () => {
    const text = kubernetes('patches: [{target: corednsdeployment, patch: {}}]').replace('1.34.9', '1.30.14');
    expect(await problemsOf(text)).toMatch(/target: needs Kubernetes 1\.31/);
  });
});
