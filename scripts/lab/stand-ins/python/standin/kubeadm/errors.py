"""kubeadm's failures."""


class KubeadmError(Exception):
    """Printed as `error: ...`; the program exits with 1."""
