import { type Fact, type Family, fact } from '#core/fact.ts';
import { embed, lines, sh } from '#core/shell.ts';

import { kubectl } from './kubectl.ts';

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
      sh`[ -s /etc/kubernetes/admin.conf ] && command -v kubectl >/dev/null || exit 0`,
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

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly message?: string;
}

function readStatus(output: string): OperatorStatus {
  if (output.trim() === '') return NOTHING;
  const { status } = JSON.parse(output) as {
    readonly status?: { readonly conditions?: readonly Condition[] };
  };
  const conditions = status?.conditions ?? [];
  if (conditions.some(({ type, status: is }) => type === 'Available' && is === 'True')) {
    return { isAvailable: true, why: '' };
  }
  const told = conditions.find(({ status: is, message = '' }) => is === 'True' && message !== '');
  return { isAvailable: false, why: told?.message ?? NOTHING.why };
}
