import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { InventoryOverlay } from '../../scripts/lab/lab-inventory.ts';
import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { addGpus, cutGpus } from '../../scripts/lab/stand-ins/nvidia/gpus.ts';
import {
  type NvidiaRepository,
  serveNvidiaRepository,
} from '../../scripts/lab/stand-ins/nvidia/nvidia-repository.ts';
import { serveHamiCharts } from './support/hami-chart.ts';
import { bringHelm } from './support/helm.ts';
import { gpuHostCases } from './support/gpu-host-cases.ts';
import { LabCluster } from './support/lab-cluster.ts';

const KUBECTL = 'kubectl --kubeconfig /etc/kubernetes/admin.conf';
const SAMPLE = 'nvcr.io/nvidia/k8s/cuda-sample:vectoradd-cuda12.5.0';
/** Two of one kind on the first GPU, another on the second. */
const MIXED = [['3g.20gb', '3g.20gb'], ['1g.5gb+me']];
const OWN_CHECKS = ['Workload', 'PodDNS', 'ClusterIP', 'NodePort', 'Rollout', 'Rollback'];

const reason = labUnavailable() ?? (process.env['SLIPWAY_LAB_REPO'] ? 'needs real GPUs' : undefined);
const path = process.env['PATH'];
let cluster: LabCluster;
let repository: NvidiaRepository;
let charts: string;

const on = async (host: string, command: string): Promise<string> =>
  (await cluster.lab.exec(host, command)).stdout.trim();
const kubectl = (words: string): Promise<string> => on('cp1', `${KUBECTL} ${words}`);

const inventory = (gpu: InventoryOverlay, ofW1?: InventoryOverlay): Promise<void> =>
  cluster.writeInventory({
    ...(ofW1 !== undefined && { hosts: { w1: { gpuDevices: ofW1 } } }),
    overlay: {
      gpu: { toolkit: { repository }, vectorAdd: SAMPLE, ...gpu },
      // Other tests try the rest of what verify tries.
      ignoreChecks: OWN_CHECKS,
      verify: { timeout: 20 },
    },
  });
const hami = (
  { version = '2.10.0', ...settings }: { version?: string } & InventoryOverlay = {},
  ofW1?: InventoryOverlay,
) => inventory({ devicePlugin: { type: 'hami', version }, hami: { repository: charts, ...settings } }, ofW1);
const nvidia = (devicePlugin: InventoryOverlay = {}, ofW1?: InventoryOverlay) =>
  inventory({ devicePlugin }, ofW1);

const slipway = async (...words: readonly string[]) => {
  const { code, stdout, stderr } = await cluster.slipway(...words);
  return { code, stdout, output: `${stdout}${stderr}`.replaceAll(/\s+/g, ' ') };
};
const apply = async (): Promise<void> => {
  const { code, stdout, stderr } = await cluster.slipway('apply', '--yes');
  expect(code, `${stdout}\n${stderr}`).toBe(0);
};
/** What a plan would change, by node and name of what differs. */
const differing = async (): Promise<readonly string[]> =>
  (await cluster.plan()).nodes.flatMap(({ id, outcome }) =>
    outcome.answer === 'change' ? outcome.differences.map(({ what }) => `${id}: ${what}`) : [],
  );
/** What w1 offers of GPUs; what it offered once stays as 0. */
const offered = async (): Promise<object> => {
  const all = JSON.parse(await kubectl(`get node w1 -o jsonpath='{.status.allocatable}'`)) as object;
  return Object.fromEntries(
    Object.entries(all).filter(([name, count]) => name.startsWith('nvidia.com/') && count !== '0'),
  );
};
/** Cuts the GPUs of w1, as somebody does by hand. */
const cut = (gpus: readonly (readonly string[])[]): Promise<void> => cutGpus(cluster.lab, 'w1', gpus);
const ours = async (kinds: string, set: string): Promise<readonly string[]> =>
  (await kubectl(`get ${kinds} -A -l slipway/set=${set} -o name`)).split('\n').filter((line) => line !== '');

