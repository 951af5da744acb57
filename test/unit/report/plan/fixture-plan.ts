import type { NodeRef } from '#core/event.ts';
import type { Plan, PlanNode } from '#core/plan.ts';
import { changeOr, deferred, type Difference, differs, none, type Outcome, refused } from '#core/resource.ts';
import { command } from '#core/shell.ts';
import type { Step } from '#core/step.ts';

/** Plans that look as real ones do, for renderers to be tried on. */

const run = (summary: string, ...argv: readonly string[]): Step => ({
  do: 'run',
  summary,
  script: command(...argv),
});

const changes = (differences: readonly Difference[], step: Step, restarts: readonly string[] = []): Outcome =>
  changeOr('', differences, [step], restarts);

/** A file, new or changed. */
export const file = (
  path: string,
  content: string,
  from: string | null = null,
  restarts: string[] = [],
): Outcome =>
  changes(
    [
      ...differs('content', from, content),
      ...differs('mode', from === null ? null : '0644', '0644'),
      ...differs('owner', from === null ? null : 'root:root', 'root:root'),
    ],
    { do: 'write', summary: `write ${path}`, path, content, mode: 0o644, owner: 'root:root' },
    restarts,
  );

const FSTAB = `# /etc/fstab: static file system information.
UUID=5b1c7e3a-8f7c-4d58-9a52-6c2f0f6d2f11 /         ext4  errors=remount-ro 0 1
UUID=0D2A-77F1                            /boot/efi vfat  umask=0077        0 1
/swap.img                                 none      swap  sw                0 0
tmpfs                                     /tmp      tmpfs defaults          0 0
`;

const CONTAINERD = `version = 2
imports = ['/etc/containerd/conf.d/*.toml']

[plugins.'io.containerd.grpc.v1.cri']
sandbox_image = 'registry.k8s.io/pause:3.10.1'

[plugins.'io.containerd.grpc.v1.cri'.containerd]
default_runtime_name = 'runc'

[plugins.'io.containerd.grpc.v1.cri'.containerd.runtimes.runc]
runtime_type = 'io.containerd.runc.v2'

[plugins.'io.containerd.grpc.v1.cri'.containerd.runtimes.runc.options]
SystemdCgroup = true

[plugins.'io.containerd.grpc.v1.cri'.registry]
config_path = '/etc/containerd/certs.d'

[plugins.'io.containerd.grpc.v1.cri'.cni]
bin_dir = '/opt/cni/bin'
conf_dir = '/etc/cni/net.d'
`;

type Row = readonly [phase: string, address: string, outcome: Outcome];

export const sysctl = (key: string, live: string): Row => [
  'kernel',
  `sysctl:${key}`,
  changes(
    [...differs('stored', null, '1'), ...differs('live value', live, '1')],
    run(`set ${key}`, 'sysctl', '-w', `${key}=1`),
  ),
];

const preflight: readonly Row[] = [
  ['preflight', 'check:os', none('Debian 13 on x86_64')],
  ['preflight', 'check:memory', none('64 GiB, 1700 MiB needed')],
  ['preflight', 'check:ports', none('all free')],
];

