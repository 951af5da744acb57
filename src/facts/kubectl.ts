import { type Script, sh } from '#core/shell.ts';

/**
 * kubectl with the admin's credentials. The cache directory cannot be made, so that a question leaves no file
 * behind: kubectl then goes on without one.
 *
 * @see https://kubernetes.io/docs/reference/kubectl/kubectl/ (--cache-dir, v1.34)
 */
export const kubectl = sh`kubectl --kubeconfig=/etc/kubernetes/admin.conf --cache-dir=/dev/null/none`;

/**
 * What kubectl says where the API server is away for a moment, or where a load balancer cuts the connection to one that has
 * gone, as a regular expression.
 */
export const API_AWAY =
  'connection refused|was refused|etcdserver|InternalError|ServiceUnavailable|TLS handshake timeout|EOF|connection reset|connection lost';

/** Ends a question where no control plane has been made yet, with this as the answer. */
export const onControlPlane = (answer?: string): Script =>
  answer === undefined
    ? sh`[ -s /etc/kubernetes/admin.conf ] && command -v kubectl >/dev/null || exit 0`
    : sh`[ -s /etc/kubernetes/admin.conf ] && command -v kubectl >/dev/null || { echo ${answer}; exit 0; }`;
