"""A CRI client: just enough HTTP/2 and protobuf to ask a real container runtime who it is."""
import socket
import struct
import urllib.parse


class CriError(Exception):
    """The runtime does not answer; worded as kubeadm, the kubelet and crictl word it."""


class Runtime:
    """The runtime behind one endpoint, such as `unix:///run/containerd/containerd.sock`."""

    def __init__(self, endpoint, timeout=4):
        self.endpoint, self.timeout = endpoint, timeout
        self.path = endpoint[len('unix://'):] if endpoint.startswith('unix://') else endpoint

    def version(self):
        """{'name': 'containerd', 'version': '1.7.24~ds1', 'api': 'v1'}; raises CriError with the long text."""
        try:
            fields = decode(self.call('RuntimeService/Version', b''))
        except CriError as error:
            raise CriError(f'validate service connection: validate CRI v1 runtime API for endpoint "{self.endpoint}": {error}')
        return {'api_version': text(fields, 1), 'name': text(fields, 2), 'version': text(fields, 3), 'api': text(fields, 4)}

    def status(self):
        """Conditions, and the JSON texts of a verbose status."""
        fields = decode(self.call('RuntimeService/Status', b'\x08\x01'))
        conditions = []
        for status in fields.get(1, []):
            for condition in decode(status).get(1, []):
                entry = decode(condition)
                conditions.append({'type': text(entry, 1), 'status': bool(entry.get(2, [0])[0]),
                                   'reason': text(entry, 3), 'message': text(entry, 4)})
        info = {}
        for pair in fields.get(2, []):
            entry = decode(pair)
            info[text(entry, 1)] = text(entry, 2)
        return conditions, info

    def sandbox_image(self):
        """The pause image the runtime is set to, or '' when it does not say."""
        import json
        config = self.status()[1].get('config')
        return json.loads(config).get('sandboxImage', '') if config else ''

    def has_runtime_config(self):
        """Whether the CRI method RuntimeConfig is there (containerd 2 and newer)."""
        try:
            self.call('RuntimeService/RuntimeConfig', b'')
            return True
        except CriError:
            return False

    def images(self):
        """Tags, id and size of each image."""
        found = []
        for image in decode(self.call('ImageService/ListImages', b'')).get(1, []):
            entry = decode(image)
            found.append({'id': text(entry, 1), 'repoTags': [tag.decode() for tag in entry.get(2, [])],
                          'size': str(entry.get(4, [0])[0])})
        return found

    def call(self, method, message):
        """The bytes of one unary call's answer."""
        connection = self._connect()
        try:
            return _unary(connection, f'/runtime.v1.{method}', message)
        except socket.timeout:
            raise CriError('rpc error: code = DeadlineExceeded desc = context deadline exceeded')
        except (OSError, EOFError) as error:
            raise CriError(f'rpc error: code = Unavailable desc = {error}')
        finally:
            connection.close()

    def _connect(self):
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(self.timeout)
        try:
            connection.connect(self.path)
        except OSError as error:
            connection.close()
            reason = (error.strerror or str(error)).lower()
            raise CriError('rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: '
                           f'dial unix {self.path}: connect: {reason}"')
        return connection


def _unary(connection, path, message):
    """HTTP/2 with one stream: the bytes of the message that answers it; raises CriError with the server's own words."""
    def literal(value):
        return struct.pack('B', len(value)) + value.encode()
    headers = (b'\x83\x86\x04' + literal(path) + b'\x01' + literal('localhost')
               + b'\x0f\x10' + literal('application/grpc') + b'\x00' + literal('te') + literal('trailers'))
    body = b'\x00' + struct.pack('>I', len(message)) + message
    connection.sendall(b'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n' + _frame(4, 0, 0, struct.pack('>HI', 4, 1 << 24))
                       + _frame(8, 0, 0, struct.pack('>I', 1 << 24)) + _frame(1, 4, 1, headers) + _frame(0, 1, 1, body))
    answer, trailers, buffered = b'', b'', b''
    while True:
        while len(buffered) < 9 or len(buffered) < 9 + int.from_bytes(buffered[:3], 'big'):
            more = connection.recv(65536)
            if not more:
                raise EOFError('error reading server preface: EOF')
            buffered += more
        length, kind, flags = int.from_bytes(buffered[:3], 'big'), buffered[3], buffered[4]
        stream, payload, buffered = int.from_bytes(buffered[5:9], 'big'), buffered[9:9 + length], buffered[9 + length:]
        if kind == 4 and not flags & 1:
            connection.sendall(_frame(4, 1, 0, b''))
        elif kind == 6 and not flags & 1:
            connection.sendall(_frame(6, 1, 0, payload))
        elif kind == 0 and stream == 1:
            answer += payload
        elif kind == 1 and stream == 1:
            trailers = payload
        elif kind in (3, 7):
            raise CriError('rpc error: code = Unavailable desc = the connection is draining')
        if stream == 1 and flags & 1:
            break
    if len(answer) < 5:
        code, message = _status(trailers)
        raise CriError(f'rpc error: code = {code} desc = {message}')
    return answer[5:5 + int.from_bytes(answer[1:5], 'big')]


