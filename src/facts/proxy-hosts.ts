import { endedAnswers, type Fact, type Family, fact } from '#core/fact.ts';
import { sh } from '#core/shell.ts';

/** Pods of kube-proxy on a host that have a name at an address, by their uid: their own copy of /etc/hosts. */
export type ProxyHostsAnswer = readonly { readonly uid: string; readonly address: string | null }[];

/** What a name stands for in the pods of kube-proxy; null where it is not in their file. */
export const proxyHosts = (name: string): Fact<ProxyHostsAnswer> => fact(family, name);

/**
 * A pod in the network of its host has a copy of the host's file, made by the kubelet when a container of it starts.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/kubelet/kubelet_pods.go (ensureHostsFile)
 */
const family: Family<string, ProxyHostsAnswer> = {
  name: 'proxy-hosts',
  sharesShell: true,
  script: (names) =>
    sh`for name in ${names}; do
for pod in /var/lib/kubelet/pods/*/; do
[ -d "$pod"containers/kube-proxy ] && [ -f "$pod"etc-hosts ] || continue
uid=$(basename "$pod")
printf '%s %s\n' "$uid" "$(sed 's/#.*//' "$pod"etc-hosts | awk -v name="$name" '{ for (i = 2; i <= NF; i++) if ($i == name) { print $1; exit } }')"
done
echo end
done`,
  parse: (output, questions) =>
    endedAnswers(output, questions).map((answer) =>
      answer
        .split('\n')
        .filter((row) => row !== '')
        .map((row) => {
          const [uid = '', address = ''] = row.split(' ');
          return { uid, address: address === '' ? null : address };
        })
        .toSorted((left, right) => (left.uid < right.uid ? -1 : 1)),
    ),
  bare: () => [],
};
