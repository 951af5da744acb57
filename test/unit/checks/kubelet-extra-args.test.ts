import { describe, expect, it } from 'vitest';

import { kubernetesSettings } from '../../../src/catalog/kubernetes-settings.ts';
import { kubeletExtraArgs } from '../../../src/checks/preflight/kubelet-extra-args.ts';
import type { Cluster, Host } from '../../../src/core/cluster.ts';
import type { Outcome } from '../../../src/core/resource.ts';

const cluster = {
  kubernetes: {
    version: '1.35.2',
    serviceSubnet: '10.112.0.0/16,fd00:7::/108',
    dnsDomain: 'lab.internal',
    kubelet: { maxPods: 110, clusterDNS: ['10.96.0.10'], resolvConf: '/run/resolv.conf' },
  },
} as unknown as Cluster;
const host = {
  name: 'w1',
  nodeIp: '10.0.0.7',
  runtime: { type: 'containerd' },
  kubelet: { maxPods: 50 },
  kubeletExtraArgs: { v: '2' },
} as unknown as Host;

const judge = (content: string | null, ...lines: readonly string[]): Outcome =>
  judged(cluster, content, ...lines);

const judged = (wanted: Cluster, content: string | null, ...lines: readonly string[]): Outcome => {
  const unitLines = lines.map((line) => ({ unit: 'kubelet', path: DROP_IN, line }));
  const answers = { os: DEBIAN, deb: { content }, rpm: { content: null }, around: { unitLines } };
  return kubeletExtraArgs(wanted, host).diff(answers as never, { host: 'w1', changed: [] });
};

const DROP_IN = '/etc/systemd/system/kubelet.service.d/20-extra.conf';

const DEBIAN = { id: 'debian', idLike: [] };
const file = (flag: string) => ({ content: `KUBELET_EXTRA_ARGS=${flag}\n` });