describe.skipIf(reason !== undefined)(
  `GPUs in parts, with stand-in GPUs${reason ? ` (skipped: ${reason})` : ''}`,
  () => {
    beforeAll(async () => {
      cluster = await LabCluster.start([{ name: 'cp1' }, { name: 'w1' }]);
      bringHelm(cluster);
      charts = serveHamiCharts(cluster.lab.web, join(cluster.directory, 'charts'), ['2.10.0', '2.10.1']);
      repository = await serveNvidiaRepository(cluster.lab);
      await addGpus(cluster.lab, 'w1', { count: 2 });
    });
    afterAll(async () => {
      process.env['PATH'] = path;
      await cluster?.[Symbol.asyncDispose]();
    });

    describe('HAMi', () => {
      hamiCases();
    });
    describe("NVIDIA's device plugin", () => {
      migCases();
    });
  },
);

const HAMI_KINDS =
  'deployments,daemonsets,jobs,services,configmaps,serviceaccounts,clusterroles,clusterrolebindings,mutatingwebhookconfigurations';
const PLUGIN_NODE = 'cp1/gpu/manifest:HAMi';

function hamiCases(): void {
  it.each<[string, () => Promise<void>, RegExp]>([
    [
      'a version that its repository does not have',
      () => hami({ version: '9.9.9' }),
      /chart slipway-hami: helm ended with code 1: Error: chart "hami" version "9\.9\.9" not found in http\S+\/hami repository/,
    ],
    [
      'a chart that cannot be had',
      async () => {
        cluster.lab.web.fail({ path: /hami-2\.10\.0\.tgz/, times: 1, status: 503 });
        await hami();
      },
      /helm ended with code 1: Error: failed to fetch http\S+hami-2\.10\.0\.tgz : 503/,
    ],
  ])('is not begun with %s', async (_, write, wanted) => {
    await write();
    const { code, output } = await slipway('apply', '--yes');
    expect(code).toBe(1);
    expect(output).toMatch(wanted);
    expect(output).toMatch(/try it by hand: helm template slipway-hami hami/);
    expect(await on('w1', 'ls /etc/kubernetes /etc/containerd/conf.d 2>/dev/null || :')).toBe('');
  });

  it('is provisioned from bare, offers its parts of GPUs, and nothing is left to do', async () => {
    await hami({ splitCount: 5 });
    await apply();
    expect(await cluster.pending()).toEqual([]);
    expect(await offered()).toEqual({ 'nvidia.com/gpu': '10' });
    const pods = await kubectl(
      `-n kube-system get pods -l app.kubernetes.io/component=hami-device-plugin -o jsonpath='{.items[*].spec.nodeName} {.items[*].spec.runtimeClassName} {.items[*].spec.containers[*].image}'`,
    );
    const image = 'docker.io/projecthami/hami:v2.10.0';
    expect(pods).toBe(`w1 nvidia ${image} ${image}`);
    expect(
      await kubectl(
        '-n kube-system get ds hami-device-plugin -o jsonpath={.spec.template.spec.nodeSelector}',
      ),
    ).toBe('{"nvidia.com/gpu.present":"true"}');
    expect(await ours('jobs', 'slipway-hami')).toEqual([
      'job.batch/hami-admission-create',
      'job.batch/hami-admission-patch',
    ]);
  });

  it('a drift of its DaemonSet is planned, a newer chart is brought in, and its Jobs are made anew', async () => {
    const image = '/spec/template/spec/containers/0/image';
    await kubectl(
      `-n kube-system patch daemonset hami-device-plugin --type=json -p '[{"op":"replace","path":"${image}","value":"docker.io/projecthami/hami:v2.4.0"}]'`,
    );
    // While its pod is another one, its kubelet may offer nothing for a moment.
    await expect
      .poll(differing, { timeout: 60_000 })
      .toEqual([`${PLUGIN_NODE} v2.10.0: DaemonSet kube-system/hami-device-plugin`]);
    await hami({ version: '2.10.1', splitCount: 3 });
    expect(await differing()).toContain(`${PLUGIN_NODE} v2.10.1: Job hami-admission-create`);
    await apply();
    expect(await cluster.pending()).toEqual([]);
    expect(await offered()).toEqual({ 'nvidia.com/gpu': '6' });
    expect(
      await kubectl(
        `-n kube-system get ds hami-device-plugin -o jsonpath='{.spec.template.spec.containers[0].image}'`,
      ),
    ).toBe('docker.io/projecthami/hami:v2.10.1');
  });

  it('has its parts of GPUs counted, and vectorAdd run on one', async () => {
    const { code, stdout } = await slipway('verify');
    expect(code, stdout).toBe(0);
    expect(stdout).toMatch(/^ok +GpuCount +w1: 6 nvidia\.com\/gpu/m);
    expect(stdout).toMatch(/^ok +GpuVectorAdd +on w1 \(/m);
    expect(await kubectl('get namespaces -o name')).not.toContain('slipway-verify');
  });
}

const HOG = (resource: string, count: number) =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'hog', namespace: 'default' },
    spec: {
      runtimeClassName: 'nvidia',
      tolerations: [{ operator: 'Exists' }],
      containers: [
        { name: 'hog', image: 'registry.k8s.io/pause:3.10.1', resources: { limits: { [resource]: count } } },
      ],
    },
  });

