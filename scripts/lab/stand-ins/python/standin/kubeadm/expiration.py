"""`kubeadm certs`."""
import os
import time

from .. import kubeconfig, pki, yaml
from ..http import ApiError, Unreachable
from ..text import out, rfc3339, short_duration
from . import certs, kubeconfigs, tokens
from . import config as configuration
from .errors import KubeadmError

# name: where it is, its CA, and what `renew all` says of it.
_ENTRIES = {
    'admin.conf': ('admin', 'ca', 'certificate embedded in the kubeconfig file for the admin to use and for kubeadm itself'),
    'apiserver': ('apiserver', 'ca', 'certificate for serving the Kubernetes API'),
    'apiserver-etcd-client': ('apiserver-etcd-client', 'etcd-ca', 'certificate the apiserver uses to access etcd'),
    'apiserver-kubelet-client': ('apiserver-kubelet-client', 'ca', 'certificate for the API server to connect to kubelet'),
    'controller-manager.conf': ('controller-manager', 'ca', 'certificate embedded in the kubeconfig file for the controller manager to use'),
    'etcd-healthcheck-client': ('etcd/healthcheck-client', 'etcd-ca', 'certificate for liveness probes to healthcheck etcd'),
    'etcd-peer': ('etcd/peer', 'etcd-ca', 'certificate for etcd nodes to communicate with each other'),
    'etcd-server': ('etcd/server', 'etcd-ca', 'certificate for serving etcd'),
    'front-proxy-client': ('front-proxy-client', 'front-proxy-ca', 'certificate for the front proxy client'),
    'scheduler.conf': ('scheduler', 'ca', 'certificate embedded in the kubeconfig file for the scheduler manager to use'),
    'super-admin.conf': ('super-admin', 'ca', 'certificate embedded in the kubeconfig file for the super-admin'),
}
_AUTHORITIES = {'ca': 'ca', 'etcd-ca': 'etcd/ca', 'front-proxy-ca': 'front-proxy-ca'}


def _certificate(folder, name, where):
    if name.endswith('.conf'):
        _, user = kubeconfig.current(kubeconfig.read(f'{kubeconfigs.FOLDER}/{where}.conf'))
        return pki.Certificate(kubeconfig.decode(user['client-certificate-data'], 'client-certificate-data'))
    return pki.read_certificate(f'{folder}/{where}.crt')


def check(flags):
    folder = flags.get('--cert-dir', '/etc/kubernetes/pki')
    form = flags.get('-o') or flags.get('--output') or 'text'
    if not os.path.exists(f'{folder}/ca.crt'):
        raise KubeadmError('Error checking external CA condition for ca certificate authority: failure loading certificate for CA: couldn\'t load the '
                           f'certificate file {folder}/ca.crt: open {folder}/ca.crt: no such file or directory')
    path = flags.get('--kubeconfig', tokens.ADMIN)
    if form == 'text' and os.path.exists(path):
        _cluster('check-expiration', path)
        out()
    now = time.time()
    rows = [(name, _not_after(folder, name, where), ca) for name, (where, ca, _) in _ENTRIES.items()]
    authorities = [(name, _not_after(folder, name, where), None) for name, where in _AUTHORITIES.items()]
    if form == 'json':
        import json
        def entry(name, ends, ca):
            value = {'name': name, **({'expirationDate': rfc3339(ends), 'residualTime': int(ends - now)} if ends else {}), 'externallyManaged': False}
            return {**value, **({'caName': ca} if ca else {}), 'missing': ends is None}
        out(json.dumps({'kind': 'CertificateExpirationInfo', 'apiVersion': 'output.kubeadm.k8s.io/v1alpha3',
                        'certificates': [entry(*row) for row in rows], 'certificateAuthorities': [entry(*row) for row in authorities]}, indent=4))
        return
    def line(cells, widths):
        out(''.join(cell.ljust(width) for cell, width in zip(cells, widths)))
    widths = (27, 25, 16, 24, 21)
    out('CERTIFICATE                EXPIRES                  RESIDUAL TIME   CERTIFICATE AUTHORITY   EXTERNALLY MANAGED')
    for name, ends, ca in rows:
        line((name, _date(ends), short_duration(ends - now) if ends else '', ca, 'no') if ends
             else (f'!MISSING! {name}', '', '', '', ''), widths[:4] + (8,))
    out()
    out('CERTIFICATE AUTHORITY   EXPIRES                  RESIDUAL TIME   EXTERNALLY MANAGED')
    for name, ends, _ in authorities:
        line((name, _date(ends), short_duration(ends - now) if ends else '', 'no'), (24, 25, 16, 8))


