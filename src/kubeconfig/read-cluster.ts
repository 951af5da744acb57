import { act, action } from '#core/action.ts';
import { refused } from '#core/resource.ts';
import { sh } from '#core/shell.ts';
import { pathKind } from '#facts/path.ts';

const ADMIN_CONF = '/etc/kubernetes/admin.conf';

/**
 * What a control plane says of its cluster, as JSON: the nodes, kubeadm's ClusterConfiguration, the CNI configurations of the host
 * and who has brought its containerd. It only reads, and asks for no secret.
 *
 * @see https://kubernetes.io/docs/reference/setup-tools/kubeadm/implementation-details/ (v1.34: ConfigMap kubeadm-config)
 */
export const readCluster = (host: string) =>
  action({
    name: 'read cluster',
    runsOn: host,
    facts: { adminConf: pathKind(ADMIN_CONF) },
    decide: ({ adminConf }) =>
      adminConf === 'file'
        ? act({
            do: 'run',
            summary: 'read the cluster',
            script: sh`export KUBECONFIG=${ADMIN_CONF}
nodes=$(kubectl get nodes -o json)
kubeadm=$(kubectl -n kube-system get configmap kubeadm-config -o json)
cni=$(for path in /etc/cni/net.d/*; do [ ! -f "$path" ] || printf '%s\n' "$(basename "$path")"; done | sed 's/[^A-Za-z0-9._-]//g; s/.*/"&",/')
if ! owner=$(dpkg-query -S /usr/bin/containerd 2>/dev/null || rpm -qf --qf '%{NAME}:' /usr/bin/containerd 2>/dev/null); then owner=; fi
printf '{"nodes":%s,"kubeadm":%s,"cni":[%s null],"containerd":"%s"}\n' "$nodes" "$kubeadm" "$cni" "$(printf %s "$owner" | sed 's/:.*//')"`,
          })
        : refused(
            'not-a-control-plane',
            `there is no ${ADMIN_CONF} here, so this is no control plane that kubeadm has made`,
            'name a control plane of the cluster: kubectl get nodes -l node-role.kubernetes.io/control-plane',
          ),
    read: (stdout) => stdout,
  });
