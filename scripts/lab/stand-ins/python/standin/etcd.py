"""A client of an external etcd, which is a real one in the lab: version, health and keys, by its gateway for JSON."""
import base64
import json
import threading

from .http import Api, Unreachable

# kubeadm takes no older one: https://github.com/kubernetes/kubernetes/blob/release-1.36/cmd/kubeadm/app/constants/constants.go
OLDEST = (3, 5, 24)
OLDEST_TEXT = '3.5.24-0'


def _text(path):
    with open(path) as file:
        return file.read()


class Etcd:
    """Members that are asked in their order: the first that answers."""

    def __init__(self, endpoints, ca, certificate, key):
        files = {'ca': _text(ca), 'certificate': _text(certificate), 'key': _text(key)}
        self.members = {endpoint: Api(endpoint, timeout=10, **files) for endpoint in endpoints}
        for api in self.members.values():
            api.connect_timeout = 3
        self.lock = threading.Lock()  # a connection takes one request at a time

    def _ask(self, method, path, body=None):
        problem = Unreachable('other', 'no endpoints')
        for api in self.members.values():
            try:
                with self.lock:
                    code, data = api.raw(method, path, body)
                if code == 200:
                    return json.loads(data)
                problem = Unreachable('other', f'{api.server}{path}: {code}')
            except Unreachable as error:
                problem = error
        raise problem

    def version(self, endpoint):
        """What one member says of itself: `3.5.24`."""
        code, data = self.members[endpoint].raw('GET', '/version')
        if code != 200:
            raise Unreachable('other', f'Get "{endpoint}/version": {code}')
        return json.loads(data)['etcdserver']

    def is_well(self):
        try:
            return self._ask('GET', '/health').get('health') in ('true', True)
        except (Unreachable, ValueError):
            return False

    def range(self, prefix):
        """key -> value, of all keys that begin so."""
        end = prefix[:-1] + chr(ord(prefix[-1]) + 1)
        found = self._ask('POST', '/v3/kv/range', {'key': _pack(prefix), 'range_end': _pack(end)})
        return {_unpack(one['key']): _unpack(one.get('value', '')) for one in found.get('kvs', [])}

    def put(self, key, value):
        self._ask('POST', '/v3/kv/put', {'key': _pack(key), 'value': _pack(value)})

    def delete(self, key):
        self._ask('POST', '/v3/kv/deleterange', {'key': _pack(key)})


def _pack(text):
    return base64.b64encode(text.encode()).decode()


def _unpack(text):
    return base64.b64decode(text).decode()
