"""Bootstrap tokens."""
import base64
import os
import re
import time

from .. import kubeconfig, pki, yaml_print
from ..http import ApiError, Unreachable
from ..text import out, parse_duration, parse_rfc3339, rfc3339, short_duration
from .errors import KubeadmError

ADMIN = '/etc/kubernetes/admin.conf'
SECRETS = '/api/v1/namespaces/kube-system/secrets'
_ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789'
_WIDTHS = (26, 12, 23, 25, 59)


def generate():
    text = ''.join(_ALPHABET[byte % 36] for byte in os.urandom(22))
    return f'{text[:6]}.{text[6:]}'


def secret(token, expires, usages, groups, description):
    """The Secret that is a token."""
    identifier, _, rest = token.partition('.')
    data = {'token-id': identifier, 'token-secret': rest, **{f'usage-bootstrap-{usage}': 'true' for usage in usages}}
    if expires:
        data['expiration'] = expires
    if groups:
        data['auth-extra-groups'] = ','.join(groups)
    if description:
        data['description'] = description
    return {'apiVersion': 'v1', 'kind': 'Secret', 'type': 'bootstrap.kubernetes.io/token',
            'metadata': {'name': f'bootstrap-token-{identifier}', 'namespace': 'kube-system'},
            'data': {key: base64.b64encode(value.encode()).decode() for key, value in data.items()}}


def admin_client(path=None):
    """The API as admin; kubeadm prefers its own admin.conf to $KUBECONFIG's absence."""
    if not path:
        path = ADMIN if os.path.exists(ADMIN) else os.path.expanduser('~/.kube/config')
    if not os.path.exists(path):
        raise KubeadmError(f'failed to load admin kubeconfig: open {path}: no such file or directory')
    try:
        api = kubeconfig.client(path, timeout=10)
    except kubeconfig.KubeconfigError as error:
        raise KubeadmError(f'failed to load admin kubeconfig: {error}')
    api.headers['User-Agent'] = 'kubeadm'
    return api


def patient(action, limit=60.0):
    """kubeadm tries for a minute while the API is away."""
    from .waiting import until
    return until(limit, action, every=1)


def create(flags, words):
    if flags.get('--dry-run'):
        raise KubeadmError('dry runs of tokens are not part of this stand-in')
    token = words[0] if words else generate()
    if not re.fullmatch(r'[a-z0-9]{6}\.[a-z0-9]{16}', token):
        raise KubeadmError(f'the bootstrap token "{token}" was not of the form "\\\\A([a-z0-9]{{6}})\\\\.([a-z0-9]{{16}})\\\\z"')
    seconds = parse_duration(flags.get('--ttl', '24h0m0s'))
    if seconds is None:
        raise KubeadmError(f'invalid argument "{flags["--ttl"]}" for "--ttl" flag: time: invalid duration "{flags["--ttl"]}"')
    api = admin_client(flags.get('--kubeconfig'))
    identifier = token.split('.')[0]
    name = f'bootstrap-token-{identifier}'
    usages = flags.get('--usages', 'signing,authentication').split(',')
    groups = flags.get('--groups', 'system:bootstrappers:kubeadm:default-node-token').split(',')
    value = secret(token, rfc3339(time.time() + seconds) if seconds else None, usages, groups, flags.get('--description', ''))
    try:
        if _existing(api, f'{SECRETS}/{name}'):
            raise KubeadmError(f'a token with id "{identifier}" already exists')
        patient(lambda: api.request('POST', SECRETS, value))
    except Unreachable as error:
        raise KubeadmError(f'failed to create or update bootstrap token with name {name}: unable to create *v1.Secret: '
                           f'Post "{api.server}{SECRETS}?timeout=10s": {error}')
    except ApiError as error:
        raise KubeadmError(f'failed to create or update bootstrap token with name {name}: unable to create *v1.Secret: {error}')
    if flags.get('--print-join-command'):
        out(join_command(api, token, flags.get('--certificate-key')))
    else:
        out(token)


def _existing(api, path):
    try:
        return api.find(path)
    except Unreachable:
        return None


def join_command(api, token, certificate_key=None):
    return f'kubeadm join {api.address} --token {token} --discovery-token-ca-cert-hash {pki.Certificate(api.ca).spki_hash} ' + (
        f'--control-plane --certificate-key {certificate_key}' if certificate_key else '')


def entries(api):
    """The tokens, in name order."""
    path = f'{SECRETS}?fieldSelector=type%3Dbootstrap.kubernetes.io%2Ftoken'
    try:
        secrets = patient(lambda: api.get(path))['items']
    except (Unreachable, ApiError) as error:
        text = f'Get "{api.server}{path}": {error}' if isinstance(error, Unreachable) else str(error)
        raise KubeadmError(f'failed to list bootstrap tokens: {text}')
    found = []
    for one in secrets:
        data = {key: base64.b64decode(value).decode() for key, value in one['data'].items()}
        found.append({'token': f"{data['token-id']}.{data['token-secret']}", 'description': data.get('description'), 'expires': data.get('expiration'),
                      'usages': sorted(key[len('usage-bootstrap-'):] for key, value in data.items() if key.startswith('usage-bootstrap-') and value == 'true'),
                      'groups': [group for group in data.get('auth-extra-groups', '').split(',') if group]})
    return found


def show(flags):
    found = entries(admin_client(flags.get('--kubeconfig')))
    form = flags.get('-o') or flags.get('--output') or 'text'
    if form in ('json', 'yaml'):
        import json
        texts = []
        for entry in found:
            value = {'kind': 'BootstrapToken', 'apiVersion': 'output.kubeadm.k8s.io/v1alpha3', **{key: item for key, item in entry.items() if item}}
            # A stream of objects with nothing between them, not an array.
            texts.append(json.dumps(value, indent=4) + '\n' if form == 'json' else yaml_print.dump(value))
        out(('' if form == 'json' else '---\n').join(texts), end='')
        return
    if not found:
        return
    _row('TOKEN', 'TTL', 'EXPIRES', 'USAGES', 'DESCRIPTION', 'EXTRA GROUPS')
    for entry in found:
        left = short_duration(parse_rfc3339(entry['expires']) - time.time()) if entry['expires'] else '<forever>'
        _row(entry['token'], left, entry['expires'] or '<never>', ','.join(entry['usages']) or '<none>', entry['description'] or '<none>',
             ','.join(entry['groups']) or '<none>')


def _row(*cells):
    out(''.join(cell.ljust(width) for cell, width in zip(cells, _WIDTHS)) + cells[-1])


def delete(flags, words):
    if not words:
        raise KubeadmError("missing argument; 'token delete' is missing token of form [\"^[a-z0-9]{6}$\"] or [\"\\\\A([a-z0-9]{6})\\\\.([a-z0-9]{16})\\\\z\"]")
    api = admin_client(flags.get('--kubeconfig'))
    for word in words:
        identifier = word.split('.')[0]
        try:
            api.request('DELETE', f'{SECRETS}/bootstrap-token-{identifier}')
        except (ApiError, Unreachable) as error:
            raise KubeadmError(f'failed to delete bootstrap token "{identifier}": {error}')
        out(f'bootstrap token "{identifier}" deleted')
