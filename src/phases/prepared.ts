/** The phases that make a machine ready for kubeadm. */
export const PREPARED = [
  'swap',
  'kernel',
  'names',
  'files',
  'runtime',
  'nvidia',
  'images',
  'kubernetes',
] as const;