def _date(seconds):
    return time.strftime('%b %d, %Y %H:%M UTC', time.gmtime(seconds)) if seconds else ''


def _not_after(folder, name, where):
    try:
        return _certificate(folder, name, where).not_after
    except (OSError, KeyError, TypeError, pki.CertificateError):
        return None


def _cluster(word, path):
    """Read the cluster's configuration; without a cluster the defaults serve."""
    out(f'[{word}] Reading configuration from the "kubeadm-config" ConfigMap in namespace "kube-system"...')
    out(f"[{word}] Use 'kubeadm init phase upload-config kubeadm --config your-config-file' to re-upload it.")
    try:
        api = kubeconfig.client(path, timeout=10)
        text = api.get('/api/v1/namespaces/kube-system/configmaps/kubeadm-config')['data']['ClusterConfiguration']
        return configuration.InitConfig({('kubeadm.k8s.io', 'v1beta4', 'ClusterConfiguration'): yaml.load(text)}, needs_socket=False)
    except (ApiError, Unreachable, KubeadmError):
        out(f'[{word}] Error reading configuration from the Cluster. Falling back to default configuration')
        return configuration.InitConfig({}, needs_socket=False)


def renew(flags, words):
    """Make certificates anew with the existing CAs."""
    if not words or words[0] not in ('all', *_ENTRIES):
        raise KubeadmError(f'unknown command "{words[0] if words else ""}" for "kubeadm certs renew"')
    if flags.get('--config'):
        config = configuration.InitConfig(configuration.read_documents(configuration.load_file(flags['--config'], 'init')), needs_socket=False)
    else:
        config = _cluster('renew', flags.get('--kubeconfig', tokens.ADMIN))
        out()
    ring = certs.KeyRing()
    for name, (_, ca, text) in _ENTRIES.items():
        if words[0] not in ('all', name) or (config.external and ca == 'etcd-ca'):
            continue
        if not renew_one(config, ring, name):
            continue
        out(f'{text} renewed')
    if words[0] == 'all':
        out('\nDone renewing certificates. You must restart the kube-apiserver, kube-controller-manager, kube-scheduler and etcd, so that they '
            'can use the new certificates.')


def renew_one(config, ring, name):
    """One certificate anew; False when there is none to renew."""
    where = _ENTRIES[name][0]
    if name.endswith('.conf'):
        path = f'{kubeconfigs.FOLDER}/{where}.conf'
        if not os.path.exists(path):
            return False
        cluster, _ = kubeconfig.current(kubeconfig.read(path))
        user, certificate, key = kubeconfigs.identity(config, ring, where)
        pki.write(path, kubeconfig.text_of(cluster['server'], kubeconfig.ca_of(cluster), user, certificate=certificate, key=key), 0o600)
        return True
    _, ca, subject, usages = next(leaf for leaf in certs.LEAVES if leaf[0] == where)
    # The names are those of the certificate that there is, not those of the configuration.
    names = pki.names(f'{config.pki}/{where}.crt') if 'serverAuth' in usages else []
    pki.write(f'{config.pki}/{where}.key', ring.leaf(), 0o600)
    signer = (f'{config.pki}/{ca}.crt', f'{config.pki}/{ca}.key')
    extensions = pki.leaf_extensions(usages, names)
    pki.write(f'{config.pki}/{where}.crt', pki.certificate(
        f'{config.pki}/{where}.key', subject.replace('NODE', config.name), extensions, ca=signer), 0o644)
    return True
