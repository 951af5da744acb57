import { CONTROL_PLANE_FILES, IRREPLACEABLE } from '#configuration/kubeadm-files.ts';
import type { Cluster, Host } from '#core/cluster.ts';
import { type ComponentName, isFileFlag, namedPaths } from '#catalog/component-paths.ts';
import { valueAt } from '#core/json.ts';
import type { Resource } from '#core/resource.ts';
import { givenPath } from '#facts/path.ts';

import { check } from './check.ts';

/** A file that settings name, and which. */
interface NamedFile {
  readonly path: string;
  readonly by: string;
}

/** The program of a control plane that reads it. */
interface ComponentFile extends NamedFile {
  readonly reader: string;
}

/** What kubeadm writes itself, or slipway for an external etcd. */
const MADE: ReadonlySet<string> = new Set([...CONTROL_PLANE_FILES.map(({ path }) => path), ...IRREPLACEABLE]);

/** Files that an operator has to put on a host, because flags and settings name them, and that the inventory does not bring. */
export function namedFiles(cluster: Cluster, host: Host): readonly Resource[] {
  const wanted = [
    ...(host.role === 'control-plane' ? componentFiles(cluster) : []),
    ...kubeletFiles(cluster, host),
  ].filter(({ path }) => !MADE.has(path) && !isBrought(host, path));
  if (wanted.length === 0) return [];
  return [
    check({
      name: 'NamedFiles',
      facts: Object.fromEntries(wanted.map(({ path }) => [path, givenPath(path)])),
      judge: (answers) => {
        const missing = wanted.filter(({ path }) => answers[path] === 'absent');
        if (missing.length === 0) return 'what flags and settings name is there';
        return {
          why: `there is no ${missing.map(({ path, by }) => `${path}, which ${by} names`).join('; nor ')}`,
          hint: 'have slipway bring it, with files in the defaults, a group or a host; or put it there, on every host that needs it',
        };
      },
    }),
  ];
}

/** A file, or a directory with a file in it, that is written before anything reads it. */
const isBrought = ({ files }: Host, wanted: string): boolean => files.some(({ path }) => isIn(path, wanted));

/** Whether a path is the other one, or below it. */
export const isIn = (path: string, above: string): boolean =>
  path === above || path.startsWith(`${above.replace(/\/$/, '')}/`);

const COMPONENTS: Readonly<Record<ComponentName, string>> = {
  apiServer: 'kube-apiserver',
  controllerManager: 'kube-controller-manager',
  scheduler: 'kube-scheduler',
  etcd: 'etcd',
};

/** What flags and volumes of a control plane's programs name. */
export const componentFiles = ({ kubernetes }: Cluster): readonly ComponentFile[] =>
  Object.entries(COMPONENTS).flatMap(([key, reader]) => {
    const name = key as ComponentName;
    return [
      ...namedPaths(name, kubernetes[name])
        .filter(({ isWritten }) => !isWritten)
        .map(({ flag, hostPath }) => ({ path: hostPath, by: `${name}.extraArgs.${flag}`, reader })),
      ...kubernetes[name].extraVolumes
        .filter(({ pathType = '' }) => !pathType.endsWith('OrCreate'))
        .map((volume) => ({
          path: volume.hostPath,
          by: `${name}.extraVolumes of name ${volume.name}`,
          reader,
        })),
    ];
  });

/** Fields of KubeletConfiguration that name files. */
const FIELDS = ['tlsCertFile', 'tlsPrivateKeyFile', 'authentication.x509.clientCAFile', 'resolvConf'].map(
  (field) => ({ field, keys: field.split('.') }),
);

const kubeletFiles = ({ kubernetes }: Cluster, host: Host): readonly NamedFile[] => [
  ...Object.entries(host.kubeletExtraArgs).flatMap(([flag, path]) =>
    isFileFlag(flag) && path.startsWith('/') ? [{ path, by: `kubeletExtraArgs.${flag}` }] : [],
  ),
  ...FIELDS.flatMap(({ field, keys }) => {
    const path = valueAt(host.kubelet, keys) ?? valueAt(kubernetes.kubelet, keys);
    return typeof path === 'string' && path.startsWith('/') ? [{ path, by: `kubelet.${field}` }] : [];
  }),
];
