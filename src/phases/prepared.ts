/** The phases that make a machine ready for kubeadm. */
export const PREPARED = ['swap', 'kernel', 'runtime', 'nvidia', 'kubernetes'] as const;
