"""Who is asking, and whether they may: as much of authentication and RBAC as shows the failures that were seen."""
import base64
import hmac
import time

from .. import resources
from ..text import parse_rfc3339

SECRETS = resources.by_word('secrets')
BINDINGS = resources.by_word('clusterrolebindings')
ROLE_BINDINGS = resources.by_word('rolebindings')
# What joining nodes read, and the binding by which they may.
READERS = {'kubeadm-config': 'kubeadm:nodes-kubeadm-config', 'kubelet-config': 'kubeadm:kubelet-config', 'kube-proxy': 'kube-proxy'}
READ_ANONYMOUSLY = ('/version', '/healthz', '/livez', '/readyz')


class User:
    """A user's name and groups."""

    def __init__(self, name, groups):
        self.name, self.groups = name, groups


ANONYMOUS = User('system:anonymous', ['system:unauthenticated'])


def of_certificate(peer):
    """The user a verified client certificate names."""
    if not peer:
        return None
    pairs = [pair for entry in peer.get('subject', ()) for pair in entry]
    name = next((value for key, value in pairs if key == 'commonName'), '')
    groups = [value for key, value in pairs if key == 'organizationName']
    return User(name, groups + ['system:authenticated'])


def of_token(store, token):
    """The user of a bootstrap token; None when there is no such token, or it has expired."""
    identifier, _, secret = token.partition('.')
    data = token_data(store.get(SECRETS, 'kube-system', f'bootstrap-token-{identifier}'))
    if not data or not hmac.compare_digest(data.get('token-secret', ''), secret) or is_expired(data) \
            or data.get('usage-bootstrap-authentication') != 'true':
        return None
    groups = [group for group in data.get('auth-extra-groups', '').split(',') if group]
    return User(f'system:bootstrap:{identifier}', ['system:bootstrappers', *groups, 'system:authenticated'])


def token_data(secret):
    """A Secret's data, decoded."""
    if not secret:
        return {}
    return {key: base64.b64decode(value).decode() for key, value in (secret.get('data') or {}).items()}


def is_expired(data):
    """Whether a bootstrap token's time is over."""
    return bool(data.get('expiration')) and parse_rfc3339(data['expiration']) <= time.time()


def allowed(store, user, verb, request):
    """None when the user may, otherwise the end of the refusal."""
    if 'system:masters' in user.groups or user.name in ('system:kube-controller-manager', 'system:kube-scheduler'):
        return None
    if request.resource is None:
        if request.path in READ_ANONYMOUSLY or request.path.split('/')[1] in ('livez', 'readyz', 'healthz') \
                or user is not ANONYMOUS and request.path.split('/')[1] in ('api', 'apis', 'openapi'):
            return None
        return '' if not _is_admin(store, user) else None
    if request.resource.plural == 'configmaps' and request.name == 'cluster-info' and verb == 'get' \
            and store.get(ROLE_BINDINGS, 'kube-public', 'kubeadm:bootstrap-signer-clusterinfo'):
        return None
    if _is_admin(store, user):
        return None
    if 'system:nodes' in user.groups:
        return _node_refusal(verb, request)
    if 'system:bootstrappers' in user.groups:
        plural = request.resource.plural
        may = plural == 'certificatesigningrequests' and store.get(BINDINGS, None, 'kubeadm:kubelet-bootstrap') \
            or plural == 'nodes' and verb == 'get' and store.get(BINDINGS, None, 'kubeadm:get-nodes') \
            or plural == 'configmaps' and verb == 'get' and store.get(ROLE_BINDINGS, 'kube-system', READERS.get(request.name, '')) \
            or plural == 'secrets' and request.name == 'kubeadm-certs' and verb == 'get'
        return None if may else ''
    return ''


def _is_admin(store, user):
    """kubeadm's admin is bound to cluster-admin by an object that `init` makes; without it admin.conf may nothing."""
    for binding in store.list(BINDINGS):
        if binding.get('roleRef', {}).get('name') != 'cluster-admin':
            continue
        for subject in binding.get('subjects') or []:
            if subject.get('kind') == 'Group' and subject.get('name') in user.groups \
                    or subject.get('kind') == 'User' and subject.get('name') == user.name:
                return True
    return user.name == 'kube-apiserver-kubelet-client'


def _node_refusal(verb, request):
    plural = request.resource.plural
    if plural in ('secrets', 'configmaps') and request.name is None and verb == 'list':
        return ': can only read namespaced object of this type'
    if plural in ('nodes', 'pods', 'leases', 'certificatesigningrequests', 'events', 'csinodes'):
        return None
    return None if verb in ('get', 'list') and plural in ('services', 'configmaps', 'secrets', 'endpoints') else ''
