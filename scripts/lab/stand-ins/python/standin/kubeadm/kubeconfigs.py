"""The kubeconfig phase."""
import os

from .. import kubeconfig, pki, settings
from ..text import klog, out
from .errors import KubeadmError

FOLDER = '/etc/kubernetes'
# file: the user, the subject; NODE is the node's name.
USERS = {'admin': ('kubernetes-admin', '/O=kubeadm:cluster-admins/CN=kubernetes-admin'),
         'super-admin': ('kubernetes-super-admin', '/O=system:masters/CN=kubernetes-super-admin'),
         'kubelet': ('system:node:NODE', '/O=system:nodes/CN=system:node:NODE'),
         'controller-manager': ('system:kube-controller-manager', '/CN=system:kube-controller-manager'),
         'scheduler': ('system:kube-scheduler', '/CN=system:kube-scheduler')}


def all_kubeconfigs(config, ring, files=tuple(USERS), folder=FOLDER):
    """Write or keep each file."""
    out(f'[kubeconfig] Using kubeconfig folder "{folder}"')
    settings.pause(0.1)
    for name in files:
        one(config, ring, name, folder)


def one(config, ring, name, folder):
    path = f'{folder}/{name}.conf'
    server = config.local_url if name in ('controller-manager', 'scheduler') else config.url
    with open(f'{config.pki}/ca.crt') as file:
        ca = file.read()
    if os.path.exists(path):
        _keep(path, name, server, ca)
        return
    out(f'[kubeconfig] Writing "{name}.conf" kubeconfig file')
    settings.pause(0.2)
    user, certificate, key = identity(config, ring, name)
    pki.write(path, kubeconfig.text_of(server, ca, user, certificate=certificate, key=key), 0o600)


def identity(config, ring, name):
    """User, certificate and key of a file."""
    user, subject = (text.replace('NODE', config.name) for text in USERS[name])
    key = ring.leaf()
    temporary = f'{config.pki}/.{name}.key'
    pki.write(temporary, key, 0o600)
    try:
        return user, pki.certificate(temporary, subject, pki.leaf_extensions(['clientAuth']), ca=(f'{config.pki}/ca.crt', f'{config.pki}/ca.key')), key
    finally:
        os.unlink(temporary)


def _keep(path, name, server, ca):
    """An existing file is kept if its CA is ours; another server is only warned about."""
    cluster, _ = kubeconfig.current(kubeconfig.read(path))
    if cluster is None:
        raise KubeadmError(f'error execution phase kubeconfig/{name}: failed to find CurrentContext in Contexts of the kubeconfig file {path}')
    if (kubeconfig.ca_of(cluster) or '').strip() != ca.strip():
        raise KubeadmError(f'error execution phase kubeconfig/{name}: a kubeconfig file "{path}" exists but does not contain a trusted CA in its '
                           "current context's cluster. Total CA certificates found: 1")
    if cluster.get('server') != server:
        klog('W', 'kubeconfig.go:291', f'a kubeconfig file "{path}" exists already but has an unexpected API Server URL: expected: {server}, '
             f'got: {cluster.get("server")}')
    out(f'[kubeconfig] Using existing kubeconfig file: "{path}"')
