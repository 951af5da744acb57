import type { JsonObject } from '#core/cluster.ts';
import { type Fact, type Family, fact } from '#core/fact.ts';
import type { Json } from '#core/json.ts';
import { embed, lines, sh } from '#core/shell.ts';

import { kubectl } from './kubectl.ts';

/** A pod and why it is not ready. */
export type PodState = {
  readonly name: string;
  /** Empty until it is scheduled. */
  readonly node: string;
  readonly isReady: boolean;
  /** Empty when it is ready. */
  readonly why: string;
};

type PodsQuestion = {
  readonly namespace: string;
  /** `k8s-app=calico-node`. */
  readonly selector: string;
};

/** Pods that carry labels and are not about to go; none where there is no API server to ask. */
export const podsOf = (namespace: string, selector: string): Fact<readonly PodState[]> =>
  fact(family, { namespace, selector });

const family: Family<PodsQuestion, readonly PodState[]> = {
  name: 'pods',
  script: (questions) =>
    lines(
      ...questions.map(
        ({ namespace, selector }) =>
          sh`[ -s /etc/kubernetes/admin.conf ] && ${embed(kubectl)} --request-timeout=10s -n ${namespace} get pods -l ${selector} -o json 2>/dev/null; echo ===`,
      ),
    ),
  parse: (output, questions) => {
    const answers = output.split(/^===$/m).slice(0, -1);
    if (answers.length !== questions.length) throw new Error('the lists of pods are cut off');
    return answers.map(readPods);
  },
  bare: () => [],
  // Pods come and go by themselves.
  isVolatile: true,
};

function readPods(json: string): readonly PodState[] {
  if (json.trim() === '') return [];
  const { items = [] } = JSON.parse(json) as { readonly items?: readonly Json[] };
  return items
    .map((item) => item as unknown as Pod)
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .map(readPod)
    .toSorted((left, right) => (left.name < right.name ? -1 : 1));
}

/** As much of a Pod as is looked at here. */
interface Pod {
  readonly metadata: { readonly name: string; readonly deletionTimestamp?: string };
  readonly spec?: { readonly nodeName?: string };
  readonly status?: {
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly message?: string;
    }[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}

interface ContainerStatus {
  readonly name: string;
  readonly state?: {
    readonly waiting?: { readonly reason?: string; readonly message?: string };
    readonly terminated?: { readonly exitCode?: number; readonly reason?: string };
  };
  readonly lastState?: JsonObject;
}

function readPod({ metadata, spec, status }: Pod): PodState {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  const isReady = ready?.status === 'True';
  return {
    name: metadata.name,
    node: spec?.nodeName ?? '',
    isReady,
    why: isReady ? '' : troubleOf(status),
  };
}

/** The first thing that keeps a pod from being ready, in the words of the scheduler or the kubelet. */
function troubleOf(status: Pod['status']): string {
  const scheduled = status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.status === 'False') return `not scheduled: ${scheduled.message ?? ''}`;
  const containers = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  for (const { name, state, lastState } of containers) {
    const { reason, message } = state?.waiting ?? {};
    if (reason !== undefined && !/^(PodInitializing|ContainerCreating)$/.test(reason)) {
      const exit = exitOf(lastState);
      return `${name}: ${reason}${message === undefined ? '' : `: ${message}`}${exit}`;
    }
    const { exitCode = 0 } = state?.terminated ?? {};
    if (exitCode !== 0) return `${name} ended with exit code ${exitCode}`;
  }
  return 'it has not become ready yet';
}

function exitOf(lastState: JsonObject | undefined): string {
  const terminated = lastState?.['terminated'] as { readonly exitCode?: number } | undefined;
  return terminated?.exitCode === undefined ? '' : ` (it ended with exit code ${terminated.exitCode})`;
}
