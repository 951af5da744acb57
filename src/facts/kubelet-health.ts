import { type Fact, type Family, fact } from '#core/fact.ts';
import { embed, type Script, sh } from '#core/shell.ts';

import { UNQUOTED } from './unquoted.ts';

/** What the kubelet says of itself at its healthz endpoint. */
export type KubeletHealthAnswer =
  /** There is no node, its endpoint is off, or there is no kubectl yet to ask with. */
  | { readonly state: 'unasked' }
  | { readonly state: 'silent'; readonly why: string }
  | { readonly state: 'answers' };

export const kubeletHealth = (): Fact<KubeletHealthAnswer> => fact(family, null);

const CONFIG = '/var/lib/kubelet/config.yaml';
const FLAGS = '/var/lib/kubelet/kubeadm-flags.env';

/** What stands behind one of its flags, and what of that is a word. */
const flag = (name: string): Script => `\${row#*--healthz-${name}=}` as Script;
const word = (name: string): Script => `\${${name}%%[ \\"]*}` as Script;
/** Flags count before the configuration. */
const PORT = '${port:-$value}' as Script;
const ADDRESS = '${address:-$value}' as Script;

/**
 * Ends well where the endpoint says that all is well. The start of kubectl takes a host 80 ms of CPU, bash's 3 ms.
 *
 * @see https://www.gnu.org/software/bash/manual/html_node/Redirections.html (5.2: /dev/tcp)
 */
const OVER_BASH = String.raw`exec 3<>"/dev/tcp/$0/$1" && printf 'GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3 && read -r -t 3 _ code _ <&3 && [ "$code" = 200 ]`;

/**
 * A host has kubectl for certain, and curl perhaps; kubectl says why there is no good answer. The endpoint is where its
 * configuration says, or its flags.
 *
 * @see https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/ (v1.34: healthzPort, healthzBindAddress)
 */
const family: Family<null, KubeletHealthAnswer> = {
  name: 'kubelet-health',
  patienceMs: 5000,
  script: () =>
    sh`if ! [ -f ${CONFIG} ] || ! [ -e /etc/kubernetes/kubelet.conf ] || ! command -v kubectl >/dev/null; then echo unasked
else
port=; address=
[ ! -f ${FLAGS} ] || while IFS= read -r row || [ -n "$row" ]; do
case " $row" in *[\ \"]--healthz-port=*) port=${embed(flag('port'))};; esac
case " $row" in *[\ \"]--healthz-bind-address=*) address=${embed(flag('bind-address'))};; esac
done <${FLAGS}
port=${embed(word('port'))}; address=${embed(word('address'))}
while read -r name value _ || [ -n "$name" ]; do
${embed(UNQUOTED)}
case $name in healthzPort:) port=${embed(PORT)};; healthzBindAddress:) address=${embed(ADDRESS)};; esac
done <${CONFIG}
[ -n "$port" ] || port=10248
[ -n "$address" ] || address=127.0.0.1
if [ "$port" = 0 ]; then echo unasked
elif command -v bash >/dev/null && timeout 5 bash -c ${OVER_BASH} "$address" "$port" 2>/dev/null; then echo answers
elif case $address in *:*) address="[$address]";; esac; said=$(timeout 5 kubectl --kubeconfig=/dev/null --server="http://$address:$port" --request-timeout=3s get --raw /healthz 2>&1); then echo answers
else printf 'silent '; printf '%s\n' "$said" | grep -v '^$' | tail -n 1; fi
fi`,
  parse: (output, questions) => {
    const [, state, why = ''] = /^(unasked|answers|silent)(?: (.*))?$/m.exec(output) ?? [];
    if (state === undefined) throw new Error(`not an answer about the kubelet: ${JSON.stringify(output)}`);
    const answer: KubeletHealthAnswer =
      state === 'silent' ? { state, why } : { state: state === 'answers' ? state : 'unasked' };
    return questions.map(() => answer);
  },
  bare: () => ({ state: 'unasked' }),
};
