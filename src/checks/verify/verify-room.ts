import { embed, lines, sh } from '#core/shell.ts';
import { type ClusterCheck, fails, holds, type Reason } from '#core/verification.ts';
import { kubectl } from '#facts/kubectl.ts';
import { readObjects } from '#facts/kubernetes-object.ts';

import { kubectlIn, lastLine } from './scripts.ts';
import { VERIFY_NAMESPACE, verifyNamespace } from './verify-objects.ts';

const GONE_SECONDS = 120;
/** Three heartbeats of the connection. */
const SILENCE_SECONDS = 45;

const remove = sh`${embed(kubectl)} delete namespace ${VERIFY_NAMESPACE} --ignore-not-found`;

/**
 * The namespace of a verification. It is there for as long as this program has input: the host itself removes it
 * when the connection ends, for whatever reason.
 *
 * What an earlier verification has left behind, on a host that was switched off, is removed first.
 */
export const verifyRoom = lines(
  sh`said=$(${embed(remove)} --timeout=${GONE_SECONDS}s 2>&1) || { printf '%s\n' "$said"; exit 1; }`,
  sh`said=$(printf %s ${verifyNamespace()} | ${embed(kubectl)} apply --server-side --field-manager=slipway -f - 2>&1) || { printf '%s\n' "$said"; exit 1; }`,
  sh`trap '' HUP TERM PIPE`,
  sh`echo ready`,
  sh`while timeout ${SILENCE_SECONDS} sh -c 'IFS= read -r beat'; do :; done`,
  sh`${embed(remove)} --wait=false >/dev/null 2>&1 </dev/null`,
);

/** Nothing of the verification is left. */
export const verifyRoomGone = (): ClusterCheck => ({
  name: 'Cleanup',
  summary: `the namespace ${VERIFY_NAMESPACE} is gone again`,
  timeoutMs: (GONE_SECONDS + 30) * 1000,
  script: sh`${embed(remove)} --timeout=${GONE_SECONDS}s`,
  judge: ({ code, stderr }) =>
    code === 0
      ? holds('removed')
      : fails(lastLine(stderr) || 'it is still there', 'it goes by itself once nothing is in its way'),
  diagnosis: {
    script: lines(
      sh`${embed(kubectl)} --request-timeout=20s get namespace ${VERIFY_NAMESPACE} --ignore-not-found --output=json`,
      sh`echo '==='`,
      sh`${embed(kubectlIn(VERIFY_NAMESPACE, '--request-timeout=20s', 'get', 'pods', '--output=json'))}`,
    ),
    read: obstaclesTo,
  },
});

/**
 * Why the namespace is not gone yet, as its controller says: often an API whose server does not answer. Of what is left
 * in it only pods are named, for they are what does not end.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/namespace-v1/#NamespaceStatus (v1.34)
 */
export function obstaclesTo(stdout: string): readonly Reason[] {
  const [namespace = '', pods = ''] = stdout.split('===\n');
  const [found] = readObjects(namespace);
  if (found === undefined) return [];
  const conditions = (found.status?.conditions ?? [])
    .filter((condition) => condition.status === 'True' && condition.type !== 'NamespaceContentRemaining')
    .map(({ message = '' }) => ({ kind: 'deletion', message }));
  const left = readObjects(pods).map(
    ({ metadata, spec }) => `${metadata.name} on ${spec?.nodeName ?? 'no node'}`,
  );
  if (left.length === 0) return conditions;
  const message = `pods do not end: ${left.join(', ')}`;
  return [{ kind: 'deletion', message, hint: 'see there: journalctl -u kubelet' }, ...conditions];
}
