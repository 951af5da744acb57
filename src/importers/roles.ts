import type { Role } from '#core/cluster.ts';

const CONTROL_PLANE =
  /^(kube|k8s|k3s|rke2)?[-_]?(control[-_]?planes?|controllers?|masters?|cps?|servers?|managers?)(?![a-z])/i;
const WORKER =
  /^(kube|k8s|k3s|rke2)?[-_]?(workers?|nodes?|agents?|computes?|minions?|w)(?![a-z])|^gpus?(?![a-z])/i;

/** What the name of a group, or of a host, says of its role. */
export function roleIn(name: string): Role | undefined {
  if (CONTROL_PLANE.test(name)) return 'control-plane';
  return WORKER.test(name) ? 'worker' : undefined;
}

export const isGpuName = (name: string): boolean => /^gpus?([-_]?(nodes?|workers?|hosts?))?$/i.test(name);
