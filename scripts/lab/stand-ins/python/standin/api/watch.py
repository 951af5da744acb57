"""Watches of lists: a line of JSON for each change, for as long as somebody reads them."""
import json
import select
import time

from .selectors import field_matches, label_matches
from .status import Failure

_LONGEST = 1800  # without timeoutSeconds: half an hour, as the real server's --min-request-timeout


def is_watch(request):
    return request.method == 'GET' and request.name is None and request.query.get('watch') in ('1', 'true')


class Watch:
    """What is told of one list. Refuses what the real one refuses, as it does: 1.34.9."""

    def __init__(self, store, request):
        self.store, self.resource, self.namespace = store, request.resource, request.namespace
        self.labels, self.fields = request.query.get('labelSelector'), request.query.get('fieldSelector')
        self.ends = time.monotonic() + _number(request, 'timeoutSeconds', _LONGEST)
        self.since = _number(request, 'resourceVersion', 0)

    def lines(self, connection):
        """Each with its end, until the time is over or whoever reads them has gone."""
        if self.since == 0:
            with self.store.lock:
                self.since = self.store.meta['revision']
                found = [value for value in self.store.list(self.resource, self.namespace) if self._matches(value)]
                first = [_line('ADDED', json.dumps(value)) for value in found]
            yield from first
        while time.monotonic() < self.ends:
            with self.store.lock:
                forgotten = self.store.forgotten
                changes = [change for change in self.store.history if change.revision > self.since]
                if not changes and self.since >= forgotten:
                    self.store.changed.wait(min(0.2, max(0.01, self.ends - time.monotonic())))
            if self.since < forgotten:
                expired = {'kind': 'Status', 'apiVersion': 'v1', 'metadata': {}, 'status': 'Failure',
                           'message': f'too old resource version: {self.since} ({forgotten})', 'reason': 'Expired', 'code': 410}
                yield _line('ERROR', json.dumps(expired))
                return
            for change in changes:
                self.since = change.revision
                yield from self._told(change)
            # What a client sends while it watches is its goodbye.
            if connection.pending() or select.select([connection], [], [], 0)[0]:
                return

    def _told(self, change):
        group, plural, namespace, _ = change.key.split('/', 3)
        if (group, plural) != (self.resource.group, self.resource.plural) or self.namespace not in (None, namespace):
            return
        now = change.after is not None and self._matches(json.loads(change.after))
        before = change.before is not None and self._matches(json.loads(change.before))
        if now:
            yield _line('MODIFIED' if before else 'ADDED', change.after)
        elif before:
            # As it was, with the revision at which it went.
            gone = json.loads(change.after or change.before)
            gone['metadata']['resourceVersion'] = str(change.revision)
            yield _line('DELETED', json.dumps(gone))

    def _matches(self, value):
        return label_matches(value, self.labels) and field_matches(value, self.fields)


def _line(kind, text):
    """An object as Go writes it: what it is comes first."""
    value = json.loads(text)
    value = {**{key: value[key] for key in ('kind', 'apiVersion') if key in value}, **value}
    return f'{{"type":"{kind}","object":{json.dumps(value, separators=(",", ":"))}}}\n'.encode()


def _number(request, key, default):
    text = request.query.get(key, '')
    if text and not text.isdecimal():
        raise Failure(400, '', f'{key}: Invalid value: "{text}": strconv.ParseUint: parsing "{text}": invalid syntax')
    return int(text or default)
