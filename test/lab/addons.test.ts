import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { ADDONS } from '../../src/addons/addons.ts';
import { addonFixture } from '../support/addon-fixture.ts';
import { configMap, deployment, packedChart, USER_FILES, writeTree, yaml } from './support/addon-files.ts';
import { bringHelm, HELM } from './support/helm.ts';
import { LabCluster } from './support/lab-cluster.ts';

const KUBECTL = 'kubectl --kubeconfig /etc/kubernetes/admin.conf';
/** Calico's images cannot be had there: the lab has a network of its own for real nodes. */
const NO_NETWORK = { plugin: 'none', version: null, manifest: null, ipAutodetection: null };
const isReal = Boolean(process.env['SLIPWAY_LAB_REPO']);
const reason = labUnavailable();

describe.skipIf(reason !== undefined)(`addons on two hosts${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let cluster: LabCluster;
  let known: Readonly<Record<string, object>>;
  let user: { readonly manifests: readonly object[]; readonly charts: readonly object[] };
  const path = process.env['PATH'];
  beforeAll(async () => {
    cluster = await LabCluster.start([{ name: 'cp1' }, { name: 'w1' }]);
    bringHelm(cluster);
    const { lab, directory } = cluster;
    writeTree(join(directory, 'addons'), USER_FILES);
    known = knownAddons(cluster);
    user = userAddons(cluster);
    await lab.exec('cp1', 'base64 -d >/usr/local/bin/helm && chmod +x /usr/local/bin/helm', {
      input: readFileSync(HELM).toString('base64'),
    });
    await write({ ...known, ...user });
  });
  afterAll(async () => {
    process.env['PATH'] = path;
    await cluster?.[Symbol.asyncDispose]();
  });

  const write = (addons: object): Promise<void> =>
    cluster.writeInventory({
      overlay: { addons, ...(isReal && { network: NO_NETWORK }) },
    });
  const kubectl = async (words: string): Promise<string> =>
    (await cluster.lab.exec('cp1', `${KUBECTL} ${words}`)).stdout;
  const slipway = async (...words: readonly string[]) => {
    const { code, stdout, stderr } = await cluster.slipway(...words);
    return { code, output: `${stdout}${stderr}`.replaceAll(/\s+/g, ' ') };
  };
  const apply = async (): Promise<void> => {
    const { code, stdout, stderr } = await cluster.slipway('apply', '--yes');
    expect(code, `${stdout}\n${stderr}`).toBe(0);
  };
  /** What the plan says of the addons: each with what differs. */
  const planned = async (): Promise<readonly (readonly [string, ...unknown[]])[]> =>
    (await cluster.plan()).nodes.flatMap(({ id, outcome }) =>
      outcome.answer === 'none'
        ? []
        : [[id, outcome.answer === 'change' ? outcome.differences : outcome] as const],
    );

  it('all of them are applied and rolled out at once, and nothing is left to do', async () => {
    await apply();
    expect(await planned()).toEqual([]);
    const ready = await kubectl(
      `get deployments -A -l slipway/set -o jsonpath='{range .items[*]}{.metadata.namespace}/{.metadata.name}={.status.readyReplicas} {end}'`,
    );
    for (const name of [
      'apps/web=2',
      'cert-manager/cert-manager-webhook=1',
      'charts/local=1',
      'default/remote=1',
      'kube-system/metrics-server=1',
      'local-path-storage/local-path-provisioner=1',
      'volcano-system/volcano-scheduler=1',
      ...(isReal ? [] : ['scheduler-plugins/second=1', 'scheduler-plugins/scheduler-plugins-controller=1']),
    ])
      expect(ready).toContain(name);
    expect(await kubectl('get daemonset agents-agent -o jsonpath={.status.numberAvailable}')).toBe('2');
    expect(await kubectl('get widget first -o jsonpath={.spec.size}')).toBe('3');
    expect(await kubectl('-n apps get configmap listed -o jsonpath={.data.from}')).toBe('url');
  });

  it('what slipway changes in what it knows is so', async () => {
    expect(
      await kubectl(
        `-n kube-system get deployment metrics-server -o jsonpath='{.spec.template.spec.containers[0].args} {.spec.template.spec.containers[0].image}'`,
      ),
    ).toMatch(/--kubelet-insecure-tls.* registry\.k8s\.io\/pause/);
    expect(await kubectl('-n volcano-system get jobs -o name')).toMatch(
      /volcano-admission-init-[0-9a-f]{8}\n/,
    );
    expect(
      await kubectl(`-n scheduler-plugins get configmap scheduler-config -o jsonpath='{.data}'`),
    ).toContain('schedulerName: second');
    expect(
      await kubectl(`-n local-path-storage get configmap local-path-config -o jsonpath='{.data}'`),
    ).toContain('/data/volumes');
    expect(await kubectl(`get storageclass local-path -o jsonpath='{.metadata.annotations}'`)).toContain(
      '"storageclass.kubernetes.io/is-default-class":"true"',
    );
  });

  it('charts get their values, their namespace and the version of the cluster', async () => {
    const version = await kubectl('get node cp1 -o jsonpath={.status.nodeInfo.kubeletVersion}');
    const data = async (words: string) =>
      JSON.parse(await kubectl(`${words} -o jsonpath='{.data}'`)) as object;
    expect(await data('-n charts get configmap local')).toEqual({ colour: 'red', kubernetes: version });
    expect(await data('get configmap remote')).toEqual({ colour: 'blue', kubernetes: version });
    expect(await kubectl('get crd gadgets.example.com -o name')).toContain('gadgets');
    expect(await kubectl('-n charts get jobs,pods -o name')).not.toContain('local-test');
    expect(await kubectl('-n charts get job local-hook -o json')).not.toContain('ttlSecondsAfterFinished');
    await cluster.lab.exec('cp1', 'mv /usr/local/bin/helm /root/');
    const { code, output } = await slipway('plan');
    await cluster.lab.exec('cp1', 'mv /root/helm /usr/local/bin/');
    expect(code).toBe(1);
    expect(output).toContain('remote v1.2.3 needs the program helm, and the control plane has none');
  });

  it('a drift is planned as what differs, an object at a time, and mended; what others own is kept', async () => {
    // The others stay as they are: nothing is pruned unasked.
    await write(user);
    await kubectl('-n apps scale deployment web --replicas=5');
    await kubectl(`-n apps patch configmap settings --type=merge -p '{"data":{"a":"2","b":"theirs"}}'`);
    await kubectl('-n charts delete configmap local');
    const found = await planned();
    expect(found.map(([id]) => id)).toEqual(['cp1/addons/manifest:apps', 'cp1/addons/manifest:local']);
    expect(found.map(([, differences]) => differences)).toEqual([
      [
        { what: 'Deployment apps/web', ...line('  replicas: 5\n', '  replicas: 2\n') },
        { what: 'ConfigMap apps/settings', ...line('  a: "2"\n', '  a: "1"\n') },
      ],
      [
        {
          what: 'new objects',
          from: null,
          to: expect.stringMatching(/^ConfigMap charts\/local\n---\n/) as string,
        },
      ],
    ]);
    await apply();
    expect(await kubectl('-n apps get deployment web -o jsonpath={.spec.replicas}')).toBe('2');
    expect(await kubectl(`-n apps get configmap settings -o jsonpath='{.data}'`)).toBe(
      '{"a":"1","b":"theirs"}',
    );
  });

  it('what leaves the inventory stays, and goes where that is asked for: only what slipway applied', async () => {
    const manifests = user.manifests.filter((entry) => !/"(agents|listed)"/.test(JSON.stringify(entry)));
    writeTree(cluster.directory, { 'addons/moved.yaml': USER_FILES['apps.yaml'] ?? '' });
    const rest = {
      ...known,
      charts: user.charts,
      manifests: [
        ...manifests.filter((entry) => !JSON.stringify(entry).includes('"apps"')),
        { name: 'moved', path: 'addons/moved.yaml' },
      ],
    };
    await kubectl('-n apps create configmap foreign');
    await kubectl('-n apps label configmap foreign slipway/set=agents');
    await write(rest);
    // One set is another one's now: only the label differs, and its pods go on.
    expect((await planned()).map(([id]) => id)).toEqual(['cp1/addons/manifest:moved']);
    await write({ ...rest, prune: true });
    const pruned = Object.fromEntries(await planned())['cp1/addons/pruned-objects'] as readonly {
      what: string;
    }[];
    const gone = [
      'ConfigMap apps/listed',
      'ConfigMap default/agents-settings',
      'DaemonSet default/agents-agent',
    ];
    expect(pruned.map(({ what }) => what).toSorted()).toEqual(gone);
    await apply();
    const left = await kubectl('get configmaps,daemonsets,deployments -A -o name');
    expect(left).not.toMatch(/agents-|listed/);
    expect(left).toMatch(/foreign/);
    expect(await kubectl('-n apps get deployment web -o jsonpath={.status.readyReplicas}')).toBe('2');
  });

  it('a wrong digest stops the run before anything is applied', async () => {
    writeTree(cluster.directory, { 'addons/new.yaml': yaml(configMap(undefined, 'new', {})) });
    const url = cluster.lab.web.serve('/other.yaml', yaml(configMap(undefined, 'other', {})));
    const entry = { name: 'other', url, sha256: '0'.repeat(64) };
    await write({ manifests: [{ name: 'new', path: 'addons/new.yaml' }, entry] });
    const { code, output } = await slipway('apply', '--yes');
    expect(code).toBe(1);
    expect(output).toMatch(
      /other\.yaml is not the file it should be: its sha256 is [0-9a-f]{64}, wanted 0{64}/,
    );
    expect(await kubectl('get configmaps -o name')).not.toContain('/new');
  });

  it.each([
    ['YAML that cannot be read', 'a: [1\n', /addons\/broken\.yaml:2: Flow sequence/],
    ['no object', 'kind: ConfigMap\napiVersion: v1\n', /addons\/broken\.yaml:1: a ConfigMap without a name/],
  ])('a file with %s is named with its line before any host is asked', async (_, text, wanted) => {
    writeTree(cluster.directory, { 'addons/broken.yaml': text });
    await write({ manifests: [{ name: 'broken', path: 'addons/broken.yaml' }] });
    const { code, output } = await slipway('plan');
    expect(code).toBe(1);
    expect(output).toMatch(wanted);
  });

  it('objects that the API server refuses, and kinds it does not know, are named in the plan', async () => {
    const lost = { apiVersion: 'nowhere.example/v1', kind: 'Nope', metadata: { name: 'lost' } };
    writeTree(cluster.directory, {
      'addons/broken.yaml': yaml({ ...deployment('default', 'wrong'), spec: { replica: 1 } }),
      'addons/unknown.yaml': yaml(lost),
    });
    await write({
      manifests: ['broken', 'unknown'].map((name) => ({ name, path: `addons/${name}.yaml` })),
    });
    const { code, output } = await slipway('plan');
    expect(code).toBe(1);
    expect(output).toMatch(
      /ManifestDiff: broken cannot be compared: .*default\/wrong.*\.spec\.replica: field not declared in schema/,
    );
    expect(output).toMatch(
      /unknown cannot be compared before it is applied: .*name: "lost" .*no matches for kind "Nope"/,
    );
  });

  it('pods that never become ready fail the run with why, stay planned, and are mended', async () => {
    const entry = { name: 'slow', path: 'addons/slow.yaml', timeout: 20 };
    writeTree(cluster.directory, { 'addons/slow.yaml': slow('lab.invalid/missing/slow:1') });
    await write({ manifests: [entry] });
    const { code, output } = await slipway('apply', '--yes');
    expect(code).toBe(1);
    const why =
      /Deployment default\/slow(:| is) "?0 of 1 pods ready.*slow-\S+ on (cp1|w1) cannot have the image lab\.invalid\/missing\/slow:1/;
    expect(output).toMatch(why);
    const again = await slipway('plan', '--detailed-exitcode');
    expect(again.code).toBe(2);
    expect(again.output).toMatch(why);
    writeTree(cluster.directory, { 'addons/slow.yaml': slow() });
    await write({ manifests: [{ ...entry, timeout: 120 }] });
    await apply();
  });
});

const line = (from: string, to: string) => ({
  from: expect.stringContaining(from) as string,
  to: expect.stringContaining(to) as string,
});

const slow = (image?: string): string =>
  yaml(deployment('default', 'slow', image === undefined ? {} : { image }));

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Every addon that slipway knows, with the settings and the file of its fixture; one of the files is at a URL. */
function knownAddons({ directory, lab }: LabCluster): Readonly<Record<string, object>> {
  const entries = ADDONS.map(({ name, file }) => {
    const { manifest: text, settings } = addonFixture(name);
    const path = `${name}-${file}`;
    writeFileSync(join(directory, path), text);
    const place = name === 'volcano' ? { url: lab.web.serve(`/${path}`, text) } : { path };
    return [name, { ...settings, manifest: { ...place, sha256: sha256(text) } }] as const;
  });
  const { 'scheduler-plugins': plugins, ...others } = Object.fromEntries(entries);
  // Its images cannot be had on real nodes.
  return { ...others, 'scheduler-plugins': { ...plugins, ...(isReal && { timeout: 0 }) } };
}

function userAddons({ directory, lab }: LabCluster) {
  const text = yaml(configMap('apps', 'listed', { from: 'url' }));
  const repository = `${lab.web.url}/charts`;
  const packed = lab.web.serve('/charts/web-1.2.3.tgz', packedChart(join(directory, 'addons/packed'), 'web'));
  const entry = { apiVersion: 'v2', name: 'web', version: '1.2.3', urls: [packed] };
  lab.web.serve('/charts/index.yaml', JSON.stringify({ apiVersion: 'v1', entries: { web: [entry] } }));
  return {
    manifests: [
      { name: 'apps', path: 'addons/apps.yaml' },
      { name: 'widgets', path: 'addons/widgets' },
      { name: 'listed', url: lab.web.serve('/listed.yaml', text), sha256: sha256(text) },
      { name: 'agents', kustomize: 'addons/agents/overlay' },
    ],
    charts: [
      { name: 'local', chart: './addons/charts/web', namespace: 'charts', values: { colour: 'red' } },
      { name: 'remote', chart: 'web', repository, version: '1.2.3', runsOn: 'control-plane' },
    ],
  };
}
