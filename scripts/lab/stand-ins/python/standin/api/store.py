"""The cluster's objects, kept below etcd's data directory so that they survive restarts and reboots."""
import collections
import json
import os
import threading

from .. import resources
from ..text import new_uid, rfc3339


Change = collections.namedtuple('Change', 'revision key before after')
"""What an object was and is, as JSON; None where there is none."""

_REMEMBERED = 1000  # changes that a watch may begin behind


class Store:
    """Objects by `group/plural/namespace/name`; every change is one line of a log.

    `directory` is etcd's (normally /var/lib/etcd); None keeps everything in memory."""

    def __init__(self, directory=None):
        self.lock = threading.RLock()
        self.objects, self.meta = {}, {'revision': 1, 'nextPodSubnet': 0}
        self.directory, self.log, self.version = directory, None, 0
        self.changed = threading.Condition(self.lock)
        self.history, self.texts, self.forgotten = collections.deque(), {}, 1
        if directory:
            self._open()
        self._begin()

    def _begin(self):
        """What was before is not told of to a watch: the real server's cache begins with a list, too."""
        self.history.clear()
        self.texts = {key: json.dumps(value, separators=(',', ':')) for key, value in self.objects.items()}
        self.forgotten = self.meta['revision']

    def _remember(self, revision, key, value):
        text = None if value is None else json.dumps(value, separators=(',', ':'))
        self.history.append(Change(revision, key, self.texts.pop(key, None), text))
        if text is not None:
            self.texts[key] = text
        if len(self.history) > _REMEMBERED:
            self.forgotten = self.history.popleft().revision

    def _open(self):
        folder = os.path.join(self.directory, 'member', 'wal')
        for path in (os.path.join(self.directory, 'member'), os.path.join(self.directory, 'member', 'snap'), folder):
            os.makedirs(path, mode=0o700, exist_ok=True)
        path = os.path.join(folder, 'slipway-stand-in.jsonl')
        lines = 0
        try:
            with open(path) as file:
                for line in file:
                    try:
                        entry = json.loads(line)
                    except ValueError:
                        break  # a line cut off by a power failure
                    lines += 1
                    if 'meta' in entry:
                        self.meta.update(entry['meta'])
                    elif entry['object'] is None:
                        self.objects.pop(entry['key'], None)
                    else:
                        self.objects[entry['key']] = entry['object']
        except OSError:
            pass
        self.meta['revision'] += 100
        temporary = path + '.new'
        with open(temporary, 'w') as file:
            for key, value in self.objects.items():
                file.write(json.dumps({'key': key, 'object': value}) + '\n')
            file.write(json.dumps({'meta': self.meta}) + '\n')
        os.chmod(temporary, 0o600)
        os.rename(temporary, path)
        self.log = open(path, 'a')

    def _record(self, entry):
        if self.log:
            self.log.write(json.dumps(entry) + '\n')
            self.log.flush()

    @staticmethod
    def key(resource, namespace, name):
        return f"{resource.group}/{resource.plural}/{namespace or ''}/{name}"

    def get(self, resource, namespace, name):
        return self.objects.get(self.key(resource, namespace, name))

    def list(self, resource, namespace=None):
        """All objects of a kind, in name order; `namespace` None means all namespaces."""
        prefix = f'{resource.group}/{resource.plural}/' + (f'{namespace}/' if namespace else '')
        return [self.objects[key] for key in sorted(self.objects) if key.startswith(prefix)]

    def put(self, resource, value, soft=False):
        """Store an object; `soft` changes (heartbeats) are not written to disk."""
        metadata = value['metadata']
        with self.lock:
            self.meta['revision'] += 1
            metadata['resourceVersion'] = str(self.meta['revision'])
            metadata.setdefault('uid', new_uid())
            metadata.setdefault('creationTimestamp', rfc3339())
            key = self.key(resource, metadata.get('namespace'), metadata['name'])
            self.objects[key] = value
            if not soft:
                self._record({'key': key, 'object': value})
            self._remember(self.meta['revision'], key, value)
            self._notify()
        return value

    def delete(self, resource, namespace, name):
        with self.lock:
            key = self.key(resource, namespace, name)
            if self.objects.pop(key, None) is not None:
                self.meta['revision'] += 1
                self._record({'key': key, 'object': None})
                self._remember(self.meta['revision'], key, None)
            self._notify()

    def set_meta(self, **values):
        with self.lock:
            self.meta.update(values)
            self._record({'meta': self.meta})

    def _notify(self):
        self.version += 1
        self.changed.notify_all()

    def resource(self, api_version, plural):
        """The kind at a path, built in or defined by a CustomResourceDefinition."""
        found = resources.BY_PLURAL.get((api_version, plural))
        if found:
            return found
        return next((r for r in self.custom() if r.api_version == api_version and r.plural == plural), None)

    def custom(self):
        """The kinds that CustomResourceDefinitions define."""
        definitions = self.list(resources.by_word('crd'))
        return [resource for definition in definitions for resource in resources.of_definition(definition)]

    def dump(self, seen=None):
        """Everything, for a member that copies; without the objects when it has seen this state."""
        state = f'{id(self)}-{self.version}'
        return {'version': state} if seen == state else {'version': state, 'objects': self.objects, 'meta': self.meta}

    def replace(self, dump):
        """Take over another member's objects, as a member that follows does."""
        with self.lock:
            changed = [(key, value) for key, value in dump['objects'].items() if self.objects.get(key) != value]
            for key, value in sorted(changed, key=lambda pair: int(pair[1]['metadata']['resourceVersion'])):
                self.objects[key] = value
                self._record({'key': key, 'object': value})
                self._remember(int(value['metadata']['resourceVersion']), key, value)
            for key in [key for key in self.objects if key not in dump['objects']]:
                del self.objects[key]
                self._record({'key': key, 'object': None})
                self._remember(dump['meta']['revision'], key, None)
            self.set_meta(**dump['meta'])
            self._notify()
