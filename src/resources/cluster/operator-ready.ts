import { change, gated, type Resource } from '#core/resource.ts';
import { podsIn } from '#facts/diagnosis.ts';
import { operatorStatus, operatorWatch } from '#facts/operator-status.ts';

/** The same objects, right only once the Tigera operator says that it has made Calico of them. */
export const operatorReady = (installation: Resource): Resource => ({
  ...gated(installation, { status: operatorStatus }, ({ status: { isAvailable, why } }, _, decide) => {
    const outcome = decide();
    if (outcome.answer !== 'none' || isAvailable) return outcome;
    return change([{ what: 'Calico', from: why, to: 'available' }]);
  }),
  settle: {
    ...installation.settle,
    asksAgain: ['status'],
    watch: operatorWatch,
    diagnosis: podsIn(['tigera-operator', 'calico-system']),
  },
});
