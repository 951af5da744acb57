import type { LAWS } from './laws.ts';

type LawName = keyof typeof LAWS;

/** Why it is believed that what a file of src/resources changes converges. */
export type Proof =
  /** Tried against the model of a host. */
  | { readonly laws: readonly LawName[]; readonly tests?: readonly string[]; readonly why?: string }
  /** Not to be tried against a model: the effect of its steps would only be assumed there. */
  | { readonly tests: readonly string[]; readonly why: string }
  /** It changes nothing: what it is instead. */
  | { readonly is: 'a check' | 'a question' | 'a help to others' };

const laws = (...names: readonly LawName[]): Proof => ({ laws: names });
const check: Proof = { is: 'a check' };
const question: Proof = { is: 'a question' };
const help: Proof = { is: 'a help to others' };

const lab = (...names: readonly string[]) => names.map((name) => `test/lab/${name}.test.ts`);

const KUBEADM = 'its steps are kubeadm, of which a model would say what is hoped of it';
const REMOVAL = 'what a cluster leaves on a host is made by programs that no model of a host has';
const WAITING = 'it is waited for what others make of it: there is nothing that steps of ours change';

const BUNDLE = 'its steps are tar, apt, dnf and ctr of the host: a model would say what is hoped of them';

/** Every file of src/resources. */
export const PROOFS: Readonly<Record<string, Proof>> = {
  'bundle/bundled-images.ts': {
    tests: ['test/unit/resources/bundled-images.test.ts', ...lab('air-gap')],
    why: BUNDLE,
  },
  'bundle/bundled-packages.ts': {
    tests: ['test/unit/resources/bundled.test.ts', ...lab('air-gap', 'dnf-bundle', 'mixed')],
    why: BUNDLE,
  },
  'bundle/docker-images.ts': {
    tests: ['test/unit/resources/bundled-images.test.ts', ...lab('runtime-bundles')],
    why: BUNDLE,
  },
  'bundle/local-repository.ts': help,
  'bundle/no-bundle.ts': {
    tests: ['test/unit/resources/bundled.test.ts', ...lab('air-gap')],
    why: 'a directory of slipway alone is there, or is not',
  },
  'bundle/storage-images.ts': {
    tests: ['test/unit/resources/bundled-images.test.ts', ...lab('runtime-bundles')],
    why: BUNDLE,
  },
  'cluster/calico-pools.ts': laws('pools of Calico'),
  'cluster/drain.ts': laws('drained node', 'node back in service'),
  'cluster/gpu-allocatable.ts': { tests: lab('gpu-sharing', 'nvidia'), why: WAITING },
  'cluster/gpu-node.ts': laws('label of a node with GPUs'),
  'cluster/kube-proxy.ts': laws('kube-proxy'),
  'cluster/network-pods.ts': { tests: lab('network'), why: WAITING },
  'cluster/node-marks.ts': laws('marks of a control plane'),
  'cluster/node-ready.ts': {
    tests: lab('main-job'),
    why: 'that a node is Ready is waited for: its kubelet says so',
  },
  'cluster/on-node.ts': help,
  'cluster/owned-metadata.ts': laws('labels of a node', 'taints of a node', 'taints of a control plane'),
  'cluster/operator-ready.ts': { tests: lab('calico-operator'), why: WAITING },
  'cluster/other-device-plugins.ts': laws('no other device plugin than NVIDIA', 'no device plugin of ours'),
  'cluster/pruned-objects.ts': laws('pruned objects'),
  'cluster/proxy-hosts.ts': {
    tests: ['test/unit/resources/load-balancer.test.ts'],
    why: 'its kubelet gives a container the file of its host: a model would say what is hoped of it',
  },
  'cluster/rolled-out.ts': {
    laws: ['kube-proxy'],
    tests: ['test/unit/resources/rolled-out.test.ts', ...lab('network', 'addons')],
    why: 'that pods are ready is waited for: kubelets say so',
  },
  'cluster/manifest.ts': {
    laws: ['manifest'],
    tests: lab('addons', 'gpu-sharing'),
    why: 'what is rendered before it is applied is rendered by kubectl and helm on the control plane',
  },
  'cluster/serving-certificate.ts': {
    tests: ['test/unit/resources/serving-certificate.test.ts', ...lab('serving-certificates')],
    why: 'a kubelet asks, a signer signs: a model would say what is hoped of them',
  },
  'cluster/stray-nodes.ts': question,
  'etcd/etcd-backup.ts': {
    tests: ['test/unit/resources/etcd-backup.test.ts', ...lab('etcd')],
    why: 'that a timer runs, and what its program leaves behind, is seen on real hosts',
  },
  'etcd/save-snapshot.ts': {
    tests: ['test/unit/resources/etcd-backup.test.ts', ...lab('etcd')],
    why: 'it is an act and no state: there is a snapshot more each time',
  },
  'files/certificate.ts': laws('registries of containerd'),
  'files/diff-file.ts': laws('file'),
  'files/download.ts': {
    laws: ['released containerd', 'no released containerd', 'cri-dockerd', 'cri-dockerd from its package'],
    tests: lab('runtimes', 'runtime-faults'),
    why: 'its scripts fetch and unpack with programs of the host: the model knows their order and their records',
  },
  'files/exact-numbers.ts': help,
  'files/file.ts': laws('file'),
  'files/host-file.ts': laws('file of the operator', 'secret of the operator'),
  'files/own-file.ts': laws('proxy of packages and of a daemon', 'no proxy'),
  'files/secret-file.ts': laws('secret file'),
  'files/stray-files.ts': laws('registries of containerd'),
  'hooks/hook.ts': {
    tests: ['test/unit/resources/hook.test.ts', ...lab('hooks')],
    why: 'its steps are a program of the operator, of which nothing is known',
  },
  'host/cloud-init.ts': { tests: lab('cloud-init'), why: WAITING },
  'host/daemon.ts': {
    laws: ['daemon and its file', 'kubelet'],
    tests: lab('restarts'),
    why: 'that a daemon which does not come up gets its files back is seen on real hosts',
  },
  'host/firewalld.ts': {
    tests: ['test/unit/resources/firewalld.test.ts', ...lab('firewalld')],
    why: 'its steps are firewalld itself: a model would say what is hoped of it, and the lab has the real one',
  },
  'host/hostname.ts': {
    tests: ['test/unit/resources/names.test.ts', ...lab('main-job')],
    why: 'what a machine calls itself, no model of it knows',
  },
  'host/hosts-entry.ts': laws('name of an address', 'names of hosts'),
  'host/kernel-module.ts': laws('kernel module'),
  'host/network-manager.ts': {
    laws: ["Calico's interfaces and NetworkManager"],
    tests: lab('network-manager'),
    why: 'that NetworkManager reads it is seen with the real one',
  },
  'host/selinux.ts': {
    tests: ['test/unit/resources/selinux.test.ts'],
    why: 'no host of the lab has a kernel with SELinux: its programs are stand-ins there, and a model would be one more',
  },
  'host/swap.ts': laws('swap'),
  'host/sysctl.ts': laws('sysctl'),
  'host/unit-files.ts': help,
  'host/unit.ts': laws('running unit', 'enabled unit', 'stopped unit', 'file and the unit that reads it'),
  'kubeadm/certificate-facts.ts': help,
  'kubeadm/certificate-names.ts': { tests: lab('certificates'), why: KUBEADM },
  'kubeadm/configured-scheduler.ts': {
    tests: ['test/unit/resources/configured-scheduler.test.ts', ...lab('scheduler')],
    why: KUBEADM,
  },
  'kubeadm/control-plane-certificates.ts': { tests: lab('certificates'), why: KUBEADM },
  'kubeadm/control-plane-files.ts': { tests: lab('lost-parts'), why: KUBEADM },
  'kubeadm/half-control-plane.ts': { tests: lab('control-planes'), why: KUBEADM },
  'kubeadm/join-secrets.ts': {
    tests: lab('main-job', 'control-planes'),
    why: 'no resource: what joins need is made in a run and taken back at its end',
  },
  'kubeadm/joined-node.ts': { tests: lab('lost-parts'), why: KUBEADM },
  'kubeadm/cleared-by.ts': help,
  'kubeadm/pulled-first.ts': help,
  'kubeadm/kubeadm-init.ts': { tests: lab('main-job', 'resume', 'faults'), why: KUBEADM },
  'kubeadm/kubeadm-join.ts': { tests: lab('main-job', 'resume', 'faults'), why: KUBEADM },
  'kubeadm/kubeadm-objects.ts': { tests: lab('lost-parts'), why: KUBEADM },
  'kubeadm/kubelet-certificates.ts': { tests: lab('certificates'), why: KUBEADM },
  'kubeadm/static-pods-restart.ts': { tests: lab('certificates'), why: KUBEADM },
  'kubeadm/kubeadm-patches.ts': laws('patches of static pods'),
  'kubeadm/kubeadm-phases.ts': { tests: lab('lost-parts'), why: KUBEADM },
  'kubeadm/stale-node.ts': laws('no stale node'),
  'kubelet/kubelet-answers.ts': question,
  'kubelet/kubelet-config-map.ts': laws("kubelets' ConfigMap"),
  'kubelet/kubelet-configuration.ts': laws('kubelet'),
  'kubelet/kubelet-flags.ts': laws("kubelet's flags", 'kubelet'),
  'kubelet/kubelet-logins.ts': laws('logins of the kubelet'),
  'kubelet/kubelet-patch.ts': laws("kubelet's patch before kubeadm", 'no patch before kubeadm', 'kubelet'),
  'kubelet/kubelet-record.ts': laws('kubelet'),
  'kubelet/kubelet.ts': laws('kubelet'),
  'load-balancer/daemon-answers.ts': laws('haproxy', 'keepalived'),
  'load-balancer/endpoint-name.ts': {
    laws: ['name of an address'],
    tests: ['test/unit/resources/load-balancer.test.ts'],
    why: 'which of two addresses a name has, the cluster says',
  },
  'load-balancer/haproxy.ts': laws('haproxy'),
  'load-balancer/keepalived.ts': laws('keepalived'),
  'load-balancer/kube-vip.ts': {
    tests: ['test/unit/resources/load-balancer.test.ts'],
    why: 'kube-vip is an image that no host of the lab can have: its manifest is all that is known of it',
  },
  'load-balancer/owned-configuration.ts': laws('haproxy', 'keepalived'),
  'nvidia/cdi-specification.ts': laws('NVIDIA toolkit'),
  'nvidia/gpu-driver.ts': laws('package of the GPU driver'),
  'nvidia/mig-devices.ts': {
    tests: ['test/unit/resources/mig-devices.test.ts', ...lab('gpu-sharing')],
    why: 'GPUs are cut by nvidia-smi, of which a model would say what is hoped of it',
  },
  'nvidia/nvidia-containerd.ts': laws("containerd's NVIDIA runtime"),
  'nvidia/nvidia-crio.ts': laws("CRI-O's NVIDIA runtime"),
  'nvidia/nvidia-docker.ts': laws("Docker's NVIDIA runtime", 'Docker and its NVIDIA runtime'),
  'nvidia/nvidia-mode.ts': laws('NVIDIA toolkit'),
  'nvidia/on-gpu-host.ts': help,
  'packages/install-effects.ts': question,
  'packages/package-index.ts': laws('package index'),
  'packages/package-proxy.ts': laws('proxy of packages and of a daemon', 'no proxy'),
  'packages/packages.ts': laws('packages', 'free packages'),
  'packages/repository.ts': laws('repository'),
  'packages/unsupported.ts': help,
  'packages/wanted-package.ts': question,
  'removal/file-leftovers.ts': { tests: lab('reset'), why: REMOVAL },
  'removal/kubeadm-reset.ts': { tests: lab('reset'), why: KUBEADM },
  'removal/load-balancer-leftovers.ts': {
    laws: ['leftovers of a load balancer'],
    tests: ['test/unit/resources/load-balancer-leftovers.test.ts'],
    why: 'of a virtual address on an interface the model knows nothing',
  },
  'removal/network-leftovers.ts': { tests: lab('reset'), why: REMOVAL },
  'removal/no-packages.ts': { tests: lab('reset'), why: REMOVAL },
  'removal/no-repository.ts': { tests: lab('reset'), why: REMOVAL },
  'removal/removed-member.ts': {
    tests: ['test/unit/workflows/remove.test.ts', ...lab('remove')],
    why: 'what etcd does with its members is seen on real ones',
  },
  'removal/removed-node.ts': { tests: lab('reset'), why: REMOVAL },
  'runtime/containerd-configuration.ts': laws('containerd configuration'),
  'runtime/containerd-effective.ts': check,
  'runtime/containerd-registries.ts': laws('registries of containerd'),
  'runtime/cri-answers.ts': question,
  'runtime/cri-dockerd.ts': laws('cri-dockerd', 'cri-dockerd from its package'),
  'runtime/crictl.ts': laws('crictl'),
  'runtime/docker-daemon.ts': laws('Docker and its NVIDIA runtime'),
  'runtime/pulled-images.ts': {
    tests: ['test/unit/resources/pulled-images.test.ts', ...lab('main-job')],
    why: 'its step only starts what the runtime does: a model would say what is hoped of it',
  },
  'runtime/runtime-packages.ts': {
    laws: ['packages'],
    tests: lab('starts-later'),
    why: 'what scripts of packages start is seen on real hosts',
  },
  'runtime/runtime-proxy.ts': laws('proxy of packages and of a daemon', 'no proxy'),
  'runtime/runtime-daemon.ts': help,
  'runtime/released-containerd.ts': laws('released containerd', 'no released containerd'),
  'upgrade/drained-change.ts': {
    laws: ['drained node', 'node back in service'],
    tests: ['test/unit/resources/drained-change.test.ts', ...lab('upgrade')],
    why: 'it says when these are wanted',
  },
  'upgrade/due.ts': {
    tests: ['test/unit/workflows/foretold-upgrades.test.ts', ...lab('upgrade')],
    why: 'its steps are forecasts: kubeadm and the resources that it is about take them',
  },
  'upgrade/etcd-snapshot.ts': {
    tests: ['test/unit/workflows/upgrade-run.test.ts'],
    why: 'its program is etcdctl, as the commands for etcd run it; what comes of a snapshot is seen with those',
  },
  'upgrade/turn-order.ts': help,
  'upgrade/kubeadm-upgrade.ts': { tests: lab('upgrade'), why: KUBEADM },
  'upgrade/kubelet-upgrade.ts': {
    tests: lab('upgrade'),
    why: 'its packages are those of packages.ts; that the new kubelet runs is said by the API server',
  },
};
