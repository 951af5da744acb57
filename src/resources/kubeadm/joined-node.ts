import { criSocket } from '#catalog/cri-sockets.ts';
import { bootstrapKubeconfig, kubeletKubeconfig } from '#configuration/kubeadm-config.ts';
import { KUBEADM_FILES, KUBELET_SERVING_FILES } from '#configuration/kubeadm-files.ts';
import { hasInstanceConfiguration, isSelfServing } from '#configuration/kubelet-configuration.ts';
import type { Cluster, Host } from '#core/cluster.ts';
import type { Fact } from '#core/fact.ts';
import { change, none, type Outcome } from '#core/resource.ts';
import { command, lines, sh } from '#core/shell.ts';
import type { Step } from '#core/step.ts';
import type { FileAnswer } from '#facts/file.ts';
import { type PathKind, pathKind } from '#facts/path.ts';
import { writeStep } from '#resources/files/diff-file.ts';

import { registerStep, removeCredentialsStep, tidyStep } from './kubeadm-phases.ts';

/**
 * A file that a node should have; what it is to be is unknown where the kubelet makes it when it starts. That it does only
 * where neither half of the pair is there: with one of them it does not start.
 */
interface NodeFile {
  readonly path: string;
  readonly content?: string;
  readonly mode?: number;
}

interface Authorities {
  readonly kubeletConfig: PathKind;
  readonly certificateAuthority: FileAnswer;
  readonly clusterAuthority: FileAnswer;
}

/** Whether those are there that say nothing of the cluster. */
export const nodeFiles: Readonly<Record<string, Fact<PathKind>>> = Object.fromEntries(
  [KUBEADM_FILES.instanceConfiguration, ...KUBELET_SERVING_FILES].map((path) => [path, pathKind(path)]),
);

const ownFiles = (cluster: Cluster, host: Host): readonly NodeFile[] => [
  ...(hasInstanceConfiguration(cluster)
    ? [
        {
          path: KUBEADM_FILES.instanceConfiguration,
          content: `containerRuntimeEndpoint: "${criSocket(host.runtime)}"\n`,
        },
      ]
    : []),
  ...(isSelfServing(cluster, host) ? KUBELET_SERVING_FILES.map((path) => ({ path })) : []),
];

/** What a worker that has its credentials should have beside them, and has not. Of a control plane `controlPlaneFiles` tells. */
export function lostFiles(
  cluster: Cluster,
  host: Host,
  found: Authorities & Readonly<Record<string, unknown>>,
): readonly NodeFile[] {
  if (host.role === 'control-plane') return [];
  const authority = found.clusterAuthority.content;
  const isThere = (path: string): boolean => found[path] === 'file';
  const hasHalf = KUBELET_SERVING_FILES.some(isThere);
  const isLost = ({ path }: NodeFile): boolean =>
    !isThere(path) && (hasHalf || !KUBELET_SERVING_FILES.includes(path));
  return [
    ...((found.certificateAuthority.content ?? '') === '' && authority !== null
      ? [{ path: KUBEADM_FILES.ca, content: authority }]
      : []),
    ...(found.kubeletConfig !== 'file' && authority !== null
      ? [
          {
            path: KUBEADM_FILES.kubelet,
            content: kubeletKubeconfig(cluster.kubernetes.controlPlaneEndpoint, authority),
            mode: 0o600,
          },
        ]
      : []),
    ...ownFiles(cluster, host).filter(isLost),
  ];
}

const removeServingStep: Step = {
  do: 'run',
  summary: 'remove what is left of the serving certificate of the kubelet',
  script: command('rm', '-f', ...KUBELET_SERVING_FILES),
};

interface FinishedJoin {
  readonly hasBootstrapConfig: boolean;
  readonly isRegistered: boolean;
  readonly lost: readonly NodeFile[];
}

/** The kubelet has its credentials: at most files are left to remove or to write, or the node to be registered again. */
export function finishJoin(host: Host, { hasBootstrapConfig, isRegistered, lost }: FinishedJoin): Outcome {
  const isRestarted = !isRegistered || lost.some(({ path }) => path !== KUBEADM_FILES.instanceConfiguration);
  if (isRegistered && lost.length === 0 && !hasBootstrapConfig)
    return none(`node ${host.name} is registered`);
  const tidy: Step = {
    do: 'run',
    summary: `remove ${KUBEADM_FILES.bootstrap}`,
    script: command('rm', '-f', KUBEADM_FILES.bootstrap),
  };
  const restart: Step = isRegistered
    ? { ...registerStep, summary: 'restart the kubelet, which reads what was lost when it starts' }
    : registerStep;
  return change(
    [
      ...(hasBootstrapConfig
        ? [{ what: 'bootstrap credentials', from: KUBEADM_FILES.bootstrap, to: null }]
        : []),
      ...lost.map(({ path, content }) => ({
        what: path,
        from: null,
        to: content === undefined ? 'made by the kubelet when it starts' : 'made anew',
      })),
      ...(isRegistered ? [] : [{ what: 'node', from: null, to: host.name }]),
    ],
    [
      ...(hasBootstrapConfig ? [tidy] : []),
      ...lost.map(({ content, ...file }) =>
        content === undefined ? removeServingStep : writeStep({ ...file, content }),
      ),
      ...(isRestarted ? [restart] : []),
    ],
    isRestarted ? ['kubelet.service'] : [],
  );
}

/**
 * Credentials for a kubelet that has lost them, or was off until they had expired, in the way in which it got the first: with a token. Its node stays, and so
 * do its pods. Here the host waits, as the token has to be taken away again once the kubelet has used it.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/kubelet-tls-bootstrapping/ (v1.34)
 */
export function bootstrapAnew(
  { kubernetes: { controlPlaneEndpoint } }: Cluster,
  host: Host,
  { certificateAuthority, clusterAuthority, isExpired }: Authorities & { readonly isExpired: boolean },
): Outcome {
  const authority = clusterAuthority.content ?? '';
  const { bootstrap, ca, clientCertificate } = KUBEADM_FILES;
  return change(
    [
      {
        what: clientCertificate,
        from: isExpired ? 'expired' : null,
        to: `signed anew for node ${host.name}, which stays as it is`,
      },
    ],
    [
      ...(isExpired ? [removeCredentialsStep] : []),
      tidyStep,
      ...((certificateAuthority.content ?? '') === '' ? [writeStep({ path: ca, content: authority })] : []),
      {
        do: 'write',
        summary: `write ${bootstrap}`,
        path: bootstrap,
        content: bootstrapKubeconfig(controlPlaneEndpoint, authority),
        mode: 0o600,
        owner: 'root:root',
      },
      {
        do: 'run',
        summary: 'restart the kubelet, which asks for credentials',
        script: lines(
          registerStep.script,
          sh`i=0; until [ -e ${clientCertificate} ]; do i=$((i+1)); [ "$i" -le 60 ] || exit 1; sleep 1; done`,
          sh`rm -f ${bootstrap}`,
        ),
        timeoutMs: 90_000,
      },
    ],
    ['kubelet.service'],
  );
}