function migCases(): void {
  it('takes the place of HAMi, of which nothing is left, and offers GPUs that are cut alike', async () => {
    // What its Job and its scheduler make:
    const made = { metadata: { namespace: 'kube-system', name: 'hami-scheduler-tls' } };
    const lease = { metadata: { namespace: 'kube-system', name: 'hami-scheduler' }, spec: {} };
    const objects = [
      { apiVersion: 'v1', kind: 'Secret', ...made },
      { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', ...lease },
    ];
    await on(
      'cp1',
      `echo '${JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects })}' | ${KUBECTL} apply -f -`,
    );
    await cut([['1g.5gb', '1g.5gb'], ['1g.5gb']]);
    await nvidia({ migStrategy: 'single', featureDiscovery: true });
    expect(await differing()).toContain('cp1/gpu/other-device-plugins: DaemonSet hami-device-plugin');
    await apply();
    expect(await cluster.pending()).toEqual([]);
    expect(await offered()).toEqual({ 'nvidia.com/gpu': '3' });
    expect(await ours(HAMI_KINDS, 'slipway-hami')).toEqual([]);
    expect(await kubectl('get secrets,leases,mutatingwebhookconfigurations -A -o name')).not.toContain(
      'hami',
    );
  });

  it('has feature discovery beside it, on nodes with GPUs, under the NVIDIA runtime', async () => {
    const pods = await kubectl(
      `-n kube-system get pods -l name=gpu-feature-discovery -o jsonpath='{.items[*].spec.nodeName} {.items[*].spec.runtimeClassName} {.items[*].status.phase}'`,
    );
    expect(pods).toBe('w1 nvidia Running');
    expect(
      await kubectl(`-n kube-system get cm nvidia-device-plugin-config -o jsonpath='{.data.config\\.yaml}'`),
    ).toContain('migStrategy: single');
  });

  it('vectorAdd says that all GPUs are taken', async () => {
    await on('cp1', `echo '${HOG('nvidia.com/gpu', 3)}' | ${KUBECTL} apply -f -`);
    await expect
      .poll(() => kubectl('get pod hog -o jsonpath={.spec.nodeName}'), { timeout: 20_000 })
      .toBe('w1');
    const { code, stdout } = await slipway('verify');
    await kubectl('delete pod hog --now');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^ok +GpuCount/m);
    expect(stdout).toMatch(
      /^FAILED +GpuVectorAdd +scheduling: vectoradd-w1 finds no node: 0\/2 nodes are available: 1 Insufficient nvidia\.com\/gpu, .*no end of vectorAdd after 20 s on w1/m,
    );
  });

  it('vectorAdd says why a container cannot be started: the driver was upgraded, and the old one is still loaded', async () => {
    await on('w1', 'cp /usr/share/lab/nvidia-driver /root/ && echo 580.105.08 >/usr/share/lab/nvidia-driver');
    const { code, stdout } = await slipway('verify');
    await on('w1', 'mv /root/nvidia-driver /usr/share/lab/');
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^FAILED +GpuVectorAdd +container: vectoradd-w1 on w1: container vectoradd ended with code 128: .*nvml error: driver\/library version mismatch.*vectorAdd failed on w1/m,
    );
  });

  it('feature discovery that was changed, and GPUs that were cut otherwise by hand, are planned and mended', async () => {
    await kubectl(
      `-n kube-system patch daemonset gpu-feature-discovery --type=json -p '[{"op":"replace","path":"/spec/template/spec/containers/0/command","value":["sleep","infinity"]}]'`,
    );
    await cut([['3g.20gb'], ['3g.20gb']]);
    expect(await differing()).toEqual([
      'cp1/gpu/manifest:nvidia-device-plugin v0.20.0: DaemonSet kube-system/gpu-feature-discovery',
      'w1/verify/gpu-allocatable:w1: allocatable nvidia.com/gpu',
    ]);
    await apply();
    expect(await cluster.pending()).toEqual([]);
    expect(await offered()).toEqual({ 'nvidia.com/gpu': '2' });
  });

  it('offers MIG devices by their profiles, without feature discovery again; vectorAdd asks for one', async () => {
    await cut(MIXED);
    const refused = await slipway('plan');
    expect(refused.code).toBe(1);
    expect(refused.output).toContain(
      'GpuMig: migStrategy single needs all GPUs cut alike, and there are 1g.5gb+me, 3g.20gb',
    );
    await nvidia({ migStrategy: 'mixed' });
    await apply();
    expect(await cluster.pending()).toEqual([]);
    expect(await offered()).toEqual({ 'nvidia.com/mig-1g.5gb.me': '1', 'nvidia.com/mig-3g.20gb': '2' });
    expect(await ours('daemonsets', 'slipway-nvidia-device-plugin')).toEqual([
      'daemonset.apps/nvidia-device-plugin-daemonset',
    ]);
    const { code, stdout } = await slipway('verify');
    expect(code, stdout).toBe(0);
    expect(stdout).toMatch(/^ok +GpuCount +w1: 1 nvidia\.com\/mig-1g\.5gb\.me, 2 nvidia\.com\/mig-3g\.20gb/m);
    expect(stdout).toMatch(/^ok +GpuVectorAdd/m);
  });

  gpuHostCases({
    nvidia,
    apply,
    differing,
    offered,
    ours,
    on,
    kubectl,
    slipway,
    cut,
    pending: () => cluster.pending(),
  });

  it('makes way for HAMi, and nothing of it is left; a host has parts of its own', async () => {
    await hami({ splitCount: 7 }, { hami: { splitCount: 2 } });
    await apply();
    expect(await cluster.pending()).toEqual([]);
    expect(await offered()).toEqual({ 'nvidia.com/gpu': '4' });
    expect(await ours('daemonsets,configmaps', 'slipway-nvidia-device-plugin')).toEqual([]);
  });

  it('vectorAdd is not tried where no GPU is offered', async () => {
    await kubectl('-n kube-system delete daemonset hami-device-plugin');
    await expect.poll(offered, { timeout: 20_000 }).toEqual({});
    const { code, stdout } = await slipway('verify');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^FAILED +GpuCount +w1 offers no GPU/m);
    expect(stdout).toContain('component=hami-device-plugin');
    expect(stdout).toMatch(/^skipped GpuVectorAdd +it needs GpuCount$/m);
  });
}
