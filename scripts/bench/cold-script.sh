#!/bin/bash
# The usual shell steps that make a cluster of bare Debian hosts, on all of them at once over OpenSSH: what slipway is
# measured beside. Nothing is looked at before it is done, and nothing is proven after.
#
#   cold-script.sh usual|one-transaction     with HOSTS ("cp1 w1 w2", the first is the control plane), SSH, VERSION,
#                                            REPOSITORY, KEY_URL and NETWORK (a manifest's URL) in the environment.
#                                            With CONTROL_PLANES=2, so many; then kubeadm reads INIT, a file of the
#                                            first one, which has CERTIFICATE_KEY
set -euo pipefail
how=$1
read -ra hosts <<<"$HOSTS"
first=${hosts[0]}

# shellcheck disable=SC2016
prepare='
set -eu
export DEBIAN_FRONTEND=noninteractive
settings() {
  swapoff -a
  sed -i "/\sswap\s/s/^[^#]/#&/" /etc/fstab
  printf "overlay\nbr_netfilter\n" >/etc/modules-load.d/kubernetes.conf
  modprobe -a overlay br_netfilter
  printf "net.bridge.bridge-nf-call-iptables = 1\nnet.bridge.bridge-nf-call-ip6tables = 1\nnet.ipv4.ip_forward = 1\n" \
    >/etc/sysctl.d/kubernetes.conf
  sysctl -q --system
}
containerd_settings() {
  mkdir -p /etc/containerd
  containerd config default | sed \
    -e "s/SystemdCgroup = false/SystemdCgroup = true/" \
    -e "s/restrict_oom_score_adj = false/restrict_oom_score_adj = true/" \
    -e "s|bin_dir = .*|bin_dir = \"/opt/cni/bin\"|" \
    -e "s|sandbox_image = .*|sandbox_image = \"registry.k8s.io/pause:3.10.1\"|" >/etc/containerd/config.toml
  systemctl restart containerd
}
repository() {
  mkdir -p /etc/apt/keyrings
  curl -fsSL "$KEY_URL" | gpg --dearmor --batch --yes -o /etc/apt/keyrings/kubernetes.gpg
  echo "deb [signed-by=/etc/apt/keyrings/kubernetes.gpg] $REPOSITORY/ /" >/etc/apt/sources.list.d/kubernetes.list
}
kubernetes="kubelet=$VERSION-1.1 kubeadm=$VERSION-1.1 kubectl=$VERSION-1.1"
settings
if [ "$HOW" = usual ]; then
  apt-get update -q
  apt-get install -y -q --no-install-recommends ca-certificates curl gpg containerd
  containerd_settings
  repository
  apt-get update -q
  apt-get install -y -q --no-install-recommends $kubernetes
else
  repository
  apt-get update -q
  apt-get install -y -q --no-install-recommends ca-certificates containerd $kubernetes
  containerd_settings
fi
apt-mark hold kubelet kubeadm kubectl
systemctl enable --now kubelet
'
on() {
  local host=$1
  shift
  $SSH "$host" "$@"
}
prepare_host() {
  printf '%s\n' "HOW='$how' VERSION='$VERSION' REPOSITORY='$REPOSITORY' KEY_URL='$KEY_URL'" "$prepare" |
    on "$1" 'bash -s'
}

workers=()
for host in "${hosts[@]:1}"; do
  prepare_host "$host" &
  workers+=("$!")
done
prepare_host "$first"
if [ -n "${INIT:-}" ]; then
  on "$first" "kubeadm init --config $INIT --upload-certs"
else
  on "$first" "kubeadm init --kubernetes-version v$VERSION --pod-network-cidr 10.244.0.0/16"
fi
on "$first" "curl -fsSL '$NETWORK' >/root/network.yaml && kubectl --kubeconfig /etc/kubernetes/admin.conf apply -f /root/network.yaml"
join=$(on "$first" 'kubeadm token create --print-join-command')
for pid in "${workers[@]}"; do wait "$pid"; done
for host in "${hosts[@]:1:$((${CONTROL_PLANES:-1} - 1))}"; do
  on "$host" "$join --control-plane --certificate-key $CERTIFICATE_KEY"
done
joins=()
for host in "${hosts[@]:${CONTROL_PLANES:-1}}"; do
  on "$host" "$join" &
  joins+=("$!")
done
for pid in "${joins[@]}"; do wait "$pid"; done
on "$first" 'kubectl --kubeconfig /etc/kubernetes/admin.conf wait --for=condition=Ready nodes --all --timeout=300s'
