import type { Runtime } from '#core/runtime.ts';

/**
 * Where each runtime listens. kubeadm, crictl and the kubelet are all told, because a host with Docker has the socket of
 * Docker's containerd too, and kubeadm refuses to choose between two.
 *
 * @see https://kubernetes.io/docs/setup/production-environment/container-runtimes/ (v1.34)
 */
const CRI_SOCKETS: Readonly<Record<Runtime['type'], string>> = {
  containerd: 'unix:///run/containerd/containerd.sock',
  docker: 'unix:///var/run/cri-dockerd.sock',
  'cri-o': 'unix:///run/crio/crio.sock',
};

/** The unit that answers there. */
const CRI_UNITS: Readonly<Record<Runtime['type'], string>> = {
  containerd: 'containerd.service',
  docker: 'cri-docker.service',
  'cri-o': 'crio.service',
};

export const criUnit = ({ type }: Pick<Runtime, 'type'>): string => CRI_UNITS[type];

export const criSocket = ({ type }: Pick<Runtime, 'type'>): string => CRI_SOCKETS[type];

/** The runtime behind a socket, whichever way its path is written; undefined where it is none of ours. */
export function runtimeOfSocket(endpoint: string): Runtime['type'] | undefined {
  const types = Object.keys(CRI_SOCKETS) as Runtime['type'][];
  return types.find((type) => pathOf(CRI_SOCKETS[type]) === pathOf(endpoint));
}

const pathOf = (endpoint: string): string =>
  endpoint.replace(/^unix:\/\//, '').replace(/^\/var\/run\//, '/run/');
