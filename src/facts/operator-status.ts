import { type Fact, type Family, fact } from '#core/fact.ts';
import { embed, lines, sh } from '#core/shell.ts';

import { apiWatch, namedPath } from './api-watch.ts';
import { kubectl, onControlPlane } from './kubectl.ts';
import { readObjects } from './kubernetes-object.ts';
import { API } from './over-tls.ts';

/** What the Tigera operator says of Calico, its TigeraStatus. */
export type OperatorStatus = {
  readonly isAvailable: boolean;
  /** Why it is not, in the operator's words. */
  readonly why: string;
};

const family: Family<'calico', OperatorStatus> = {
  name: 'operator-status',
  patienceMs: 10_000,
  queue: API,
  script: () =>
    lines(
      onControlPlane(),
      sh`${embed(kubectl)} --request-timeout=10s get installations.operator.tigera.io/default tigerastatuses.operator.tigera.io/calico --ignore-not-found -o json 2>/dev/null || :`,
    ),
  parse: (output) => [readStatus(output)],
  bare: () => NOTHING,
  // It follows the pods, which move by themselves.
  isVolatile: true,
};

export const operatorStatus: Fact<OperatorStatus> = fact(family, 'calico');

export const operatorWatch = apiWatch(namedPath('/apis/operator.tigera.io/v1/tigerastatuses', 'calico'));

const NOTHING: OperatorStatus = {
  isAvailable: false,
  why: 'the operator has not said anything of Calico yet',
};

/**
 * What it said of an Installation that was changed since is not counted.
 *
 * @see https://github.com/tigera/operator/blob/v1.42.3/api/v1/tigerastatus_types.go (observedGeneration)
 */
function readStatus(output: string): OperatorStatus {
  const found = readObjects(output);
  const { generation } = found.find(({ kind }) => kind === 'Installation')?.metadata ?? {};
  const conditions = found.find(({ kind }) => kind === 'TigeraStatus')?.status?.conditions ?? [];
  const isTrue = (wanted: string): boolean =>
    conditions.some(
      ({ type, status, observedGeneration }) =>
        type === wanted && status === 'True' && observedGeneration === generation,
    );
  if (generation !== undefined && isTrue('Available')) return { isAvailable: true, why: '' };
  const told = conditions.find(
    ({ status, type, message = '' }) => status === 'True' && type !== 'Available' && message !== '',
  );
  return { isAvailable: false, why: told?.message ?? NOTHING.why };
}
