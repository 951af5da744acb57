import { none, noted } from '#core/resource.ts';
import { automaticUpgrades } from '#facts/automatic-upgrades.ts';
import { surroundings } from '#facts/surroundings.ts';

import { check } from './check.ts';

/** Beside a package of Kubernetes', which is found before it, kubectl's is in nobody's way. */
const HARMLESS = 'kubectl';

/** Snaps bring a runtime, a kubelet or a whole cluster of their own, and upgrade it by themselves. */
export const snaps = check({
  name: 'Snap',
  facts: { around: surroundings() },
  judge: ({ around: { snaps: found = [] } }) => {
    const inTheWay = found.filter((name) => name !== HARMLESS);
    if (inTheWay.length > 0) {
      return {
        why: `there ${inTheWay.length === 1 ? 'is the snap' : 'are the snaps'} ${inTheWay.join(', ')}, with daemons of its own that want the same ports, networks and rules as a node`,
        hint: `see that nothing of yours runs in it, then: snap remove ${inTheWay.join(' ')}`,
      };
    }
    if (found.length === 0) return 'no snap of Docker or Kubernetes is there';
    return noted(none('the snap kubectl is in the way of nothing'), [
      'the snap kubectl upgrades itself, whatever version the cluster has; it is not needed beside the package: snap remove kubectl',
    ]);
  },
});

/** Not refused: security updates in time may be worth a restart, and only an operator knows. */
export const upgradesUnderPods = check({
  name: 'AutomaticUpgrades',
  facts: { upgrades: automaticUpgrades() },
  judge: ({ upgrades: { by, packages } }) => {
    if (by === null) return 'nothing upgrades packages by itself';
    if (packages.length === 0) return `${by} leaves alone what pods depend on`;
    return noted(none(`${by} is on`), [
      `${by} may upgrade ${packages.join(', ')} under running pods: a runtime restarts, and libraries of NVIDIA's that are newer than the driver start no container; ${KEEPING[by]}`,
    ]);
  },
});

const KEEPING = {
  'unattended-upgrades':
    'Unattended-Upgrade::Package-Blacklist keeps them for your own hour, see docs/platforms.md',
  'dnf-automatic': 'exclude= in /etc/dnf/automatic.conf, or dnf versionlock, keeps them for your own hour',
} as const;
