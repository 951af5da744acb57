"""Several control planes: one member leads, the others pass requests on to it and copy its objects."""
import json
import threading
import time
from urllib.parse import quote

from .. import resources, settings
from ..http import Api, ApiError, Unreachable
from .status import Failure

CONFIGMAPS = resources.by_word('configmaps')
# Written by `kubeadm join`: member -> "time-of-joining address".
MEMBERS_NAME = 'slipway-stand-in-etcd-members'
OWN_PATH = '/slipway-stand-in/'


class Follower:
    """One member. Who leads goes on leading; else the first member of those that answer does, if they are enough."""

    def __init__(self, server, member, peers, is_external=False):
        # With an external etcd a server is known by its address, and needs no other one.
        self.is_external = is_external
        self.server, self.member, self.given = server, member, peers
        self.local = threading.local()
        self.is_leading = False
        self.has_ended = False  # with its server: another one may use the same store by then
        self.leader, self.looked, self.copied = None, 0.0, None
        self.lock = threading.Lock()
        threading.Thread(target=self._copy, daemon=True).start()

    def members(self):
        """name -> URL of the API, in the order of joining."""
        record = self.server.store.get(CONFIGMAPS, 'kube-system', MEMBERS_NAME)
        data = (record or {}).get('data')
        if data:
            pairs = [(name, value.split(' ')[1]) for name, value in sorted(data.items(), key=lambda pair: pair[1])]
            if self.is_external:
                pairs = [(address, address) for _, address in pairs]
        else:
            pairs = [(name, url.split('//')[-1].rpartition(':')[0]) for name, url in self.given.items() if name != self.member]
            pairs.append((self.member, ''))
        return {name: f'https://{address}:{self.server.port}' for name, address in pairs}

    def _client(self, url):
        clients = self.local.__dict__.setdefault('clients', {})
        if url not in clients:
            def text(file):
                with open(f'{self.server.pki}/{file}') as handle:
                    return handle.read()
            clients[url] = Api(url, ca=text('ca.crt'), certificate=text('apiserver-kubelet-client.crt'),
                               key=text('apiserver-kubelet-client.key'), timeout=10)
            clients[url].connect_timeout = 2
        clients[url].headers = {}
        return clients[url]

    def find_leader(self):
        """The leader's URL, '' for this member; raises Failure when too few members answer."""
        if self.is_leading:
            return ''
        with self.lock:
            if self.leader is not None and time.monotonic() - self.looked < 1:
                return self.leader
            members, alive = self.members(), []
            self.leader = None
            for name, url in members.items():
                if name == self.member:
                    alive.append(name)
                    continue
                try:
                    if self._client(url).get(OWN_PATH + 'role')['isLeading']:
                        self.leader = url
                        break
                    alive.append(name)
                except (ApiError, Unreachable, ValueError):
                    continue
            self.looked = time.monotonic()
            if self.leader is None:
                if len(alive) <= len(members) // 2 and not self.is_external:
                    raise Failure(500, '', 'etcdserver: request timed out')
                self.is_leading = not alive or alive[0] == self.member
                if self.is_leading and self.is_external:
                    self.server.store.load()
                self.leader = '' if self.is_leading else members[alive[0]]
            return self.leader

    def forward(self, request):
        """The leader's answer; None when this member leads, or when the question is about this process."""
        if request.path.startswith(OWN_PATH) or request.path.split('/')[1] in ('livez', 'readyz', 'healthz', 'version'):
            return None
        url = self.find_leader()
        if not url:
            return None
        client = self._client(url)
        client.headers = {'X-Remote-User': request.user.name, 'X-Remote-Group': ','.join(request.user.groups),
                          'User-Agent': request.headers.get(b'user-agent', b'').decode('latin-1')}
        query = '&'.join(f'{quote(key, safe="")}={quote(value, safe="")}' for key, value in request.query.items())
        try:
            code, data = client.raw(request.method, quote(request.path) + ('?' + query if query else ''), request.body or None,
                                    request.headers.get(b'content-type', b'application/json').decode())
        except Unreachable:
            self.looked = 0.0
            raise Failure(500, '', 'etcdserver: leader changed')
        return code, json.loads(data) if data[:1] in (b'{', b'[') else data

    def _copy(self):
        while not self.has_ended:
            try:
                url = self.find_leader()
                if url:
                    dump = self._client(url).get(f'{OWN_PATH}dump?seen={self.copied}')
                    if 'objects' in dump and not self.has_ended:
                        self.server.store.replace(dump)
                    self.copied = dump['version']
            except (Failure, ApiError, Unreachable, OSError, ValueError, KeyError):
                pass
            time.sleep(settings.scaled(10, at_least=5) if self.is_leading else 1)

    def guarded(self, tick):
        """Controllers run on the leader only."""
        return lambda: tick() if self.is_leading else None
