import type { Phase } from '#core/phase.ts';
import { noSwap } from '#resources/host/swap.ts';

export const swap: Phase = {
  name: 'swap',
  summary: 'swap off, now and after a reboot, unless the inventory leaves it',
  needs: () => ['preflight'],
  common: ({ host }) => (host.swap === 'off' ? [noSwap()] : []),
};
