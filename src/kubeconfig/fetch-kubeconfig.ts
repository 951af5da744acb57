import { act, action } from '#core/action.ts';
import { CLUSTER } from '#core/fact.ts';
import { refused } from '#core/resource.ts';
import { sh } from '#core/shell.ts';
import { pathKind } from '#facts/path.ts';

/**
 * Where kubeadm writes it, on every control plane.
 *
 * @see https://kubernetes.io/docs/reference/setup-tools/kubeadm/implementation-details/ (v1.34)
 */
const PATH = '/etc/kubernetes/admin.conf';

/** The text of the admin kubeconfig, as kubeadm wrote it. It is a secret. */
export const fetchKubeconfig = action({
  name: 'fetch kubeconfig',
  runsOn: CLUSTER,
  facts: { adminConf: pathKind(PATH) },
  decide: ({ adminConf }, { host }) =>
    adminConf === 'file'
      ? act({ do: 'run', summary: `read ${PATH}`, script: sh`cat ${PATH}` })
      : refused(
          'no-kubeconfig',
          `${host} has no ${PATH}`,
          'the control plane is not initialised yet: run "slipway apply"',
        ),
  read: (stdout) => stdout,
});
