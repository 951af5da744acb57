"""Kubeconfig files: writing them as kubeadm does, and reading them into an API client."""
import base64
import os

from . import yaml, yaml_print
from .http import Api


class KubeconfigError(Exception):
    """A kubeconfig that cannot be used, worded as client-go words it."""


def encode(text):
    return base64.b64encode(text.encode()).decode()


def text_of(server, ca, user, cluster='kubernetes', certificate=None, key=None, token=None, files=None, context=None, namespace=None):
    """A kubeconfig with one cluster, one user and one context."""
    if files:
        identity = {'client-certificate': files, 'client-key': files}
    elif token:
        identity = {'token': token}
    else:
        identity = {'client-certificate-data': encode(certificate), 'client-key-data': encode(key)}
    name = context or f'{user}@{cluster}'
    return yaml_print.dump({
        'apiVersion': 'v1', 'kind': 'Config', 'current-context': name,
        'clusters': [{'name': cluster, 'cluster': {'certificate-authority-data': encode(ca), 'server': server}}],
        'contexts': [{'name': name, 'context': {'cluster': cluster, **({'namespace': namespace} if namespace else {}), 'user': user}}],
        'users': [{'name': user, 'user': identity}],
    })


def read(path):
    """The file's value."""
    try:
        with open(path) as file:
            return yaml.load(file.read()) or {}
    except yaml.YamlError as error:
        raise KubeconfigError(f'error loading config file "{path}": {error}')


def current(config):
    """The cluster and the user of the current context, or (None, None)."""
    name = config.get('current-context')
    context = _named(config.get('contexts'), name, 'context')
    if not context:
        return None, None
    return (_named(config.get('clusters'), context.get('cluster'), 'cluster') or {},
            _named(config.get('users'), context.get('user'), 'user') or {})


def _named(entries, name, field):
    return next((entry.get(field) for entry in entries or [] if entry.get('name') == name), None)


def ca_of(cluster):
    """The CA of a cluster entry as PEM."""
    if cluster.get('certificate-authority-data'):
        return decode(cluster['certificate-authority-data'], 'certificate-authority-data')
    return _file(cluster.get('certificate-authority'))


def decode(data, field):
    try:
        return base64.b64decode(str(data), validate=True).decode('latin-1')
    except ValueError:
        raise KubeconfigError(f'error loading config file: illegal base64 data in {field}')


def _file(path):
    if not path:
        return None
    try:
        with open(path) as file:
            return file.read()
    except OSError as error:
        raise KubeconfigError(f'unable to read {path}: {os.strerror(error.errno).lower()}')


def client(path, timeout=None):
    """An API client for the file's current context."""
    return client_of(read(path), timeout)


def client_of(config, timeout=None):
    cluster, user = current(config)
    if cluster is None:
        raise KubeconfigError('invalid configuration: no configuration has been provided')
    if user.get('client-certificate-data'):
        certificate = decode(user['client-certificate-data'], 'client-certificate-data')
        key = decode(user.get('client-key-data') or '', 'client-key-data')
    else:
        certificate, key = _file(user.get('client-certificate')), _file(user.get('client-key'))
    if certificate is not None and 'BEGIN CERTIFICATE' not in certificate:
        raise KubeconfigError('tls: failed to find any PEM data in certificate input')
    return Api(cluster.get('server', ''), ca=ca_of(cluster), certificate=certificate, key=key,
               token=user.get('token'), insecure=bool(cluster.get('insecure-skip-tls-verify')), timeout=timeout)
