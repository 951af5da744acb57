/** The phases that make a machine ready for kubeadm. */
export const PREPARED = ['swap', 'kernel', 'names', 'files', 'runtime', 'nvidia', 'kubernetes'] as const;
