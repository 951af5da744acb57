import type { Host } from '#core/cluster.ts';
import {
  changeOr,
  deferred,
  type Difference,
  differs,
  refused,
  resource,
  type Resource,
  wantedAnew,
} from '#core/resource.ts';
import { fileContent } from '#facts/file.ts';
import { edited, refuseUnreadable, writeStep } from '#resources/files/diff-file.ts';

export const KUBELET_FLAGS_PATH = '/var/lib/kubelet/kubeadm-flags.env';

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

/** The flags of a node's kubelet, in the file that kubeadm wrote them to. */
export function kubeletFlags({ kubeletExtraArgs, nodeIp }: Host, phase: string): Resource {
  const wanted: Readonly<Record<string, string>> = {
    ...kubeletExtraArgs,
    ...(nodeIp !== undefined && { 'node-ip': nodeIp }),
  };
  return resource({
    address: `file:${KUBELET_FLAGS_PATH}`,
    facts: { found: fileContent(KUBELET_FLAGS_PATH) },
    diff: ({ found }, { host }) => {
      const unreadable = refuseUnreadable(found, KUBELET_FLAGS_PATH);
      if (unreadable !== undefined) return unreadable;
      if (found.content === null)
        return deferred(
          { host, phase },
          "the kubelet's flags",
          wantedAnew(wanted, (name) => `--${name}`),
        );
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
    [...text.matchAll(/--([a-z-]+)=([^\s"']+)/g)].flatMap(([, name = '', value = '']) =>
      KUBEADM_FLAGS.has(name) ? [[name, value]] : [],
    ),
  );
}

const writeFlags = (flags: Readonly<Record<string, string>>): string =>
  `KUBELET_KUBEADM_ARGS="${Object.keys(flags)
    .toSorted()
    .map((name) => `--${name}=${flags[name]}`)
    .join(' ')}"\n`;