CODES = ('OK', 'Canceled', 'Unknown', 'InvalidArgument', 'DeadlineExceeded', 'NotFound', 'AlreadyExists',
         'PermissionDenied', 'ResourceExhausted', 'FailedPrecondition', 'Aborted', 'OutOfRange', 'Unimplemented',
         'Internal', 'Unavailable', 'DataLoss', 'Unauthenticated')


def _status(block):
    """('Unimplemented', 'unknown service runtime.v1.RuntimeService') of the headers that end a stream."""
    fields = dict(_headers(block))
    code = int(fields.get('grpc-status', '2'))
    return CODES[code] if code < len(CODES) else f'Code({code})', urllib.parse.unquote(fields.get('grpc-message', ''))


def _headers(block):
    """
    Names and values of a HPACK block, as Go's servers write them (RFC 7541, section 6); names that its tables know by
    number are left empty.
    """
    at = 0
    while at < len(block):
        first = block[at]
        if first & 0x80:
            _, at = _integer(block, at, 7)
        elif first & 0xe0 == 0x20:
            _, at = _integer(block, at, 5)
        else:
            known, at = _integer(block, at, 6 if first & 0x40 else 4)
            name = ''
            if known == 0:
                name, at = _string(block, at)
            value, at = _string(block, at)
            yield name, value


def _integer(block, at, bits):
    most = (1 << bits) - 1
    value, at = block[at] & most, at + 1
    if value == most:
        more, at = _varint(block, at)
        value += more
    return value, at


def _string(block, at):
    is_huffman = block[at] & 0x80
    length, at = _integer(block, at, 7)
    data = block[at:at + length]
    return _unpacked(data) if is_huffman else data.decode('utf-8', 'replace'), at + length


# RFC 7541, appendix B: codes of one length follow one another, from the first of it. What is longer is in no message.
HUFFMAN = {(length, first + number): character
           for length, first, characters in (
               (5, 0x0, '012aceiost'), (6, 0x14, ' %-./3456789=A_bdfghlmnpru'),
               (7, 0x5c, ':BCDEFGHIJKLMNOPQRSTUVWYjkqvwxyz'), (8, 0xf8, '&*,;XZ'), (10, 0x3f8, '!"()?'),
               (11, 0x7fa, "'+|"), (12, 0xffa, '#>'), (13, 0x1ff8, '\0$@[]~'), (14, 0x3ffc, '^}'), (15, 0x7ffc, '<`{'))
           for number, character in enumerate(characters)}


def _unpacked(data):
    found, code, length = '', 0, 0
    for byte in data:
        for bit in range(7, -1, -1):
            code, length = code << 1 | byte >> bit & 1, length + 1
            if (length, code) in HUFFMAN:
                found, code, length = found + HUFFMAN[length, code], 0, 0
    return found


def _frame(kind, flags, stream, payload):
    return len(payload).to_bytes(3, 'big') + bytes((kind, flags)) + struct.pack('>I', stream) + payload


def decode(data):
    """The fields of a protobuf message: number -> values (ints, or bytes)."""
    found, at = {}, 0
    while at < len(data):
        tag, at = _varint(data, at)
        if tag & 7 == 0:
            value, at = _varint(data, at)
        elif tag & 7 == 2:
            length, at = _varint(data, at)
            value, at = data[at:at + length], at + length
        else:
            size = 8 if tag & 7 == 1 else 4
            value, at = data[at:at + size], at + size
        found.setdefault(tag >> 3, []).append(value)
    return found


def text(fields, number):
    """A string field, '' when absent."""
    return fields[number][0].decode('utf-8', 'replace') if number in fields else ''


def _varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7f) << shift
        shift += 7
        if byte < 0x80:
            return value, at
