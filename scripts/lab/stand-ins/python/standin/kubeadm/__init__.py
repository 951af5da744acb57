"""The kubeadm stand-in."""