describe('KubeletExtraArgs', () => {
  it.each([
    ['rocky', '/etc/sysconfig/kubelet:1 gives the kubelet --v=8'],
    ['debian', '/etc/default/kubelet:1 gives the kubelet --v=9'],
  ])('looks where the package of %s has its unit look', (id, why) => {
    const answers = { os: { id, idLike: [] }, deb: file('--v=9'), rpm: file('--v=8'), around: {} };
    const outcome = kubeletExtraArgs(cluster, host).diff(answers as never, { host: 'w1', changed: [] });
    expect(outcome).toMatchObject({ answer: 'refused', why: `${why} over 2, which slipway sets` });
  });

  it.each([
    [null],
    ['KUBELET_EXTRA_ARGS=\n'],
    ['# KUBELET_EXTRA_ARGS=--v=9\n'],
    ['KUBELET_EXTRA_ARGS="--node-ip=10.0.0.7 --v=2 --max-pods 50 --cgroup-driver=systemd"\n'],
    ["KUBELET_EXTRA_ARGS='--serialize-image-pulls=false --cluster-dns=10.96.0.10'\n"],
    ['KUBELET_EXTRA_ARGS=--v=9\nKUBELET_EXTRA_ARGS=--v=2\n'],
    ['KUBELET_KUBEADM_ARGS=--v=9\n'],
  ])('has nothing against %j', (content) => {
    expect(judge(content)).toMatchObject({ answer: 'none' });
  });

  it.each([
    ['--node-ip=10.0.0.9', '--node-ip=10.0.0.9 over 10.0.0.7'],
    ['--v 9', '--v=9 over 2'],
    ['--max-pods=20', '--max-pods=20 over 50'],
    ['--resolv-conf=/etc/resolv.conf', '--resolv-conf=/etc/resolv.conf over /run/resolv.conf'],
    ['--cgroup-driver=cgroupfs', '--cgroup-driver=cgroupfs over systemd'],
    ['--container-runtime-endpoint=unix:///run/cri.sock', 'over unix:///run/containerd/containerd.sock'],
    ['--pod-infra-container-image=pause:3.6', 'which kubelet 1.35.2 does not know'],
    ['--container-runtime=remote', 'which kubelet 1.35.2 does not know'],
    ['--allow-privileged=true', 'which kubelet 1.35.2 does not know'],
  ])('names the line that stands against the inventory: %s', (flag, why) => {
    expect(judge(`# mine\nKUBELET_EXTRA_ARGS="--read-only-port=0 ${flag}"\n`)).toMatchObject({
      answer: 'refused',
      check: 'KubeletExtraArgs',
      why: expect.stringMatching(
        new RegExp(`^/etc/default/kubelet:2 gives the kubelet .*${why.replaceAll('.', '\\.')}`),
      ),
    });
  });

  it.each([
    ['Environment="KUBELET_EXTRA_ARGS=--node-ip=10.0.0.9"', '--node-ip=10.0.0.9 over 10.0.0.7'],
    ["Environment='KUBELET_EXTRA_ARGS=--v 9' OTHER=x", '--v=9 over 2'],
    ['Environment=KUBELET_CGROUP_ARGS=--cgroup-driver=cgroupfs', '--cgroup-driver=cgroupfs over systemd'],
    [
      'Environment="KUBELET_NETWORK_ARGS=--network-plugin=cni --cni-bin-dir=/opt/cni/bin"',
      '--network-plugin=cni, which kubelet 1.35.2 does not know',
    ],
  ])('names the drop-in of its unit that does: %s', (line, why) => {
    expect(judge(null, line)).toMatchObject({
      answer: 'refused',
      why: expect.stringContaining(`${DROP_IN} gives the kubelet ${why}`),
      hint: expect.stringContaining(`take them out of ${DROP_IN}, or`),
    });
  });

  it.each<readonly [string, string | null, readonly string[]]>([
    [
      'another drop-in comes after',
      null,
      ['Environment=KUBELET_EXTRA_ARGS=--v=9', 'Environment=KUBELET_EXTRA_ARGS=--v=2'],
    ],
    ['the file comes after', 'KUBELET_EXTRA_ARGS=\n', ['Environment=KUBELET_EXTRA_ARGS=--v=9']],
    ["kubeadm's file comes after", null, ['Environment=KUBELET_KUBEADM_ARGS=--network-plugin=cni']],
    [
      "it is the package's own",
      null,
      [
        'Environment="KUBELET_KUBECONFIG_ARGS=--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf --kubeconfig=/etc/kubernetes/kubelet.conf"',
        'Environment="KUBELET_CONFIG_ARGS=--config=/var/lib/kubelet/config.yaml"',
      ],
    ],
  ])('has nothing against a drop-in where %s', (_, content, lines) => {
    expect(judge(content, ...lines)).toMatchObject({ answer: 'none' });
  });
});

/** With fields of KubeletConfiguration in the inventory. */
const withKubelet = (kubelet: object): Cluster =>
  ({ ...cluster, kubernetes: { ...cluster.kubernetes, kubelet } }) as unknown as Cluster;

