"""The kubelet stand-in."""
