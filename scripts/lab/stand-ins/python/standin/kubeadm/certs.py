"""The certs phase: what is made, what is reused, and what is refused."""
import os

from .. import pki, settings
from ..text import out
from .errors import KubeadmError

_CA_LIST = (('ca', 'kubernetes'), ('front-proxy-ca', 'front-proxy-ca'), ('etcd/ca', 'etcd-ca'))
_CLIENT, _SERVER = ['clientAuth'], ['serverAuth']
# name: the CA, the subject, the usages; NODE is the node's name.
LEAVES = (('apiserver', 'ca', '/CN=kube-apiserver', _SERVER),
          ('apiserver-kubelet-client', 'ca', '/CN=kube-apiserver-kubelet-client', _CLIENT),
          ('front-proxy-client', 'front-proxy-ca', '/CN=front-proxy-client', _CLIENT),
          ('etcd/server', 'etcd/ca', '/CN=NODE', _SERVER + _CLIENT), ('etcd/peer', 'etcd/ca', '/CN=NODE', _SERVER + _CLIENT),
          ('etcd/healthcheck-client', 'etcd/ca', '/CN=kube-etcd-healthcheck-client', _CLIENT),
          ('apiserver-etcd-client', 'etcd/ca', '/CN=kube-apiserver-etcd-client', _CLIENT))


class KeyRing:
    """Keys of one run. A CA gets a key of its own; the other certificates share one, which nobody can see from outside."""

    def __init__(self):
        self.shared = None

    def leaf(self):
        if self.shared is None:
            self.shared = pki.rsa_key()
        return self.shared


def names_of(config, certificate):
    """DNS names and IPs of a serving certificate, in kubeadm's order."""
    extra = (config.cluster.get('apiServer') or {}).get('certSANs') or []
    if certificate == 'apiserver':
        dns = ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', f'kubernetes.default.svc.{config.domain}', config.name]
        ips = [config.service_ip(1), config.address]
        endpoint = config.endpoint.rpartition(':')[0] if ':' in config.endpoint else config.endpoint
        extra = ([endpoint] if endpoint else []) + extra
    else:
        dns, ips = ['localhost', config.name], [config.address, '127.0.0.1', '::1']
        local = (config.cluster.get('etcd') or {}).get('local') or {}
        extra = local.get('serverCertSANs' if certificate == 'etcd/server' else 'peerCertSANs') or []
    for name in extra:
        target = ips if name.replace('.', '').isdigit() or ':' in name else dns
        if name not in target:
            target.append(name)
    return dns, ips


def check_external_ca(config):
    """A CA without its key looks like an external one, and then everything else must be there."""
    folder = config.pki
    if os.path.exists(f'{folder}/ca.crt') and not os.path.exists(f'{folder}/ca.key') and not os.path.exists(f'{folder}/apiserver.key'):
        raise KubeadmError("invalid or incomplete external CA: failure loading key for apiserver: couldn't load the private key file "
                           f'{folder}/apiserver.key: open {folder}/apiserver.key: no such file or directory')


def all_certs(config, ring, only=None):
    """The whole phase; `only` names one certificate."""
    out(f'[certs] Using certificateDir folder "{config.pki}"')
    for name, ca, subject, usages in LEAVES:
        if config.external and ca == 'etcd/ca':
            if only in (None, ca) and (only or name == 'etcd/server'):
                out('[certs] External etcd mode: Skipping etcd/ca certificate authority generation')
            if only in (None, name):
                out(f'[certs] External etcd mode: Skipping {name} certificate generation')
            continue
        if only in (None, ca) and (only or name in ('apiserver', 'front-proxy-client', 'etcd/server')):
            authority(config, ca)
        if only in (None, name):
            leaf(config, ring, name, ca, subject, usages)
    if only in (None, 'sa'):
        service_account_key(config, ring)


def authority(config, name):
    """A CA certificate and its key."""
    crt, key = f'{config.pki}/{name}.crt', f'{config.pki}/{name}.key'
    if os.path.exists(crt):
        try:
            pki.read_certificate(crt)
        except pki.CertificateError as error:
            raise KubeadmError(f'error execution phase certs/{name.replace("/", "-")}: failure loading {name} CA certificate: {error}')
        out(f'[certs] Using existing {name} certificate authority')
        return
    out(f'[certs] Generating "{name}" certificate and key')
    settings.pause(0.03)
    common = dict(_CA_LIST)[name]
    text = pki.rsa_key()
    pki.write(key, text, 0o600)
    pki.write(crt, pki.certificate(key, f'/CN={common}', pki.CA_EXTENSIONS + [f'subjectAltName=DNS:{common}'], days=3650), 0o644)


def leaf(config, ring, name, ca, subject, usages):
    """A certificate signed by a CA; one that exists is kept, whatever its names are."""
    crt, key = f'{config.pki}/{name}.crt', f'{config.pki}/{name}.key'
    if os.path.exists(crt):
        try:
            pki.read_certificate(crt)
        except pki.CertificateError as error:
            raise KubeadmError(f'error execution phase certs/{name.replace("/", "-")}: failed to write or validate certificate "{name}": '
                               f'failure loading {name} certificate: {error}')
        out(f'[certs] Using existing {name} certificate and key on disk')
        return
    out(f'[certs] Generating "{name}" certificate and key')
    names = ()
    if 'serverAuth' in usages:
        dns, ips = names_of(config, name)
        out(f'[certs] {name} serving cert is signed for DNS names [{" ".join(dns)}] and IPs [{" ".join(ips)}]')
        names = [f'DNS:{one}' for one in dns] + [f'IP:{one}' for one in ips]
    settings.pause(0.03)
    text = ring.leaf()
    pki.write(key, text, 0o600)
    signer = (f'{config.pki}/{ca}.crt', f'{config.pki}/{ca}.key')
    pki.write(crt, pki.certificate(key, subject.replace('NODE', config.name), pki.leaf_extensions(usages, names), ca=signer), 0o644)


def service_account_key(config, ring):
    key = f'{config.pki}/sa.key'
    if os.path.exists(key):
        out('[certs] Using the existing "sa" key')
        return
    out('[certs] Generating "sa" key and public key')
    settings.pause(0.03)
    text = ring.leaf()
    pki.write(key, text, 0o600)
    pki.write(f'{config.pki}/sa.pub', pki.public_key(text), 0o600)
