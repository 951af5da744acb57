"""The API that kubectl's flags and kubeconfig name, and the kinds it has."""
import os
import sys

from .. import kubeconfig, resources
from ..http import Api, Unreachable
from ..text import klog, out, parse_duration
from .errors import KubectlError


class Client:
    """One command's API, namespace and kinds."""

    def __init__(self, flags):
        self.flags = flags
        text = flags.get('--request-timeout', '0')
        limit = (float(text) if text.isdigit() else parse_duration(text)) or None
        self.api, self.default_namespace = _api(flags, limit)
        self.api.headers['User-Agent'] = 'kubectl'
        if limit is None:
            from ..settings import scaled
            self.api.connect_timeout = scaled(30, at_least=10)
        self.custom = None

    @property
    def namespace(self):
        return self.flags.get('-n') or self.flags.get('--namespace') or self.default_namespace

    @property
    def is_everywhere(self):
        return bool(self.flags.get('-A') or self.flags.get('--all-namespaces'))

    def custom_resources(self):
        """The kinds that CustomResourceDefinitions added."""
        if self.custom is None:
            found = self.api.get(resources.by_word('crd').path())['items']
            self.custom = [resource for definition in found for resource in resources.of_definition(definition)]
        return self.custom

    def resource(self, word):
        """The kind a word means; an unknown one ends the command."""
        found = resources.by_word(word) or resources.by_word(word, self.custom_resources())
        if found is None:
            raise KubectlError(f'error: the server doesn\'t have a resource type "{word}"')
        return found

    def resource_of(self, value):
        """The kind of an object from a file, or None."""
        key = (value.get('apiVersion'), value.get('kind'))
        return resources.BY_KIND.get(key) or next((r for r in self.custom_resources() if (r.api_version, r.kind) == key), None)

    def path(self, resource, name=None, namespace=None):
        return resource.path(namespace or self.namespace, name)


def _api(flags, limit):
    first, *more = os.environ.get('KUBECONFIG', '').split(':')
    path = flags.get('--kubeconfig') or first
    config = {}
    if path:
        if not os.path.exists(path):
            if flags.get('--kubeconfig'):
                raise KubectlError(f'error: stat {path}: no such file or directory')
        else:
            config = _read(path)
        if not flags.get('--kubeconfig'):
            for other in filter(os.path.exists, more):
                config = _merged(config, _read(other))
    else:
        path = os.path.expanduser('~/.kube/config')
        config = _read(path) if os.path.exists(path) else {}
    if flags.get('--context'):
        config = {**config, 'current-context': flags['--context']}
        if not any(c.get('name') == flags['--context'] for c in config.get('contexts') or []):
            raise KubectlError(f'error: context "{flags["--context"]}" does not exist')
    if flags.get('--server') or flags.get('-s'):
        return Api(flags.get('--server') or flags['-s'], ca=_text(flags.get('--certificate-authority')), certificate=_text(flags.get('--client-certificate')),
                   key=_text(flags.get('--client-key')), token=flags.get('--token'), insecure='--insecure-skip-tls-verify' in flags, timeout=limit), 'default'
    cluster, user = kubeconfig.current(config)
    if cluster is None:
        return _Nothing(), 'default'
    try:
        api = kubeconfig.client_of(config, limit)
        if api.certificate:
            api.context()
    except kubeconfig.KubeconfigError as error:
        raise KubectlError(f'error: {error}')
    except OSError as error:
        raise KubectlError(f'error: tls: {error}')
    if not user or not any(user.get(key) for key in ('client-certificate-data', 'client-certificate', 'token', 'tokenFile', 'username', 'exec')):
        # Without credentials the real one asks for a user name.
        out('Please enter Username: ', end='')
        if not sys.stdin.readline():
            raise KubectlError('error: EOF')
    context = next((c['context'] for c in config.get('contexts') or [] if c.get('name') == config.get('current-context')), {})
    return api, context.get('namespace') or 'default'


def _merged(config, other):
    """What the files before say stands."""
    lists = {key: (config.get(key) or []) + (other.get(key) or []) for key in ('clusters', 'contexts', 'users')}
    return {**other, **config, **lists, 'current-context': config.get('current-context') or other.get('current-context')}


def _read(path):
    try:
        return kubeconfig.read(path)
    except OSError as error:
        raise KubectlError(f'error: error loading config file "{path}": open {path}: {os.strerror(error.errno).lower()}')
    except kubeconfig.KubeconfigError as error:
        raise KubectlError(f'error: {error}')


def _text(path):
    if not path:
        return None
    with open(path) as file:
        return file.read()


class _Nothing(Api):
    """No kubeconfig at all: kubectl tries localhost:8080 and complains five times."""

    def __init__(self):
        super().__init__('http://localhost:8080')

    def connect(self):
        for _ in range(5):
            klog('E', 'memcache.go:265', '"Unhandled Error" err="couldn\'t get current server API group list: Get \\"http://localhost:8080/api?timeout=32s\\": '
                 'dial tcp [::1]:8080: connect: connection refused"')
        raise Unreachable('refused', 'dial tcp [::1]:8080: connect: connection refused')

