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

/** What kubeadm writes itself. */
const MADE: ReadonlySet<string> = new Set([...CONTROL_PLANE_FILES.map(({ path }) => path), ...IRREPLACEABLE]);

/** Files that an operator has to put on a host, because flags and settings name them: slipway carries none. */
export function namedFiles(cluster: Cluster, host: Host): readonly Resource[] {
  const wanted = [
    ...(host.role === 'control-plane' ? componentFiles(cluster) : []),
    ...kubeletFiles(cluster, host),
  ].filter(({ path }) => !MADE.has(path));
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
          hint: 'put it there, on every host that needs it; slipway brings no files of yours to hosts',
        };
      },
    }),
  ];
}

const COMPONENTS: readonly ComponentName[] = ['apiServer', 'controllerManager', 'scheduler', 'etcd'];

const componentFiles = ({ kubernetes }: Cluster): readonly NamedFile[] =>
  COMPONENTS.flatMap((name) => [
    ...namedPaths(name, kubernetes[name])
      .filter(({ isWritten }) => !isWritten)
      .map(({ flag, hostPath }) => ({ path: hostPath, by: `${name}.extraArgs.${flag}` })),
    ...kubernetes[name].extraVolumes
      .filter(({ pathType = '' }) => !pathType.endsWith('OrCreate'))
      .map((volume) => ({ path: volume.hostPath, by: `${name}.extraVolumes of name ${volume.name}` })),
  ]);

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
