import type { CalicoNetwork } from '#core/network.ts';

import type { Workload } from './workload.ts';

/** Calico's pods on every node. */
export const calicoNode = ({ install }: CalicoNetwork): Workload => ({
  kind: 'DaemonSet',
  namespace: install.by === 'operator' ? 'calico-system' : 'kube-system',
  name: 'calico-node',
  selector: 'k8s-app=calico-node',
});

/** Calico's controllers. */
export const calicoControllers = (network: CalicoNetwork): Workload => ({
  ...calicoNode(network),
  kind: 'Deployment',
  name: 'calico-kube-controllers',
  selector: 'k8s-app=calico-kube-controllers',
});

/** @see https://github.com/projectcalico/calico/blob/v3.32.1/manifests/calico-typha.yaml */
export const CALICO_TYPHA: Workload = {
  kind: 'Deployment',
  namespace: 'kube-system',
  name: 'calico-typha',
  selector: 'k8s-app=calico-typha',
};

/** @see https://github.com/projectcalico/calico/blob/v3.32.1/manifests/tigera-operator.yaml */
export const TIGERA_OPERATOR: Workload = {
  kind: 'Deployment',
  namespace: 'tigera-operator',
  name: 'tigera-operator',
  selector: 'name=tigera-operator',
};
