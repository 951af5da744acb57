import { readFileSync } from 'node:fs';

import type { Answers } from '#core/fact.ts';

/** A file of others that slipway reads, or writes into. */
export interface HostFile {
  readonly path: string;
  /** As real hosts have it. */
  readonly texts: readonly string[];
  /** Slipway writes into what is there, and not a file of its own. */
  readonly isEdited: boolean;
  /** Whether what others wrote is still there when slipway has written. */
  readonly isKept: (before: Buffer, after: Buffer) => boolean;
}

const RECORDED = JSON.parse(
  readFileSync(new URL('../bench/recorded/facts.json', import.meta.url), 'utf8'),
) as Answers;

const recorded = (path: string): string => {
  const answer = RECORDED['w1']?.['file']?.[`{"ask":"content","path":"${path}"}`];
  return (answer as { content?: string | null } | undefined)?.content ?? '';
};

const FSTAB = `# /etc/fstab: static file system information.
UUID=0aa1-22 / ext4 errors=remount-ro 0 1
UUID=FFFF-00 /boot/efi vfat umask=0077 0 1
/dev/sdb1\t/srv/d\\040ata\txfs\tnofail\t0 2
/swap.img none swap sw 0 0
UUID=77 swap swap defaults 0 0
//nas/swap /mnt/nas cifs credentials=/root/.nas,iocharset=utf8 0 0
tmpfs /tmp tmpfs size=2G 0 0
`;

/** Each line is as it was, but that one of swap may have become a comment. */
function isFstabKept(before: Buffer, after: Buffer): boolean {
  const [was, is] = [before, after].map((bytes) => bytes.toString('latin1').split('\n'));
  if (was?.length !== is?.length) return false;
  return (was ?? []).every((line, index) => {
    const now = is?.[index];
    const type = line.split(/[ \t]+/).filter(Boolean)[2];
    return now === line || (now === `# ${line}` && (type === 'swap' || type === 'swap\r'));
  });
}

/** Long numbers as texts, so that two of them are compared by their digits. */
const exact = (bytes: Buffer): string =>
  bytes
    .toString('latin1')
    .replaceAll(
      /("(?:[^"\\]|\\.)*")|(-?\d{16,})/g,
      (_, text?: string, digits?: string) => text ?? `"${digits}"`,
    );

/** The members of one are in the other, but for those that slipway sets. */
function isJsonKept(before: Buffer, after: Buffer): boolean {
  if (before.toString().trim() === '') return true;
  const [was, is] = [before, after].map((bytes) => JSON.parse(exact(bytes)) as object);
  const now = new Map(Object.entries(is ?? {}));
  return Object.entries(was ?? {}).every(
    ([name, value]) =>
      [
        'exec-opts',
        'registry-mirrors',
        'runtimes',
        'default-runtime',
        'features',
        'insecure-registries',
      ].includes(name) || JSON.stringify(now.get(name)) === JSON.stringify(value),
  );
}

const hasAll = (): boolean => true;

export const HOST_FILES: Readonly<Record<string, HostFile>> = {
  fstab: {
    path: '/etc/fstab',
    isEdited: true,
    texts: [FSTAB, '', recorded('/etc/fstab')],
    isKept: isFstabKept,
  },
  config: {
    path: '/etc/containerd/config.toml',
    isEdited: false,
    texts: [
      recorded('/etc/containerd/config.toml'),
      'version = 2\nroot = "/data/containerd"\nimports = ["/etc/containerd/site/*.toml"]\n[plugins."io.containerd.grpc.v1.cri"]\nsandbox_image = "registry.k8s.io/pause:3.8" # \u00fc\n[plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]\nendpoint = ["https://mirror.lan"]\n',
    ],
    // Slipway's own may be written anew; of another there is a copy.
    isKept: (before) => before.toString().startsWith('# Written by slipway') || before.length === 0,
  },
  daemon: {
    path: '/etc/docker/daemon.json',
    isEdited: true,
    texts: [
      '{\n  "data-root": "/srv/docker",\n  "log-opts": { "max-size": "10m" },\n  "default-shm-size": "64M",\n  "registry-mirrors": ["https://m.lan"],\n  "x": 12345678901234567890,\n  "\u00fc": "\u00df"\n}\n',
      '{}',
      '',
    ],
    isKept: isJsonKept,
  },
  flags: {
    path: '/var/lib/kubelet/kubeadm-flags.env',
    isEdited: true,
    texts: [
      recorded('/var/lib/kubelet/kubeadm-flags.env'),
      'KUBELET_KUBEADM_ARGS="--container-runtime-endpoint=unix:///run/containerd/containerd.sock --pod-infra-container-image=registry.k8s.io/pause:3.10 --node-labels=a=b"\n',
      'KUBELET_KUBEADM_ARGS="--v=4 5"\n',
    ],
    // It is kubeadm's: nobody else writes there, and its own flags are compared by the second look.
    isKept: hasAll,
  },
  hosts: {
    path: '/etc/containerd/certs.d/docker.io/hosts.toml',
    isEdited: false,
    texts: [
      recorded('/etc/containerd/certs.d/docker.io/hosts.toml'),
      'server = "https://registry-1.docker.io"\n[host."https://m.lan"]\n  capabilities = ["pull"]\n',
    ],
    isKept: (before) => before.toString().startsWith('# Written by slipway'),
  },
  sources: {
    path: '/etc/apt/sources.list.d/other.list',
    isEdited: false,
    texts: [
      'deb [signed-by=/etc/apt/keyrings/k8s.gpg arch=amd64] http://10.88.0.1:8080/core:/stable:/v1.34/deb/ / # ours\n#deb http://x y\ndeb-src http://deb.debian.org/debian trixie main\n',
      'deb http://10.88.0.1:8080/core:/stable:/v1.34/deb/ /\n',
      '# nothing\n',
    ],
    isKept: hasAll,
  },
  deb822: {
    path: '/etc/apt/sources.list.d/other.sources',
    isEdited: false,
    texts: [
      'Types: deb\nURIs: http://10.88.0.1:8080/core:/stable:/v1.34/deb/\nSuites: /\nSigned-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n mQ==\n -----END PGP PUBLIC KEY BLOCK-----\n\nEnabled: no\nTypes: deb deb-src\nURIs: https://deb.debian.org/debian\nSuites: trixie\nComponents: main\n',
    ],
    isKept: hasAll,
  },
  kubelet: {
    path: '/var/lib/kubelet/config.yaml',
    isEdited: true,
    texts: [recorded('/var/lib/kubelet/config.yaml')],
    isKept: hasAll,
  },
  crictl: {
    path: '/etc/crictl.yaml',
    isEdited: true,
    texts: ['# mine\ntimeout: 10\nruntime-endpoint: unix:///x # \u00fc\n', recorded('/etc/crictl.yaml')],
    isKept: (before, after) =>
      !before.toString().includes('# mine') || after.toString('latin1').includes('# mine'),
  },
};
