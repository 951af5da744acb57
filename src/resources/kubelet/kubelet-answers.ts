import { change, deferred, none, type Resource, resource } from '#core/resource.ts';
import { kubeletHealth } from '#facts/kubelet-health.ts';
import { journalOf } from '#facts/diagnosis.ts';

const UNIT = 'kubelet.service';

/** A kubelet that was restarted has to read its pods and its runtime's state first. */
const TIMEOUT_MS = 60_000;

/**
 * The kubelet of a node says that it is well: one that is active may be about to end.
 *
 * @see https://kubernetes.io/docs/reference/node/kubelet-files/ (v1.34)
 */
export const kubeletAnswers = (phase: string): Resource =>
  resource({
    address: 'kubelet-health',
    facts: { health: kubeletHealth() },
    restartOn: [`unit:${UNIT}`],
    settle: { timeoutMs: TIMEOUT_MS, looks: 2, diagnosis: journalOf(UNIT) },
    diff: ({ health }, { changed, host }) => {
      if (changed.length > 0)
        return deferred({ host, phase }, `${UNIT}, which is started there`, none('it answers healthz'));
      if (health.state === 'unasked') return none('it has no healthz to ask');
      if (health.state === 'answers') return none('it answers healthz');
      return { ...change([{ what: 'healthz', from: health.why, to: 'ok' }]), check: 'Kubelet' };
    },
  });