describe('KubeletExtraArgs knows of a deprecated flag', () => {
  it.each([
    ['--cluster-dns=10.96.0.10', '10.112.0.10'],
    ['--cluster_dns=169.254.20.10', '10.112.0.10'],
    ['--cluster-domain=cluster.local', 'lab.internal'],
    ['--anonymous-auth', 'false'],
    ['--authorization-mode=AlwaysAllow', 'Webhook'],
    ['--client-ca-file=/etc/ssl/ca.crt', '/etc/kubernetes/pki/ca.crt'],
    ['--pod-manifest-path=/etc/kubelet.d', '/etc/kubernetes/manifests'],
    ['--rotate-certificates=false', 'true'],
    ['--healthz-port=0', '10248'],
  ])('what kubeadm has in its place: %s over %s', (flag, wanted) => {
    const plain = withKubelet({});
    expect(judged(plain, `KUBELET_EXTRA_ARGS="${flag}"\n`)).toMatchObject({
      answer: 'refused',
      why: expect.stringContaining(` over ${wanted}, which slipway sets`),
    });
    const [name] = flag.split('=');
    expect(judged(plain, `KUBELET_EXTRA_ARGS=${name}=${wanted}\n`).answer).toBe('none');
  });

  it('the address of DNS where services have IPv6 first, as Kubernetes writes it', () => {
    const subnet = { ...cluster.kubernetes, kubelet: {}, serviceSubnet: 'fd00:7::/108,10.112.0.0/16' };
    const text = 'KUBELET_EXTRA_ARGS=--cluster-dns=fd00:7::a\n';
    expect(judged({ ...cluster, kubernetes: subnet }, text).answer).toBe('none');
  });

  it.each<readonly [flag: string, path: string]>([
    ['authentication-token-webhook-cache-ttl', 'authentication.webhook.cacheTTL'],
    ['authorization-webhook-cache-authorized-ttl', 'authorization.webhook.cacheAuthorizedTTL'],
    ['authorization-webhook-cache-unauthorized-ttl', 'authorization.webhook.cacheUnauthorizedTTL'],
    ['cgroups-per-qos', 'cgroupsPerQOS'],
    ['contention-profiling', 'enableContentionProfiling'],
    ['cpu-cfs-quota', 'cpuCFSQuota'],
    ['cpu-cfs-quota-period', 'cpuCFSQuotaPeriod'],
    ['event-qps', 'eventRecordQPS'],
    ['fail-cgroupv1', 'failCgroupV1'],
    ['image-gc-high-threshold', 'imageGCHighThresholdPercent'],
    ['image-gc-low-threshold', 'imageGCLowThresholdPercent'],
    ['kube-api-burst', 'kubeAPIBurst'],
    ['kube-api-content-type', 'contentType'],
    ['kube-api-qps', 'kubeAPIQPS'],
    ['make-iptables-util-chains', 'makeIPTablesUtilChains'],
    ['manifest-url', 'staticPodURL'],
    ['minimum-image-ttl-duration', 'imageMinimumGCAge'],
    ['pod-cidr', 'podCIDR'],
    ['pod-max-pids', 'podPidsLimit'],
    ['provider-id', 'providerID'],
    ['registry-qps', 'registryPullQPS'],
    ['reserved-cpus', 'reservedSystemCPUs'],
    ['rotate-server-certificates', 'serverTLSBootstrap'],
    ['runonce', 'runOnce'],
  ])('the field of another name: --%s is %s', (flag, path) => {
    const { kubeletFields, flags } = kubernetesSettings();
    expect(flags.kubelet.has(flag) && kubeletFields.has(path)).toBe(true);
    const field = path.split('.').reduceRight<unknown>((value, key) => ({ [key]: value }), 'mine');
    expect(judged(withKubelet(field as object), `KUBELET_EXTRA_ARGS=--${flag}=other\n`)).toMatchObject({
      answer: 'refused',
      why: expect.stringContaining(`--${flag}=other over mine`),
    });
  });

  it.each<readonly [string, object, 'none' | 'refused']>([
    ['--kube-reserved=cpu=100m,memory=1Gi', { kubeReserved: { memory: '1Gi', cpu: '100m' } }, 'none'],
    ['--kube-reserved=cpu=200m', { kubeReserved: { cpu: '100m' } }, 'refused'],
    ['--eviction-hard=memory.available<5%', { evictionHard: { 'memory.available': '5%' } }, 'none'],
    ['--eviction-hard=memory.available<9%', { evictionHard: { 'memory.available': '5%' } }, 'refused'],
    ['--feature-gates=A=true', { featureGates: { B: true } }, 'none'],
    ['--feature-gates=A=true,B=false', { featureGates: { B: true } }, 'refused'],
    ['--register-with-taints=a=b:NoSchedule', { registerWithTaints: [{ key: 'a' }] }, 'none'],
  ])('a map as a flag writes it: %s beside %j is %s', (flag, kubelet, answer) => {
    expect(judged(withKubelet(kubelet), `KUBELET_EXTRA_ARGS='${flag}'\n`).answer).toBe(answer);
  });
});
