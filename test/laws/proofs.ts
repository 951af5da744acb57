import type { LAWS } from './laws.ts';

type LawName = keyof typeof LAWS;

/** Why it is believed that what a file of src/resources changes converges. */
export type Proof =
  /** Tried against the model of a host. */
  | { readonly laws: readonly LawName[]; readonly tests?: readonly string[]; readonly why?: string }
  /** Not to be tried against a model: the effect of its steps would only be assumed there. */
  | { readonly tests: readonly string[]; readonly why: string }
  /** It changes nothing: what it is instead. */
  | { readonly is: 'a check' | 'a text' | 'a question' | 'a help to others' };

const laws = (...names: readonly LawName[]): Proof => ({ laws: names });
const check: Proof = { is: 'a check' };
const text: Proof = { is: 'a text' };
const question: Proof = { is: 'a question' };
const help: Proof = { is: 'a help to others' };

const lab = (...names: readonly string[]) => names.map((name) => `test/lab/${name}.test.ts`);

const KUBEADM = 'its steps are kubeadm, of which a model would say what is hoped of it';
const WAITING = 'its steps wait for pods that others make: there is nothing that they change';

/** Every file of src/resources. */
export const PROOFS: Readonly<Record<string, Proof>> = {
  'calico-manifest.ts': text,
  'calico-operator.ts': text,
  'calico-pools.ts': laws('pools of Calico'),
  'check-diagnoses.ts': check,
  'check-scripts.ts': check,
  'check.ts': check,
  'cluster-checks.ts': check,
  'cluster-settings.ts': check,
  'containerd-config.ts': text,
  'containerd-effective.ts': check,
  'containerd-unit.ts': laws('released containerd', 'no released containerd'),
  'containerd.ts': laws('containerd configuration'),
  'cri-dockerd.ts': laws('cri-dockerd', 'cri-dockerd from its package'),
  'device-plugin.ts': text,
  'docker-daemon.ts': laws('Docker and its NVIDIA runtime'),
  'download.ts': {
    laws: ['released containerd', 'no released containerd', 'cri-dockerd', 'cri-dockerd from its package'],
    tests: lab('runtimes', 'runtime-faults'),
    why: 'its scripts fetch and unpack with programs of the host: the model knows their order and their records',
  },
  'file.ts': laws('file', 'absent file', 'edited file'),
  'free-port.ts': check,
  'gpu-allocatable.ts': { tests: lab('gpu-sharing', 'nvidia'), why: WAITING },
  'gpu-checks.ts': check,
  'gpu-count.ts': help,
  'gpu-driver.ts': laws('package of the GPU driver'),
  'gpu-mig.ts': check,
  'gpu-node.ts': laws('label of a node with GPUs'),
  'half-control-plane.ts': { tests: lab('control-planes'), why: KUBEADM },
  'hami-chart.ts': text,
  'join-secrets.ts': {
    tests: lab('main-job', 'control-planes'),
    why: 'no resource: what joins need is made in a run and taken back at its end',
  },
  'kernel-module.ts': laws('kernel module'),
  'kube-proxy.ts': laws('kube-proxy'),
  'kubeadm-config.ts': text,
  'kubeadm-init.ts': { tests: lab('main-job', 'resume', 'faults'), why: KUBEADM },
  'kubeadm-join.ts': { tests: lab('main-job', 'resume', 'faults'), why: KUBEADM },
  'kubeadm-units.ts': text,
  'kubelet-flags.ts': laws("kubelet's flags", 'kubelet'),
  'kubelet-patch.ts': laws("kubelet's patch before kubeadm", 'no patch before kubeadm', 'kubelet'),
  'kubelet-settings.ts': laws("kubelets' ConfigMap", 'kubelet'),
  'kubelet.ts': laws('kubelet'),
  'label-manifest.ts': text,
  'local-path.ts': text,
  'manifest-objects.ts': help,
  'manifest-outcome.ts': laws('manifest'),
  'manifest.ts': laws('manifest'),
  'metrics-server.ts': text,
  'network-pods.ts': { tests: lab('network'), why: WAITING },
  'node-metadata.ts': {
    laws: ['labels of a node', 'taints of a node', 'taints of a control plane'],
    tests: lab('main-job'),
    why: 'that a node is Ready is waited for: its kubelet says so',
  },
  'nvidia-containerd.ts': laws("containerd's NVIDIA runtime"),
  'nvidia-crio.ts': laws("CRI-O's NVIDIA runtime"),
  'nvidia-docker.ts': laws("Docker's NVIDIA runtime", 'Docker and its NVIDIA runtime'),
  'nvidia-drop-in.ts': text,
  'nvidia-toolkit.ts': laws('NVIDIA toolkit'),
  'object-differences.ts': help,
  'on-gpu-host.ts': help,
  'operator-ready.ts': { tests: lab('calico-operator'), why: WAITING },
  'other-device-plugins.ts': laws('no other device plugin than NVIDIA', 'no device plugin of ours'),
  'package-index.ts': laws('package index'),
  'packages.ts': laws('packages', 'free packages'),
  'pruned-objects.ts': laws('pruned objects'),
  'registry-files.ts': laws('registries of containerd', 'logins of the kubelet'),
  'rendered-manifest.ts': {
    tests: lab('addons', 'gpu-sharing'),
    why: 'what it applies is rendered by kubectl and helm on the control plane',
  },
  'repository.ts': laws('repository'),
  'rollout-wait.ts': { tests: ['test/unit/resources/rollout-wait.test.ts', ...lab('network')], why: WAITING },
  'scheduler-plugins.ts': text,
  'secret-file.ts': laws('secret file'),
  'set-rollout.ts': { tests: ['test/unit/facts/set-rollout.test.ts', ...lab('addons')], why: WAITING },
  'stale-node.ts': laws('no stale node'),
  'stored-configuration.ts': help,
  'swap.ts': laws('swap'),
  'sysctl.ts': laws('sysctl'),
  'toml.ts': help,
  'unique-identity.ts': check,
  'unit.ts': laws('running unit', 'enabled unit', 'stopped unit', 'file and the unit that reads it'),
  'unsupported.ts': help,
  'verify-objects.ts': text,
  'verify-room.ts': {
    tests: ['test/unit/resources/verify-room.test.ts', ...lab('verify')],
    why: 'no resource: a run of verify makes its namespace and removes it',
  },
  'volcano.ts': text,
  'wanted-package.ts': question,
  'workload-checks.ts': check,
};
