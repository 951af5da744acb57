"""The kubelet's certificates: the TLS bootstrap, and the files it leaves."""
import base64
import os
import time

from .. import kubeconfig, pki, settings
from ..http import ApiError, Unreachable
from ..text import klog, random_name

FOLDER = '/var/lib/kubelet/pki'
CURRENT = f'{FOLDER}/kubelet-client-current.pem'


def store_pair(certificate, key):
    """Write kubelet-client-DATE.pem and point kubelet-client-current.pem at it."""
    path = time.strftime(f'{FOLDER}/kubelet-client-%Y-%m-%d-%H-%M-%S.pem')
    pki.write(path, certificate + key, 0o600)
    os.makedirs(FOLDER, exist_ok=True)
    temporary = CURRENT + '.tmp'
    if os.path.lexists(temporary):
        os.unlink(temporary)
    os.symlink(path, temporary)
    os.rename(temporary, CURRENT)


def serving_pair(node):
    """kubelet.crt and kubelet.key: self-signed by a CA of the kubelet's own, as without serverTLSBootstrap."""
    crt, key = f'{FOLDER}/kubelet.crt', f'{FOLDER}/kubelet.key'
    if os.path.exists(crt) and os.path.exists(key):
        return
    pki.write(key + '.new', pki.rsa_key(), 0o600)
    stamp = int(time.time())
    ca = pki.certificate(key + '.new', f'/CN={node}-ca@{stamp}', pki.CA_EXTENSIONS)
    pki.write(crt + '.ca', ca, 0o600)
    leaf = pki.certificate(key + '.new', f'/CN={node}@{stamp}', pki.leaf_extensions(['serverAuth'], [f'DNS:{node}']), ca=(crt + '.ca', key + '.new'))
    os.unlink(crt + '.ca')
    pki.write(crt, leaf + ca, 0o644)
    os.rename(key + '.new', key)


def half_a_pair():
    """What keeps a kubelet from starting that finds one half of its serving pair; None where it has both, or neither."""
    paths = [f'{FOLDER}/kubelet.crt', f'{FOLDER}/kubelet.key']
    missing = [path for path in paths if not os.path.exists(path)]
    return f'error reading {missing[0]}, certificate and key must be supplied as a pair' if len(missing) == 1 else None


def from_kubeconfig(path):
    """A kubeconfig with an embedded certificate, as `init` writes it, is the first pair of the rotation."""
    _, user = kubeconfig.current(kubeconfig.read(path))
    if user and user.get('client-certificate-data'):
        store_pair(kubeconfig.decode(user['client-certificate-data'], 'client-certificate-data'),
                   kubeconfig.decode(user.get('client-key-data', ''), 'client-key-data'))


def are_there(kubeconfig_path):
    """Whether a kubeconfig can be used: one whose certificate has expired, or is in a file that is not there, cannot."""
    if not os.path.exists(kubeconfig_path):
        return False
    _, user = kubeconfig.current(kubeconfig.read(kubeconfig_path))
    named, embedded = (user or {}).get('client-certificate'), (user or {}).get('client-certificate-data')
    try:
        if named:
            certificate = pki.read_certificate(named)
        elif embedded:
            certificate = pki.Certificate(kubeconfig.decode(embedded, 'client-certificate-data'))
        else:
            return True
    except pki.CertificateError:
        return False
    if certificate.not_after < time.time():
        klog('E', 'bootstrap.go:266', f'part of the existing bootstrap client certificate in {kubeconfig_path} is expired: '
             f'{time.strftime("%Y-%m-%d %H:%M:%S +0000 UTC", time.gmtime(certificate.not_after))}')
        return False
    return True


def bootstrap(node, bootstrap_path, kubeconfig_path):
    """Write kubelet.conf, then ask the API for a certificate with the bootstrap token until it gives one.

    The file comes first and names a certificate that is not there yet: seen with 1.34.9."""
    os.makedirs(FOLDER, exist_ok=True)
    cluster, _ = kubeconfig.current(kubeconfig.read(bootstrap_path))
    text = kubeconfig.text_of(cluster['server'], kubeconfig.ca_of(cluster), 'default-auth', 'default-cluster',
                              files=CURRENT, context='default-context', namespace='default')
    pki.write(kubeconfig_path, text, 0o600)
    key_path = f'{FOLDER}/kubelet-client.key.tmp'
    pki.write(key_path, pki.ec_key(), 0o600)
    request = pki.signing_request(key_path, f'/O=system:nodes/CN=system:node:{node}')
    name = f'csr-{random_name(5)}'
    while True:
        try:
            config = kubeconfig.read(bootstrap_path)
            api = kubeconfig.client_of(config, timeout=10)
            api.headers['User-Agent'] = 'kubelet'
            certificate = _request(api, name, request)
            break
        except (ApiError, Unreachable, OSError, kubeconfig.KubeconfigError) as error:
            klog('E', 'certificate_manager.go:613', f'"Failed while requesting a signed certificate from the control plane" err="{error}"')
            name = f'csr-{random_name(5)}'
        time.sleep(settings.scaled(2, at_least=1))
    with open(key_path) as file:
        store_pair(certificate, file.read())
    os.unlink(key_path)


def _request(api, name, request):
    path = '/apis/certificates.k8s.io/v1/certificatesigningrequests'
    api.request('POST', path, {'apiVersion': 'certificates.k8s.io/v1', 'kind': 'CertificateSigningRequest', 'metadata': {'name': name},
                               'spec': {'request': base64.b64encode(request.encode()).decode(),
                                        'signerName': 'kubernetes.io/kube-apiserver-client-kubelet',
                                        'usages': ['digital signature', 'client auth']}})
    for _ in range(60):
        certificate = (api.get(f'{path}/{name}').get('status') or {}).get('certificate')
        if certificate:
            return base64.b64decode(certificate).decode()
        time.sleep(0.1)
    raise ApiError(408, {'message': f'timed out waiting for the condition on {name}'})
