import { act, action } from '#core/action.ts';
import { refused } from '#core/resource.ts';
import { sh } from '#core/shell.ts';
import { pathKind } from '#facts/path.ts';

const ADMIN_CONF = '/etc/kubernetes/admin.conf';

/**
 * What a control plane says of its cluster, as JSON: the nodes, kubeadm's ClusterConfiguration, the CNI configurations of the host
 * and who has brought its runtime, and what there is of Calico and kube-proxy. It only reads, and asks for no secret.
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
owner() { { dpkg-query -S "/usr/bin/$1" 2>/dev/null || rpm -qf --qf '%{NAME}:' "/usr/bin/$1" 2>/dev/null; } | sed -n '1s/:.*//p'; }
of() { kubectl "$@" -o json 2>/dev/null || echo null; }
installation=$(of get installations.operator.tigera.io default)
if [ "$installation" = null ]; then namespace=kube-system; else namespace=calico-system; fi
printf '{"nodes":%s,"kubeadm":%s,"cni":[%s null],"owners":{"containerd":"%s","dockerd":"%s"}' "$nodes" "$kubeadm" "$cni" "$(owner containerd)" "$(owner dockerd)"
printf ',"kubeProxy":%s,"installation":%s' "$(of -n kube-system get configmap kube-proxy)" "$installation"
printf ',"calicoNode":%s,"calicoConfig":%s' "$(of -n "$namespace" get daemonset calico-node)" "$(of -n kube-system get configmap calico-config)"
printf ',"pools":%s}\n' "$(of get ippools.crd.projectcalico.org)"`,
          })
        : refused(
            'not-a-control-plane',
            `there is no ${ADMIN_CONF} here, so this is no control plane that kubeadm has made`,
            'name a control plane of the cluster: kubectl get nodes -l node-role.kubernetes.io/control-plane',
          ),
    read: (stdout) => stdout,
  });