const base = (live: string): readonly Row[] => [
  ['swap', 'swap', changes(differs('active', ['/swap.img'], []), run('turn swap off', 'swapoff', '--all'))],
  [
    'swap',
    'file:/etc/fstab',
    file('/etc/fstab', FSTAB.replace('/swap.img ', '# slipway: /swap.img '), FSTAB),
  ],
  ['swap', 'unit:dev-zram0.swap', none('there is no such unit')],
  [
    'kernel',
    'file:/etc/modules-load.d/90-slipway.conf',
    file('/etc/modules-load.d/90-slipway.conf', 'overlay\nbr_netfilter\n'),
  ],
  ['kernel', 'kernel-module:overlay', none('loaded')],
  [
    'kernel',
    'kernel-module:br_netfilter',
    changes(differs('loaded', false, true), run('load br_netfilter', 'modprobe', 'br_netfilter')),
  ],
  sysctl('net.ipv4.ip_forward', live),
  sysctl('net.bridge.bridge-nf-call-iptables', '0'),
  ['host', 'package-index:host', none('nothing is to be installed')],
  ['host', 'packages:host', none('nfs-common 1:2.6.4-5 is installed')],
  [
    'runtime',
    'packages:containerd',
    changes(
      differs('version', null, '1.7.24~ds1-6'),
      run('install containerd', 'apt-get', 'install', 'containerd'),
    ),
  ],
  [
    'runtime',
    'file:/etc/containerd/config.toml',
    file('/etc/containerd/config.toml', CONTAINERD, null, ['containerd.service']),
  ],
  [
    'runtime',
    'unit:containerd.service',
    deferred({ host: '', phase: 'runtime' }, 'the unit of the package containerd'),
  ],
  [
    'kubernetes',
    'repository:kubernetes',
    changes(
      [
        ...differs('url', null, 'https://pkgs.k8s.io/core:/stable:/v1.34/deb/'),
        ...differs('key', null, 'DE15B14486CD377B9E876E1A234654DA9A296436'),
      ],
      run('write the package source kubernetes', 'apt-get', 'update'),
    ),
  ],
  [
    'kubernetes',
    'packages:kubernetes',
    changes(
      [...differs('version', '1.33.4-1.1', '1.34.9-1.1'), ...differs('held', false, true)],
      run('install kubelet', 'apt-get', 'install', 'kubelet=1.34.9-1.1'),
      ['kubelet.service'],
    ),
  ],
];

const init: readonly Row[] = [
  [
    'control-plane',
    'file:/etc/kubernetes/kubeadm.yaml',
    file(
      '/etc/kubernetes/kubeadm.yaml',
      'apiVersion: kubeadm.k8s.io/v1beta4\nkind: InitConfiguration\nnodeRegistration:\n  name: cp1\n',
    ),
  ],
  [
    'control-plane',
    'kubeadm-init',
    changes(
      differs('state', 'absent', 'initialized'),
      run('initialize the control plane', 'kubeadm', 'init'),
    ),
  ],
];

const join = (host: string): readonly Row[] => [
  [
    'join',
    'file:/etc/kubernetes/kubeadm-join.yaml',
    file(
      '/etc/kubernetes/kubeadm-join.yaml',
      `apiVersion: kubeadm.k8s.io/v1beta4\nkind: JoinConfiguration\nnodeRegistration:\n  name: ${host}\n`,
    ),
  ],
  [
    'join',
    'kubeadm-join',
    deferred({ host: 'cp1', phase: 'control-plane' }, 'a join token and the CA certificate'),
  ],
];

const gpu: readonly Row[] = [
  [
    'nvidia',
    'packages:nvidia-container-toolkit',
    changes(
      differs('version', null, '1.20.0-1'),
      run('install nvidia-container-toolkit', 'apt-get', 'install'),
    ),
  ],
  [
    'nvidia',
    'file:/etc/containerd/conf.d/99-nvidia.toml',
    file(
      '/etc/containerd/conf.d/99-nvidia.toml',
      "version = 2\n\n[plugins.'io.containerd.grpc.v1.cri'.containerd]\ndefault_runtime_name = 'nvidia'\n",
      null,
      ['containerd.service'],
    ),
  ],
];

export const PHASES = [
  'preflight',
  'swap',
  'kernel',
  'host',
  'runtime',
  'nvidia',
  'kubernetes',
  'control-plane',
  'join',
] as const;

