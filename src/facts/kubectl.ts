import { sh } from '#core/shell.ts';

/**
 * kubectl with the admin's credentials. The cache directory cannot be made, so that a question leaves no file
 * behind: kubectl then goes on without one.
 *
 * @see https://kubernetes.io/docs/reference/kubectl/kubectl/ (--cache-dir, v1.34)
 */
export const kubectl = sh`kubectl --kubeconfig=/etc/kubernetes/admin.conf --cache-dir=/dev/null/none`;
