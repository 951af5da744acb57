import { type Fact, type Family, fact } from '#core/fact.ts';
import { sh } from '#core/shell.ts';

/** The socket of the runtime that the kubelet of a node was told to use; null where there is no node. */
export const kubeletEndpoint = (): Fact<string | null> => fact(family, null);

const FILES = ['instance-config.yaml', 'config.yaml', 'kubeadm-flags.env'].map(
  (name) => `/var/lib/kubelet/${name}`,
);

/**
 * kubeadm writes it into a file of its own since 1.34 (the feature gate NodeLocalCRISocket), before into the
 * kubelet's flags.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.0/cmd/kubeadm/app/phases/kubelet/flags.go
 */
const family: Family<null, string | null> = {
  name: 'kubelet-endpoint',
  sharesShell: true,
  script: () =>
    // They are short: the shell reads them in less than the start of another program takes.
    sh`[ ! -e /etc/kubernetes/kubelet.conf ] || for path in ${FILES}; do
[ ! -f "$path" ] || while IFS= read -r row || [ -n "$row" ]; do
case $row in *containerRuntimeEndpoint:*|*container-runtime-endpoint=*) printf '%s\n' "$row";; esac
done <"$path"
done`,
  parse: (output, questions) => {
    const endpoint = [
      ...output.matchAll(/containerRuntimeEndpoint: *[^ \n]+|container-runtime-endpoint=[^ "\n]+/g),
    ]
      .map(([found]) =>
        found
          .replace(/^[\w-]+(=|: *)/, '')
          .replaceAll(/["']/g, '')
          .trim(),
      )
      .find((value) => value !== '');
    return questions.map(() => endpoint ?? null);
  },
  bare: () => null,
};
