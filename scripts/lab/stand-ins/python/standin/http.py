"""A small HTTPS client for the Kubernetes API; its failures have the classes that kubectl tells apart."""
import json
import os
import socket
import ssl


class Unreachable(Exception):
    """No answer; `kind` says which way: refused, timeout, authority, certificate or other."""

    def __init__(self, kind, detail):
        super().__init__(detail)
        self.kind, self.detail = kind, detail


class ApiError(Exception):
    """A Status with a failure."""

    def __init__(self, code, status):
        self.code, self.status = code, status
        self.reason = status.get('reason', '') if isinstance(status, dict) else ''
        self.message = status.get('message', '') if isinstance(status, dict) else str(status)
        super().__init__(self.message)


class Api:
    """One API server and one identity; the connection is kept between requests."""

    def __init__(self, server, ca=None, certificate=None, key=None, token=None, insecure=False, timeout=None):
        scheme, _, rest = server.partition('://')
        self.server, self.tls = server.rstrip('/'), scheme != 'http'
        host = rest.split('/')[0]
        name, _, port = host.rpartition(':') if ':' in host.split(']')[-1] else (host, '', '443')
        self.host, self.port = name.strip('[]'), int(port)
        self.address = f'{self.host}:{self.port}'
        self.ca, self.certificate, self.key = ca, certificate, key
        self.token, self.insecure = token, insecure
        self.timeout, self.connect_timeout = timeout, 30
        self.headers = {}
        self._socket, self._context = None, None

    def context(self):
        """The TLS settings; made once."""
        if self._context is None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            if self.insecure:
                context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            elif self.ca:
                context.load_verify_locations(cadata=self.ca)
            if self.certificate:
                with _MemoryFile(self.certificate + '\n' + (self.key or self.certificate)) as path:
                    context.load_cert_chain(path)
            self._context = context
        return self._context

    def connect(self):
        limit = min(self.timeout or self.connect_timeout, self.connect_timeout)
        try:
            raw = socket.create_connection((self.host, self.port), timeout=limit)
        except socket.timeout:
            raise Unreachable('timeout', f'dial tcp {self.address}: i/o timeout')
        except ConnectionRefusedError:
            raise Unreachable('refused', f'dial tcp {self._peer()}: connect: connection refused')
        except socket.gaierror:
            raise Unreachable('lookup', f'dial tcp: lookup {self.host}: no such host')
        except OSError as error:
            raise Unreachable('other', f'dial tcp {self.address}: connect: {(error.strerror or str(error)).lower()}')
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if not self.tls:
            return raw
        try:
            return self.context().wrap_socket(raw, server_hostname=self.host)
        except ssl.SSLCertVerificationError as error:
            raw.close()
            if error.verify_code in (62, 64):
                raise Unreachable('certificate', f'tls: failed to verify certificate: x509: certificate is valid for other names, not {self.host}')
            raise Unreachable('authority', 'tls: failed to verify certificate: x509: certificate signed by unknown authority')
        except socket.timeout:
            raise Unreachable('timeout', 'net/http: TLS handshake timeout')
        except OSError as error:
            raw.close()
            is_cut = isinstance(error, (ssl.SSLZeroReturnError, ssl.SSLEOFError))
            raise Unreachable('other', 'EOF' if is_cut else str(error))

    def _peer(self):
        return f'[::1]:{self.port}' if self.host == 'localhost' else self.address

    def close(self):
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def raw(self, method, path, body=None, content_type='application/json'):
        """Status code and body of one request; a connection that has gone is made anew once."""
        data = b'' if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        head = [f'{method} {path} HTTP/1.1', f'Host: {self.address}', 'Accept: application/json', f'Content-Length: {len(data)}']
        if body is not None:
            head.append(f'Content-Type: {content_type}')
        if self.token:
            head.append(f'Authorization: Bearer {self.token}')
        head += [f'{name}: {value}' for name, value in self.headers.items()]
        message = ('\r\n'.join(head) + '\r\n\r\n').encode() + data
        for attempt in (1, 2):
            fresh = self._socket is None
            if fresh:
                self._socket = self.connect()
            try:
                self._socket.settimeout(self.timeout)
                self._socket.sendall(message)
                return self._answer()
            except socket.timeout:
                self.close()
                raise Unreachable('timeout', 'net/http: request canceled (Client.Timeout exceeded while awaiting headers)')
            except (OSError, EOFError) as error:
                self.close()
                if _is_rejected_certificate(error):
                    return 401, json.dumps({'kind': 'Status', 'status': 'Failure', 'reason': 'Unauthorized',
                                            'message': 'Unauthorized', 'code': 401}).encode()
                if fresh or attempt == 2:
                    raise Unreachable('other', 'EOF' if isinstance(error, EOFError) else
                                      f'read tcp {self.address}: {(error.strerror or str(error)).lower()}')

    def _answer(self):
        data = b''
        while b'\r\n\r\n' not in data:
            more = self._socket.recv(65536)
            if not more:
                raise EOFError
            data += more
        head, _, rest = data.partition(b'\r\n\r\n')
        lines = head.decode('latin-1').split('\r\n')
        length, closing, in_pieces = 0, False, False
        for line in lines[1:]:
            name, _, value = line.partition(':')
            if name.lower() == 'content-length':
                length = int(value)
            elif name.lower() == 'connection':
                closing = value.strip().lower() == 'close'
            elif name.lower() == 'transfer-encoding':
                in_pieces = value.strip().lower() == 'chunked'
        if in_pieces:
            return int(lines[0].split(' ')[1]), self._pieces(rest)
        pieces, have = [rest], len(rest)
        while have < length:
            more = self._socket.recv(min(1 << 20, length - have))
            if not more:
                raise EOFError
            pieces.append(more)
            have += len(more)
        if closing:
            self.close()
        return int(lines[0].split(' ')[1]), b''.join(pieces)

    def _pieces(self, data):
        """What comes in pieces until there are no more, as a watch does."""
        body = b''
        while True:
            size, found, rest = data.partition(b'\r\n')
            length = int(size, 16) if found else None
            if found and len(rest) >= length + 2:
                if length == 0:
                    return body
                body, data = body + rest[:length], rest[length + 2:]
                continue
            more = self._socket.recv(65536)
            if not more:
                raise EOFError
            data += more

    def request(self, method, path, body=None, content_type='application/json'):
        """The object that the API answers with.

        Raises ApiError for a failure Status, Unreachable when there is no answer."""
        code, data = self.raw(method, path, body, content_type)
        try:
            value = json.loads(data) if data else {}
        except ValueError:
            value = data.decode('utf-8', 'replace')
        if code >= 400:
            raise ApiError(code, value)
        return value

    def get(self, path):
        return self.request('GET', path)

    def find(self, path):
        """The object, or None when the API says it does not exist."""
        try:
            return self.request('GET', path)
        except ApiError as error:
            if error.code == 404:
                return None
            raise

    def put_or_create(self, collection, value):
        """Create an object, or replace it when it exists."""
        try:
            return self.request('POST', collection, value)
        except ApiError as error:
            if error.code != 409 and 'already allocated' not in str(error):
                raise
        return self.request('PUT', f"{collection}/{value['metadata']['name']}", value)


def _is_rejected_certificate(error):
    """Whether the server broke off because it does not know who signed our certificate."""
    return isinstance(error, ssl.SSLError) and any(word in str(error).upper() for word in (
        'UNKNOWN_CA', 'UNKNOWN CA', 'BAD_CERTIFICATE', 'BAD CERTIFICATE', 'DECRYPT_ERROR', 'DECRYPT ERROR', 'CERTIFICATE_EXPIRED'))


class _MemoryFile:
    """A file that exists in memory only, for an API that wants a path."""

    def __init__(self, text):
        self.text = text

    def __enter__(self):
        self.descriptor = os.memfd_create('pem')
        os.write(self.descriptor, self.text.encode())
        return f'/proc/self/fd/{self.descriptor}'

    def __exit__(self, *_):
        os.close(self.descriptor)
