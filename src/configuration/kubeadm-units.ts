/** The units that kubeadm runs in, detached from the connection: a later run finds it there. */
export const KUBEADM_UNITS = {
  init: 'slipway-kubeadm-init',
  join: 'slipway-kubeadm-join',
  upgrade: 'slipway-kubeadm-upgrade',
} as const;
