import { type Fact, type Family, fact } from '#core/fact.ts';
import { embed, lines, sh } from '#core/shell.ts';

import { kubectl, onControlPlane } from './kubectl.ts';
import { type KubernetesObject, readObjects } from './kubernetes-object.ts';
import { isDone, podTrouble } from './pod-trouble.ts';

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
  patienceMs: 10_000,
  script: (questions) =>
    lines(
      onControlPlane(),
      ...questions.map(
        ({ namespace, selector }) =>
          sh`${embed(kubectl)} --request-timeout=10s -n ${namespace} get pods -l ${selector} -o json 2>/dev/null; echo ===`,
      ),
    ),
  parse: (output, questions) => {
    if (output === '') return questions.map(family.bare);
    const answers = output.split(/^===$/m).slice(0, -1);
    if (answers.length !== questions.length) throw new Error('the lists of pods are cut off');
    return answers.map(readPods);
  },
  bare: () => [],
  // Pods come and go by themselves.
  isVolatile: true,
};

const readPods = (json: string): readonly PodState[] =>
  readObjects(json)
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .map(readPod)
    .toSorted((left, right) => (left.name < right.name ? -1 : 1));

function readPod(pod: KubernetesObject): PodState {
  const isReady = isDone(pod);
  const { metadata, spec } = pod;
  return { name: metadata.name, node: spec?.nodeName ?? '', isReady, why: isReady ? '' : podTrouble(pod) };
}
