import { criSocket } from '#catalog/cri-sockets.ts';
import { minorNumber, pauseImage } from '#catalog/kubernetes.ts';
import { KUBEADM_FILES } from '#configuration/kubeadm-files.ts';
import { hasInstanceConfiguration } from '#configuration/kubelet-configuration.ts';
import type { Cluster, Host } from '#core/cluster.ts';
import {
  changeOr,
  deferred,
  type Difference,
  differs,
  none,
  refused,
  resource,
  type Resource,
} from '#core/resource.ts';
import { nodeIpFlag } from '#core/node-ips.ts';
import { fileContent } from '#facts/file.ts';
import { os } from '#facts/os.ts';
import { pathKind } from '#facts/path.ts';
import { diffFile, edited, refuseUnreadable, writeStep } from '#resources/files/diff-file.ts';

import { isWrittenAnew } from './kubelet-configuration.ts';

export const KUBELET_FLAGS_PATH = KUBEADM_FILES.kubeletFlags;

/**
 * Flags that kubeadm itself writes. The others in its file were given to it when the node joined.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.0/cmd/kubeadm/app/phases/kubelet/flags.go
 */
const KUBEADM_FLAGS: ReadonlySet<string> = new Set([
  'cgroup-driver',
  'container-runtime-endpoint',
  'hostname-override',
  'pod-infra-container-image',
  'register-with-taints',
]);

const FACTS = {
  found: fileContent(KUBELET_FLAGS_PATH),
  credentials: pathKind(KUBEADM_FILES.clientCertificate),
  os: os(),
};

/**
 * The flags of a node's kubelet, in the file that kubeadm wrote them to. Where a worker has lost that file, it is written
 * anew; on a control plane kubeadm does it, see `controlPlaneFiles`.
 */
export function kubeletFlags(cluster: Cluster, host: Host, phase: string): Resource {
  const wanted: Readonly<Record<string, string>> = { ...host.kubeletExtraArgs, ...nodeIpFlag(host) };
  return resource({
    address: `file:${KUBELET_FLAGS_PATH}`,
    facts: FACTS,
    diff: ({ found, credentials, os: { hostname } }) => {
      const unreadable = refuseUnreadable(found, KUBELET_FLAGS_PATH);
      if (unreadable !== undefined) return unreadable;
      if (found.content === null || found.content === '') {
        if (!isWrittenAnew(host, credentials))
          return deferred({ host: host.name, phase }, "the kubelet's flags", none('as kubeadm writes them'));
        const content = writeFlags({ ...kubeadmFlags(cluster, host, hostname), ...wanted });
        return diffFile(found, { path: KUBELET_FLAGS_PATH, content });
      }
      // A line that cannot be read is written anew, with what in it was kubeadm's.
      const current = readFlags(found.content) ?? kubeadmFlagsIn(found.content);
      if (current === undefined) {
        return refused(
          'KubeletFlags',
          `${KUBELET_FLAGS_PATH} is not what kubeadm writes`,
          'put it right by hand: one line, KUBELET_KUBEADM_ARGS="--flag=value ..."',
        );
      }
      const own = Object.entries(current).filter(([name]) => KUBEADM_FLAGS.has(name));
      const flags = { ...Object.fromEntries(own), ...wanted };
      const names = [...new Set([...Object.keys(current), ...Object.keys(flags)])].toSorted();
      const isUnreadable = readFlags(found.content) === undefined;
      const differences = names.flatMap((name): readonly Difference[] =>
        differs(`--${name}`, current[name] ?? null, flags[name] ?? null),
      );
      const rewritten = isUnreadable ? differs('content', found.content, writeFlags(flags)) : differences;
      return changeOr('the kubelet has the flags of the inventory', rewritten, () => [
        writeStep(edited(found, KUBELET_FLAGS_PATH, writeFlags(flags))),
      ]);
    },
  });
}

/** What kubeadm itself writes there for a worker. */
function kubeadmFlags(
  cluster: Cluster,
  { name, runtime, taints }: Host,
  hostname: string,
): Readonly<Record<string, string>> {
  return {
    ...(minorNumber(cluster.kubernetes.version) < 35 && {
      'pod-infra-container-image': pauseImage(cluster.kubernetes),
    }),
    ...(!hasInstanceConfiguration(cluster) && { 'container-runtime-endpoint': criSocket(runtime) }),
    ...(name !== hostname && { 'hostname-override': name }),
    ...(taints.length > 0 && {
      'register-with-taints': taints
        .map(({ key, value, effect }) => `${key}=${value ?? ''}:${effect}`)
        .join(','),
    }),
  };
}

function readFlags(text: string): Readonly<Record<string, string>> | undefined {
  const [, list] = /^KUBELET_KUBEADM_ARGS="?([^"\n]*)"?\n*$/.exec(text) ?? [];
  if (list === undefined) return undefined;
  const words = list.split(/\s+/).filter((word) => word !== '');
  if (words.some((word) => !word.startsWith('--'))) return undefined;
  return Object.fromEntries(
    words.map((word) => {
      const [, name = '', value = 'true'] = /^--([^=]*)(?:=(.*))?$/.exec(word) ?? [];
      return [name, value];
    }),
  );
}

/** kubeadm's own flags in a line that is none of the form that it writes: their values hold no blanks. */
function kubeadmFlagsIn(text: string): Readonly<Record<string, string>> | undefined {
  if (!/^KUBELET_KUBEADM_ARGS=[^\n]*\n*$/.test(text)) return undefined;
  return Object.fromEntries(
    text
      .split(/[\s"']+/)
      .map((word) => /^(?:KUBELET_KUBEADM_ARGS=)?--([a-z-]+)=(.+)$/.exec(word) ?? [])
      .flatMap(([, name = '', value = '']) => (KUBEADM_FLAGS.has(name) ? [[name, value]] : [])),
  );
}

const writeFlags = (flags: Readonly<Record<string, string>>): string =>
  `KUBELET_KUBEADM_ARGS="${Object.keys(flags)
    .toSorted()
    .map((name) => `--${name}=${flags[name]}`)
    .join(' ')}"\n`;
