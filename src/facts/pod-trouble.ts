import type { Reason } from '#core/verification.ts';

import { type ContainerStatus, isTrue, type KubernetesObject } from './kubernetes-object.ts';

/**
 * Why pods are not ready, of what `kubectl get pods,events,nodes` found: each reason once, causes
 * before what follows from them. Without events or nodes it says less.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/ (v1.34)
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/kubelet/images/types.go (reasons of image pulls)
 */
export function podTroubles(objects: readonly KubernetesObject[]): readonly Reason[] {
  const pods = objects.filter(({ kind }) => kind === 'Pod').filter((pod) => !isDone(pod));
  const nodes = objects.filter(({ kind }) => kind === 'Node');
  const events = objects.filter(({ kind }) => kind === 'Event');
  const troubles = [
    ...pods.flatMap((pod) => troublesOf(placeOf(pod), pod, events)),
    ...events.filter(({ reason }) => reason === 'FailedCreate').map(refusedPod),
  ];
  const unique = new Map(troubles.map((trouble) => [`${trouble.kind} ${trouble.message}`, trouble]));
  const hint = tainted(nodes);
  return [...unique.values()]
    .map((trouble) => (trouble.kind === 'scheduling' && hint !== '' ? { ...trouble, hint } : trouble))
    .toSorted((left, right) => rank(left) - rank(right));
}

const NODES_NAMED = 5;

/** The scheduler counts nodes with a taint, and does not say which. A cordon is a taint as well. */
function tainted(nodes: readonly KubernetesObject[]): string {
  const found = nodes.flatMap(({ metadata, spec }) => {
    const taints = (spec?.taints ?? []).map(
      ({ key, value, effect }) => `${key}${value === undefined ? '' : `=${value}`}:${effect}`,
    );
    return taints.length === 0 ? [] : [`${metadata.name} has ${taints.join(', ')}`];
  });
  const more = found.length > NODES_NAMED ? `; and ${found.length - NODES_NAMED} more` : '';
  return found.slice(0, NODES_NAMED).join('; ') + more;
}

/** True for a pod that runs and is ready, or that has run to its end. */
export const isDone = (pod: KubernetesObject): boolean =>
  pod.status?.phase === 'Succeeded' || isTrue(pod, 'Ready');

const IMAGE_REASONS = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'ImageInspectError',
  'RegistryUnavailable',
  'SignatureValidationFailed',
]);

const ORDER = ['admission', 'scheduling', 'sandbox', 'image pull', 'container', 'readiness', 'start'];

const rank = ({ kind }: Reason): number => ORDER.indexOf(kind);

/** What keeps one pod from being ready, as far as the pod itself says. */
export const podTrouble = (pod: KubernetesObject): Reason =>
  troublesOf(placeOf(pod), pod, [])[0] ?? { kind: 'start', message: `${placeOf(pod)} is not started` };

const placeOf = ({ metadata, spec }: KubernetesObject): string =>
  `${metadata.name}${spec?.nodeName === undefined ? '' : ` on ${spec.nodeName}`}`;

function troublesOf(
  where: string,
  pod: KubernetesObject,
  events: readonly KubernetesObject[],
): readonly Reason[] {
  const { status = {} } = pod;
  const unscheduled = status.conditions?.find(
    ({ type, status: is }) => type === 'PodScheduled' && is === 'False',
  );
  if (unscheduled !== undefined) {
    const why = oneLine(unscheduled.message ?? unscheduled.reason ?? 'no reason given');
    const message = `${where} finds no node: ${why}`;
    return [{ kind: 'scheduling', message, hint: 'see taints, cordons and room: kubectl describe nodes' }];
  }
  const containers = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
  const found = containers.flatMap((container) => containerTroubles(where, container, events, pod));
  if (found.length > 0) return found;
  const sandbox = lastEvent(events, pod, 'FailedCreatePodSandBox');
  if (sandbox !== undefined) {
    return [
      {
        kind: 'sandbox',
        message: `${where} gets no sandbox: ${oneLine(sandbox)}`,
        hint: 'see the pod network and the container runtime of that node: journalctl -u kubelet',
      },
    ];
  }
  const unready = lastEvent(events, pod, 'Unhealthy');
  if (unready !== undefined)
    return [{ kind: 'readiness', message: `${where} is not ready: ${oneLine(unready)}` }];
  const state =
    status.message ?? status.reason ?? (status.phase === 'Running' ? 'running, not ready' : status.phase);
  return [{ kind: 'start', message: `${where} is ${state ?? 'not started'}` }];
}

function containerTroubles(
  where: string,
  { name, image, state = {}, lastState, restartCount = 0 }: ContainerStatus,
  events: readonly KubernetesObject[],
  pod: KubernetesObject,
): readonly Reason[] {
  const { reason, message } = state.waiting ?? {};
  if (reason !== undefined && IMAGE_REASONS.has(reason)) {
    // "Back-off pulling" says nothing of the cause; the event of the first failure does.
    const cause = lastEvent(events, pod, 'Failed', (text) => text.includes('pull')) ?? message ?? reason;
    return [
      {
        kind: 'image pull',
        message: `${where} cannot have the image ${image ?? `of ${name}`}: ${oneLine(cause)}`,
        hint: 'name an image that this node reaches, or a mirror of its registry',
      },
    ];
  }
  const ended = state.terminated ?? (reason === 'CrashLoopBackOff' ? lastState?.terminated : undefined);
  if (ended !== undefined && ended.exitCode !== 0) {
    const why = ended.message ?? ended.reason ?? '';
    const times =
      restartCount > 0 ? `, started again ${restartCount === 1 ? 'once' : `${restartCount} times`}` : '';
    return [
      {
        kind: 'container',
        message: `${where}: container ${name} ended with code ${ended.exitCode}${times}${told(why)}`,
        hint: `kubectl -n ${pod.metadata.namespace ?? 'default'} logs ${pod.metadata.name} -c ${name} --previous`,
      },
    ];
  }
  const isStarting = reason === undefined || reason === 'ContainerCreating' || reason === 'PodInitializing';
  if (isStarting) return [];
  return [{ kind: 'container', message: `${where}: container ${name}: ${reason}${told(message)}` }];
}

const refusedPod = ({ message = '', involvedObject }: KubernetesObject): Reason => ({
  kind: 'admission',
  message: `${involvedObject?.kind ?? 'controller'} ${involvedObject?.name ?? ''} may make no pod: ${oneLine(message)}`,
});

const lastEvent = (
  events: readonly KubernetesObject[],
  pod: KubernetesObject,
  reason: string,
  isMeant: (message: string) => boolean = () => true,
): string | undefined =>
  events.findLast(
    (event) =>
      event.reason === reason &&
      event.involvedObject?.name === pod.metadata.name &&
      isMeant(event.message ?? ''),
  )?.message;

const told = (text = ''): string => (text === '' ? '' : `: ${oneLine(text)}`);

/** Others' words between ours: on one line, not too long, and without their full stop. */
const oneLine = (text: string): string => {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 400 ? `${line.slice(0, 400)}...` : line.replace(/\.$/, '');
};
