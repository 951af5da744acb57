import { type Fact, type Family, fact } from '#core/fact.ts';
import { embed, lines, sh } from '#core/shell.ts';

import { kubectl, onControlPlane } from './kubectl.ts';
import { isTrue, readObjects } from './kubernetes-object.ts';

/** What the Tigera operator says of Calico, its TigeraStatus. */
export type OperatorStatus = {
  readonly isAvailable: boolean;
  /** Why it is not, in the operator's words. */
  readonly why: string;
};

const family: Family<'calico', OperatorStatus> = {
  name: 'operator-status',
  patienceMs: 10_000,
  script: () =>
    lines(
      onControlPlane(),
      sh`${embed(kubectl)} --request-timeout=10s get tigerastatuses.operator.tigera.io calico -o json 2>/dev/null || :`,
    ),
  parse: (output) => [readStatus(output)],
  bare: () => NOTHING,
  // It follows the pods, which move by themselves.
  isVolatile: true,
};

export const operatorStatus: Fact<OperatorStatus> = fact(family, 'calico');

const NOTHING: OperatorStatus = {
  isAvailable: false,
  why: 'the operator has not said anything of Calico yet',
};

function readStatus(output: string): OperatorStatus {
  const [found] = readObjects(output);
  if (found !== undefined && isTrue(found, 'Available')) return { isAvailable: true, why: '' };
  const told = found?.status?.conditions?.find(
    ({ status, message = '' }) => status === 'True' && message !== '',
  );
  return { isAvailable: false, why: told?.message ?? NOTHING.why };
}
