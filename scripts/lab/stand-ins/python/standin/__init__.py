"""Stand-ins for kubeadm, kubelet, kubectl and crictl: no Kubernetes runs, only its edges behave."""
