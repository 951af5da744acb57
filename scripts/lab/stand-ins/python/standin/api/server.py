"""The HTTPS front of the API: connections, identities, paths and answers."""
import json
import os
import socket
import ssl
import threading
import time
from urllib.parse import parse_qs, unquote, urlsplit

from .. import settings, yaml
from . import auth, health
from .handlers import Handlers
from .status import Failure
from .watch import Watch, is_watch


class Request:
    """One request: what is asked for, by whom."""

    def __init__(self, method, target, headers, body, version):
        parts = urlsplit(target)
        self.method, self.path, self.headers, self.body, self.version = method, unquote(parts.path), headers, body, version
        self.query = {key: values[-1] for key, values in parse_qs(parts.query, keep_blank_values=True).items()}
        self.api_version = self.plural = self.namespace = self.name = self.subresource = self.resource = None
        self.user = None

    def locate(self, store):
        """Split the path into kind, namespace, name and subresource."""
        steps = [step for step in self.path.split('/') if step]
        if steps[:1] == ['api'] and len(steps) > 2:
            self.api_version, rest = steps[1], steps[2:]
        elif steps[:1] == ['apis'] and len(steps) > 3:
            self.api_version, rest = f'{steps[1]}/{steps[2]}', steps[3:]
        else:
            return
        if rest[0] == 'namespaces' and len(rest) > 2 and rest[2] not in ('finalize', 'status'):
            self.namespace, rest = rest[1], rest[2:]
        self.plural = rest[0]
        self.name = rest[1] if len(rest) > 1 else None
        self.subresource = rest[2] if len(rest) > 2 else None
        self.resource = store.resource(self.api_version, self.plural)

    def verb(self):
        if self.method == 'GET':
            return 'get' if self.name else 'watch' if is_watch(self) else 'list'
        return {'POST': 'create', 'PUT': 'update', 'PATCH': 'patch', 'DELETE': 'delete'}.get(self.method, 'get')

    def value(self):
        """The body as an object; YAML for server-side apply."""
        text = self.body.decode('utf-8', 'replace')
        return json.loads(text) if text.lstrip()[:1] in '{[' else yaml.load(text)


class Server:
    """An API server on one address; `start` returns at once."""

    def __init__(self, store, version, pki='/etc/kubernetes/pki', address='::', port=6443):
        self.store, self.version, self.pki = store, version, pki
        self.address, self.port = address, port
        self.started = time.monotonic()
        self.handlers = Handlers(self)
        self.follows = None  # set on a control plane that follows another one
        self._listener, self._open = None, set()

    def start(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(os.path.join(self.pki, 'apiserver.crt'), os.path.join(self.pki, 'apiserver.key'))
        context.load_verify_locations(os.path.join(self.pki, 'ca.crt'))
        context.verify_mode = ssl.CERT_OPTIONAL
        self._listener = listen(self.address, self.port)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listener, context), daemon=True).start()

    def stop(self):
        """Close the listener and every connection."""
        if self.follows is not None:
            self.follows.has_ended = True
        if self._listener:
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None
        for connection in list(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def _accept(self, listener, context):
        while True:
            try:
                raw, peer = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._connection, args=(raw, context), daemon=True).start()

    def _connection(self, raw, context):
        try:
            raw.settimeout(30)
            connection = context.wrap_socket(raw, server_side=True)
        except (OSError, ValueError):
            raw.close()
            return
        self._open.add(connection)
        try:
            connection.settimeout(300)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            user, buffered = auth.of_certificate(connection.getpeercert()), b''
            while True:
                request, buffered = _read(connection, buffered)
                if request is None:
                    return
                code, value = self.answer(request, user)
                if isinstance(value, Watch):
                    return _tell(connection, request, value)
                data, kind = _body(value, request)
                is_last = request.version == 'HTTP/1.0' or request.headers.get(b'connection', b'').lower() == b'close'
                connection.sendall((f'{request.version} {code} {_REASONS.get(code, "Status")}\r\nContent-Type: {kind}\r\nDate: {_now()}\r\n'
                                    f'Content-Length: {len(data)}\r\n' + 'Connection: close\r\n' * is_last + '\r\n').encode() + data)
                if is_last:
                    # As Go does it: the end of TLS is said, so that nobody takes a whole answer for one that was cut off.
                    connection.settimeout(2)
                    connection.unwrap()
                    return
        except (OSError, ValueError):
            return
        finally:
            self._open.discard(connection)
            connection.close()

    def answer(self, request, user):
        """Status code and body."""
        try:
            request.user = self._identify(request, user)
            if self.follows is not None and not is_watch(request):
                answered = self.follows.forward(request)
                if answered is not None:
                    return answered
            with self.store.lock:
                request.locate(self.store)
                self._authorize(request)
                if request.resource is None:
                    return self._other(request)
            if is_watch(request):
                return 200, Watch(self.store, request)
            return self.handlers.handle(request)
        except Failure as failure:
            return failure.code, failure.status()
        except yaml.YamlError as error:
            return 400, Failure(400, 'BadRequest', str(error)).status()

    def _identify(self, request, user):
        header = request.headers.get(b'authorization', b'').decode('latin-1')
        if user is None and header.startswith('Bearer '):
            user = auth.of_token(self.store, header[7:].strip())
            if user is None:
                raise Failure(401, 'Unauthorized', 'Unauthorized')
        if user is not None and user.name == 'kube-apiserver-kubelet-client' and b'x-remote-user' in request.headers:
            groups = request.headers.get(b'x-remote-group', b'').decode().split(',')
            return auth.User(request.headers[b'x-remote-user'].decode(), groups)
        return user or auth.ANONYMOUS

    def _authorize(self, request):
        """Right after its start the real server knows no roles yet: seen as Forbidden for about a second."""
        young = time.monotonic() - self.started < settings.scaled(0.7)
        refusal = auth.allowed(self.store, request.user, request.verb(), request)
        is_admin = 'kubeadm:cluster-admins' in request.user.groups
        if refusal is None and not (young and is_admin):
            return
        end = refusal or ''
        if request.resource is None:
            raise Failure(403, 'Forbidden', f'forbidden: User "{request.user.name}" cannot {request.method.lower()} path "{request.path}"')
        where = f' in the namespace "{request.namespace}"' if request.namespace else ' at the cluster scope'
        which = f' "{request.name}"' if request.name else ''
        plural, group = request.resource.plural, request.resource.group
        dotted = request.resource.dotted
        raise Failure(403, 'Forbidden', f'{dotted}{which} is forbidden: User "{request.user.name}" cannot {request.verb()} resource '
                      f'"{plural}" in API group "{group}"{where}{end}')

    def _other(self, request):
        steps = [step for step in request.path.split('/') if step]
        if request.path in ('/livez', '/readyz', '/healthz'):
            return health.answer(request, time.monotonic() - self.started, self.version, getattr(self.store, 'etcd', None))
        if request.path == '/version':
            return 200, health.version_info(self.version, server=True)
        if steps == ['slipway-stand-in', 'dump']:
            # Serialised while the lock is held.
            return 200, json.dumps(self.store.dump(request.query.get('seen'))).encode()
        if steps == ['slipway-stand-in', 'role']:
            return 200, {'isLeading': self.follows is None or self.follows.is_leading}
        if steps[:1] in (['api'], ['apis'], ['openapi']) and len(steps) <= 3:
            found = self.handlers.discovery(steps)
            if found is not None:
                return 200, found
        if len(steps) > 2 and steps[0] in ('api', 'apis') or request.plural:
            raise Failure(404, 'NotFound', 'the server could not find the requested resource')
        raise Failure(404, 'NotFound', 'the server could not find the requested resource')


