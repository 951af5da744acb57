"""The certificates that control planes share, encrypted with a key. Not AES here: Python has none without packages."""
import base64
import hashlib
import hmac
import os
import time

from .. import pki
from ..text import rfc3339
from . import tokens
from .errors import KubeadmError

FILES = {'ca.crt': 'ca.crt', 'ca.key': 'ca.key', 'etcd-ca.crt': 'etcd/ca.crt', 'etcd-ca.key': 'etcd/ca.key',
         'front-proxy-ca.crt': 'front-proxy-ca.crt', 'front-proxy-ca.key': 'front-proxy-ca.key', 'sa.key': 'sa.key', 'sa.pub': 'sa.pub'}
_EXTERNAL = {'external-etcd-ca.crt': 'caFile', 'external-etcd.crt': 'certFile', 'external-etcd.key': 'keyFile'}
SECRET = '/api/v1/namespaces/kube-system/secrets/kubeadm-certs'


def _files(config):
    """The name in the Secret, and the path on a control plane."""
    shared = {name: f'{config.pki}/{file}' for name, file in FILES.items() if not (config.external and name.startswith('etcd-'))}
    return {**shared, **({name: config.external[field] for name, field in _EXTERNAL.items()} if config.external else {})}


def generate():
    return os.urandom(32).hex()


def _stream(key, nonce, length):
    blocks = (hashlib.sha256(key + nonce + number.to_bytes(8, 'big')).digest() for number in range(length // 32 + 1))
    return b''.join(blocks)[:length]


def _mix(data, stream):
    return (int.from_bytes(data, 'big') ^ int.from_bytes(stream, 'big')).to_bytes(len(data), 'big')


def seal(key, data):
    nonce = os.urandom(12)
    body = _mix(data, _stream(key, nonce, len(data)))
    return nonce + body + hmac.new(key, nonce + body, hashlib.sha256).digest()


def unseal(key, sealed):
    nonce, body, tag = sealed[:12], sealed[12:-32], sealed[-32:]
    if not hmac.compare_digest(tag, hmac.new(key, nonce + body, hashlib.sha256).digest()):
        raise KubeadmError('cipher: message authentication failed')
    return _mix(body, _stream(key, nonce, len(body)))


def upload(api, config, key):
    """Store the files in a Secret that goes with a token of two hours."""
    identifier = tokens.generate()
    owner = api.request('POST', tokens.SECRETS, tokens.secret(
        identifier, rfc3339(time.time() + 7200), [], [], 'Proxy for managing TTL for the kubeadm-certs secret'))
    data = {}
    for name, path in _files(config).items():
        with open(path, 'rb') as handle:
            data[name] = base64.b64encode(seal(bytes.fromhex(key), handle.read())).decode()
    api.put_or_create(tokens.SECRETS, {'apiVersion': 'v1', 'kind': 'Secret', 'type': 'Opaque', 'data': data, 'metadata': {
        'name': 'kubeadm-certs', 'namespace': 'kube-system', 'ownerReferences': [{
            'apiVersion': 'v1', 'blockOwnerDeletion': True, 'controller': True, 'kind': 'Secret', 'name': owner['metadata']['name'],
            'uid': owner['metadata']['uid']}]}})


def download(api, config, key):
    """Fetch the files and write them."""
    secret = api.find(SECRET)
    if secret is None:
        raise KubeadmError('error downloading certs: error downloading the secret: Secret "kubeadm-certs" was not found in the "kube-system" '
                           'Namespace. This Secret might have expired. Please, run `kubeadm init phase upload-certs --upload-certs` on a control '
                           'plane to generate a new one')
    for name, path in _files(config).items():
        try:
            text = unseal(bytes.fromhex(key), base64.b64decode(secret['data'][name])).decode()
        except (KubeadmError, ValueError) as error:
            raise KubeadmError(f'error downloading certs: error decoding secret data with provided key: {error}')
        pki.write(path, text, 0o600 if path.endswith('.key') else 0o644)
