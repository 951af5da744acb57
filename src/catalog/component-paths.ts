import type { Component } from '#core/kubernetes.ts';
import { flagPairs } from '#core/flags.ts';

import { DEFAULT_DATA_DIR } from './etcd-paths.ts';

/** A directory or file of the host in a pod of the control plane. */
interface Mount {
  readonly hostPath: string;
  readonly mountPath: string;
  readonly isReadOnly: boolean;
}

/** The programs of a control plane, as the inventory names them. */
export type ComponentName = 'apiServer' | 'controllerManager' | 'scheduler' | 'etcd';

/** @see https://github.com/kubernetes/kubernetes/blob/v1.34.0/cmd/kubeadm/app/phases/controlplane/manifests.go (getSchedulerCommand) */
export const SCHEDULER_KUBECONFIG = '/etc/kubernetes/scheduler.conf';

const readOnly = (...paths: readonly string[]): readonly Mount[] =>
  paths.map((path) => ({ hostPath: path, mountPath: path, isReadOnly: true }));
const writable = (path: string): Mount => ({ hostPath: path, mountPath: path, isReadOnly: false });

const AUTHORITIES = readOnly(
  '/etc/kubernetes/pki',
  '/etc/ssl/certs',
  '/etc/ca-certificates',
  '/usr/share/ca-certificates',
  '/usr/local/share/ca-certificates',
);

/** @see https://github.com/kubernetes/kubernetes/blob/v1.34.0/cmd/kubeadm/app/phases/controlplane/volumes.go */
const MOUNTS: Readonly<Record<Exclude<ComponentName, 'etcd'>, readonly Mount[]>> = {
  apiServer: AUTHORITIES,
  controllerManager: [
    ...AUTHORITIES,
    ...readOnly('/etc/kubernetes/controller-manager.conf'),
    writable('/usr/libexec/kubernetes/kubelet-plugins/volume/exec'),
  ],
  scheduler: readOnly(SCHEDULER_KUBECONFIG),
};

/** Settings of a component that say which paths there are for it. */
export interface PathSettings extends Component {
  /** Of a member of etcd; absent: kubeadm's own. */
  readonly dataDir?: string;
}

/** What kubeadm mounts into the pod of a component. */
export const kubeadmMounts = (
  name: ComponentName,
  { dataDir }: Pick<PathSettings, 'dataDir'>,
): readonly Mount[] =>
  name === 'etcd'
    ? [...readOnly('/etc/kubernetes/pki/etcd'), writable(dataDir ?? DEFAULT_DATA_DIR)]
    : MOUNTS[name];

/** Flags whose values begin with a slash and are no paths of files. */
const NO_PATHS: ReadonlySet<string> = new Set(['authorization-always-allow-paths']);

/** `/a` is in `/a`, and `/a/b` is, but not `/ab`. */
const isIn = (path: string, directory: string): boolean =>
  path === directory || path.startsWith(`${directory.replace(/\/$/, '')}/`);

/** A path that a flag names, and what of the host is there for the program. */
export interface NamedPath {
  readonly flag: string;
  readonly path: string;
  /** Undefined where the program's pod sees nothing of the host there. */
  readonly mount: Mount | undefined;
  /** On the host; the same path where nothing is mounted. */
  readonly hostPath: string;
  /** Whether the program writes there, and needs no file to begin with. */
  readonly isWritten: boolean;
}

/** Paths that flags of a component name. */
export function namedPaths(
  name: ComponentName,
  { extraArgs, extraVolumes, ...settings }: PathSettings,
): readonly NamedPath[] {
  const mounts = [
    ...extraVolumes.map(({ hostPath, mountPath, readOnly: isReadOnly = false }) => ({
      hostPath,
      mountPath,
      isReadOnly,
    })),
    ...kubeadmMounts(name, settings),
  ];
  return flagPairs(extraArgs).flatMap(([flag, value]) => {
    if (NO_PATHS.has(flag)) return [];
    return pathsIn(flag, value).map((path) => {
      const mount = mounts.find(({ mountPath }) => isIn(path, mountPath));
      const hostPath = mount === undefined ? path : `${mount.hostPath}${path.slice(mount.mountPath.length)}`;
      return { flag, path, mount, hostPath, isWritten: isWritten(flag) };
    });
  });
}

/** A certificate of a name is told with its key: `cert,key` or `cert,key:example.com`. */
const pathsIn = (flag: string, value: string): readonly string[] =>
  (flag === 'tls-sni-cert-key' ? value.replace(/:[^/]*$/, '').split(',') : [value]).filter((path) =>
    path.startsWith('/'),
  );

/** Logs, and directories of data: what others than an operator write. */
const isWritten = (flag: string): boolean =>
  /(^|-)(log-path|log-dir|log-file|data-dir|wal-dir|cert-dir)$/.test(flag);

/** Flags of a kubelet that name a file or a directory of the operator's; the kubelet sees all of the host. */
export const isFileFlag = (flag: string): boolean =>
  /(-file|-config|-config-file|-bin-dir|config-dir)$/.test(flag);