_REASONS = {200: 'OK', 201: 'Created', 400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found',
            409: 'Conflict', 422: 'Unprocessable Entity', 429: 'Too Many Requests', 500: 'Internal Server Error'}


def _tell(connection, request, watch):
    """Every line in a piece of its own, but for HTTP/1.0, which has none."""
    pieces = request.version != 'HTTP/1.0'
    kind = 'Transfer-Encoding: chunked' if pieces else 'Connection: close'
    connection.sendall(f'{request.version} 200 OK\r\nContent-Type: application/json\r\n{kind}\r\n\r\n'.encode())
    for line in watch.lines(connection):
        connection.sendall(b'%x\r\n%s\r\n' % (len(line), line) if pieces else line)
    if pieces:
        connection.sendall(b'0\r\n\r\n')
    connection.settimeout(2)
    connection.unwrap()


# As ObjectMeta has its fields; the others come behind these (apimachinery 0.34).
_METADATA = ('name', 'generateName', 'namespace', 'uid', 'resourceVersion', 'generation', 'creationTimestamp')


def _now():
    return time.strftime('%a, %d %b %Y %H:%M:%S GMT', time.gmtime())


def _in_order(value):
    metadata = value.get('metadata') if isinstance(value, dict) else None
    if not isinstance(metadata, dict):
        return value
    return {**value, 'metadata': {**{field: metadata[field] for field in _METADATA if field in metadata}, **metadata}}


def _body(value, request):
    """As Go writes it: without spaces, what it is first, and with an end of line; laid out for people with curl."""
    if isinstance(value, bytes):
        return value, 'text/plain'
    if isinstance(value, dict) and 'kind' in value and 'apiVersion' in value:
        value = {'kind': value['kind'], 'apiVersion': value['apiVersion'], **_in_order(value)}
        if 'items' in value:
            value['items'] = [_in_order(item) for item in value['items']]
    if b'curl' in request.headers.get(b'user-agent', b''):
        return json.dumps(value, indent=2).encode(), 'application/json'
    return json.dumps(value, separators=(',', ':')).encode() + b'\n', 'application/json'


def listen(address, port):
    """A listening socket; `::` means every address, of both families."""
    family = socket.AF_INET6 if ':' in address else socket.AF_INET
    try:
        listener = socket.socket(family)
    except OSError:
        family, address = socket.AF_INET, '0.0.0.0'
        listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    try:
        listener.bind((address, port))
    except OSError:
        if address != '::':
            raise
        listener.close()
        return listen('0.0.0.0', port)
    listener.listen(128)
    return listener


def _read(connection, buffered):
    while b'\r\n\r\n' not in buffered:
        more = connection.recv(65536)
        if not more:
            return None, b''
        buffered += more
    head, _, rest = buffered.partition(b'\r\n\r\n')
    first, *lines = head.split(b'\r\n')
    headers = {}
    for line in lines:
        name, _, value = line.partition(b':')
        headers[name.strip().lower()] = value.strip()
    if headers.get(b'expect', b'').lower() == b'100-continue':
        connection.sendall(b'HTTP/1.1 100 Continue\r\n\r\n')
    length = int(headers.get(b'content-length', b'0'))
    while len(rest) < length:
        more = connection.recv(1 << 20)
        if not more:
            return None, b''
        rest += more
    method, target, version = first.decode('latin-1').split(' ', 2)
    return Request(method, target, headers, rest[:length], version), rest[length:]

