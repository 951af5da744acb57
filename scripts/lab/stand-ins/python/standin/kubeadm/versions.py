"""What depends on the version: images, and what each minor can deploy."""
from .. import settings

# minor: coredns, pause, etcd
_IMAGES = {32: ('v1.11.3', '3.10', '3.5.16-0'), 33: ('v1.12.0', '3.10', '3.5.21-0'), 34: ('v1.12.1', '3.10.1', '3.6.5-0'),
           35: ('v1.13.1', '3.10.1', '3.6.6-0'), 36: ('v1.14.2', '3.10.2', '3.6.8-0')}


def tags(minor=None):
    """Tags of CoreDNS, pause and etcd."""
    known = minor if minor is not None else settings.MINOR
    return _IMAGES[min(max(known, min(_IMAGES)), max(_IMAGES))]


def images(version, repository='registry.k8s.io', external=None):
    """The images of a control plane, as `kubeadm config images list` names them."""
    coredns, pause, etcd = tags()
    folder = '/coredns' if repository == 'registry.k8s.io' else ''
    return [f'{repository}/{name}:{version}' for name in ('kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kube-proxy')] + [
        f'{repository}{folder}/coredns:{coredns}', f'{repository}/pause:{pause}', *(() if external else (f'{repository}/etcd:{etcd}',))]


def pause_image(repository='registry.k8s.io'):
    return f'{repository}/pause:{tags()[1]}'


def has_instance_config():
    """From 1.34 on the CRI socket stands in /var/lib/kubelet/instance-config.yaml, before in the kubelet's flags."""
    return settings.MINOR >= 34
