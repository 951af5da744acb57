"""Control planes after the first one: requests go to the member that leads, its objects are copied."""
import threading
import time

from .. import settings
from ..http import Api, Unreachable
from .status import Failure


class Follower:
    """One member of a cluster of several; the first of the living members in the list leads."""

    def __init__(self, server, member, peers):
        self.server, self.member = server, member
        self.peers = {name: url.replace(':2380', f':{server.port}') for name, url in peers.items() if name != member}
        self.local, self.leader = threading.local(), None
        self.is_leading = False
        threading.Thread(target=self._copy, daemon=True).start()

    def _client(self, name):
        clients = self.local.__dict__.setdefault('clients', {})
        if name not in clients:
            def text(file):
                with open(f'{self.server.pki}/{file}') as handle:
                    return handle.read()
            clients[name] = Api(self.peers[name], ca=text('ca.crt'), certificate=text('apiserver-kubelet-client.crt'),
                                key=text('apiserver-kubelet-client.key'), timeout=5)
        return clients[name]

    def forward(self, request):
        """The leader's answer; None when this member leads, or when the question is about this process."""
        if self.is_leading or request.path.startswith(('/livez', '/readyz', '/healthz', '/slipway-stand-in')):
            return None
        for name in self.peers:
            client = self._client(name)
            client.headers = {'X-Remote-User': request.user.name, 'X-Remote-Group': ','.join(request.user.groups),
                              'User-Agent': request.headers.get(b'user-agent', b'').decode('latin-1')}
            kind = request.headers.get(b'content-type', b'application/json').decode()
            query = '&'.join(f'{_quote(key)}={_quote(value)}' for key, value in request.query.items())
            try:
                import json
                code, data = client.raw(request.method, _quote(request.path, '/') + ('?' + query if query else ''),
                                        request.body or None, kind)
                return code, json.loads(data) if data[:1] in (b'{', b'[') else data
            except Unreachable:
                continue
        if len(self.peers) == 1:
            raise Failure(500, '', 'etcdserver: request timed out')  # two members, one gone: no quorum
        self.is_leading = True
        return None

    def _copy(self):
        while not self.is_leading:
            for name in self.peers:
                try:
                    self.server.store.replace(self._client(name).get('/slipway-stand-in/dump'))
                    break
                except Exception:
                    continue
            time.sleep(settings.scaled(3, at_least=1))

    def guarded(self, tick):
        """Controllers run on the leader only."""
        return lambda: tick() if self.is_leading else None


def _quote(text, safe=''):
    from urllib.parse import quote
    return quote(text, safe=safe)