export function nodesOf(host: string, rows: readonly Row[]): readonly PlanNode[] {
  return PHASES.flatMap((phase) => rows.filter(([name]) => name === phase)).map(
    ([phase, address, outcome], index, all) => ({
      id: `${host}/${phase}/${address}`,
      host,
      runsOn: host,
      phase,
      address,
      needs: all.slice(index - 1, index).map(([before, name]) => `${host}/${before}/${name}`),
      outcome:
        outcome.answer === 'deferred' && outcome.waitsFor.host === ''
          ? { ...outcome, waitsFor: { ...outcome.waitsFor, host } }
          : outcome,
    }),
  );
}

export const planOf = (hosts: Plan['hosts'], nodes: readonly PlanNode[]): Plan => ({
  format: 'slipway-plan/2',
  cluster: 'lab',
  kubernetes: '1.34.9',
  phases: PHASES,
  hosts,
  nodes,
  facts: {},
});

/** One control plane and two GPU workers, bare. */
export const threeHosts = (): Plan =>
  planOf(
    [{ name: 'cp1' }, { name: 'gpu01' }, { name: 'gpu02' }],
    [
      ...nodesOf('cp1', [...preflight, ...base('0'), ...init]),
      ...['gpu01', 'gpu02'].flatMap((host) =>
        nodesOf(host, [...preflight, ...base('0'), ...gpu, ...join(host)]),
      ),
    ],
  );

/** A plan with everything in it that can stand in the way. */
export const troubled = (): Plan =>
  planOf(
    [
      { name: 'cp1' },
      { name: 'gpu01' },
      {
        name: 'gpu02',
        unreachable: 'connect to 10.0.0.12 port 22: Connection timed out after 10 s',
        hint: 'look whether it runs',
      },
    ],
    [
      ...nodesOf('cp1', [
        [
          'preflight',
          'check:cpu',
          refused(
            'NumCPU',
            '1 CPU, and a control plane needs 2',
            'give the machine another CPU, or ignore this check in the inventory: ignoreChecks: [NumCPU]',
          ),
        ],
        [
          'preflight',
          'check:clock',
          refused(
            'ClockSkew',
            'the clock is 312 s behind the controller',
            'enable time synchronisation: timedatectl set-ntp true',
          ),
        ],
        ['kernel', 'sysctl:net.ipv4.ip_forward', none('1, now and after a reboot')],
      ]),
      ...nodesOf('gpu01', [
        [
          'preflight',
          'check:clock',
          refused(
            'ClockSkew',
            'the clock is 312 s behind the controller',
            'enable time synchronisation: timedatectl set-ntp true',
          ),
        ],
        [
          'kernel',
          'file:/etc/sysctl.d/old.conf',
          changes(
            differs('content', 'net.ipv4.ip_forward = 0\nvm.swappiness = 60\n', null),
            run('remove', 'rm', '/etc/sysctl.d/old.conf'),
          ),
        ],
      ]),
    ],
  );

/** Everything as wanted. */
export const converged = (): Plan => {
  const plan = threeHosts();
  return {
    ...plan,
    nodes: plan.nodes.map((node) => ({ ...node, outcome: none('as the inventory says') })),
  };
};

/** Three control planes and 197 workers; one of them has been touched by hand. */
export const twoHundredHosts = (): Plan => {
  const workers = Array.from({ length: 197 }, (_, index) => `gpu${String(index + 1).padStart(3, '0')}`);
  const hosts = ['cp1', 'cp2', 'cp3', ...workers];
  return planOf(
    hosts.map((name) => ({ name })),
    [
      ...nodesOf('cp1', [...preflight, ...base('0'), ...init]),
      ...['cp2', 'cp3'].flatMap((host) => nodesOf(host, [...preflight, ...base('0'), ...join(host)])),
      ...workers.flatMap((host) =>
        nodesOf(host, [...preflight, ...base(host === 'gpu077' ? '2' : '0'), ...gpu, ...join(host)]),
      ),
    ],
  );
};

export const refOf = ({ id, host, phase, address }: PlanNode): NodeRef => ({ id, host, phase, address });
