"""The cluster's objects in an external etcd, which all API servers share."""
import json

from ..http import Unreachable
from .status import Failure
from .store import Store


class ExternalStore(Store):
    """Every change is a key below the prefix. Only the server that leads writes; it reads all when it begins to lead."""

    def __init__(self, etcd, prefix):
        super().__init__()
        self.etcd, self.prefix, self.is_copying = etcd, (prefix or '/registry').rstrip('/') + '/', False
        self.load()

    def load(self):
        with self.lock:
            found = {key[len(self.prefix):]: json.loads(value) for key, value in self.etcd.range(self.prefix).items()}
            self.meta.update(found.pop('slipway-stand-in/meta', {}))
            self.meta['revision'] += 100
            self.objects = found
            self._begin()
            self._notify()

    def _record(self, entry):
        if self.is_copying:
            return
        try:
            if 'meta' in entry:
                self.etcd.put(self.prefix + 'slipway-stand-in/meta', json.dumps(entry['meta']))
            elif entry['object'] is None:
                self.etcd.delete(self.prefix + entry['key'])
            else:
                self.etcd.put(self.prefix + entry['key'], json.dumps(entry['object']))
        except Unreachable:
            raise Failure(500, '', 'etcdserver: request timed out')

    def replace(self, dump):
        """What the server that leads has, which has written it."""
        with self.lock:
            self.is_copying = True
            try:
                super().replace(dump)
            finally:
                self.is_copying = False
