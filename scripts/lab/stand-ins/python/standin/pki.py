"""Certificates: real ones, made by openssl and read without it."""
import base64
import hashlib
import os
import subprocess

YEAR_DAYS = 365


class CertificateError(Exception):
    """A certificate or key file that cannot be used."""


def run(*arguments, data=None):
    """What openssl prints on stdout."""
    done = subprocess.run(('openssl', *arguments), input=data, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode:
        raise CertificateError(done.stderr.decode(errors='replace').strip().split('\n')[-1])
    return done.stdout


def rsa_key():
    """A new RSA key, 2048 bits, in the PKCS#1 form that kubeadm writes (1675 or 1679 bytes)."""
    return run('genrsa', '-traditional', '2048').decode()


def ec_key():
    """A new P-256 key, which is what the kubelet makes for its client certificate."""
    return run('ecparam', '-name', 'prime256v1', '-genkey', '-noout').decode()


def public_key(key):
    return run('pkey', '-pubout', data=key.encode()).decode()


def certificate(key_path, subject, extensions, days=YEAR_DAYS, ca=None):
    """A certificate for the key; `ca` is (certificate path, key path), without it self-signed.

    `subject` is openssl's form, such as `/O=system:masters/CN=kubernetes-super-admin`."""
    arguments = ['req', '-x509', '-new', '-key', key_path, '-subj', subject, '-days', str(days), '-sha256',
                 '-config', '/dev/stdin', '-set_serial', '0x' + os.urandom(7).hex()]
    if ca:
        arguments += ['-CA', ca[0], '-CAkey', ca[1]]
    config = '[req]\ndistinguished_name=dn\nx509_extensions=ext\n[dn]\n[ext]\n' + '\n'.join(extensions) + '\n'
    return run(*arguments, data=config.encode()).decode()


CA_EXTENSIONS = ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,digitalSignature,keyEncipherment,keyCertSign',
                 'subjectKeyIdentifier=hash']


def leaf_extensions(usages, names=()):
    """Extensions of a server or client certificate; names are `DNS:n1` or `IP:10.0.0.1`."""
    found = ['basicConstraints=critical,CA:FALSE', 'keyUsage=critical,digitalSignature,keyEncipherment',
             'extendedKeyUsage=' + ','.join(usages), 'subjectKeyIdentifier=none',
             'authorityKeyIdentifier=keyid']
    return found + (['subjectAltName=' + ','.join(names)] if names else [])


def signing_request(key_path, subject):
    return run('req', '-new', '-key', key_path, '-subj', subject, '-config', '/dev/stdin',
               data=b'[req]\ndistinguished_name=dn\n[dn]\n').decode()


def sign(request, ca, days=YEAR_DAYS):
    """Sign a client's request as the controller manager does."""
    import tempfile
    with tempfile.NamedTemporaryFile('w', suffix='.csr') as file:
        file.write(request)
        file.flush()
        serial = '0x' + os.urandom(8).hex()
        return run('x509', '-req', '-in', file.name, '-CA', ca[0], '-CAkey', ca[1], '-set_serial', serial, '-days', str(days),
                   '-sha256', '-extfile', '/dev/stdin',
                   data='\n'.join(leaf_extensions(['clientAuth'])).encode()).decode()


def request_subject(request):
    """The subject of a signing request, as {'CN': ..., 'O': [...]}."""
    body = _children(_children(_der(request, 'CERTIFICATE REQUEST'))[0][1])
    return _name(body[1][1])


def _der(pem, label='CERTIFICATE'):
    start, end = pem.find(f'-----BEGIN {label}-----'), pem.find(f'-----END {label}-----')
    if start < 0 or end < 0:
        raise CertificateError(f'data does not contain any valid {label}')
    data = base64.b64decode(pem[start + len(label) + 16:end])
    return _children(data)[0][1]


def _children(data):
    """The (tag, content, whole encoding) of each element of a DER sequence's content."""
    found, at = [], 0
    while at < len(data):
        start, tag, length = at, data[at], data[at + 1]
        at += 2
        if length & 0x80:
            count = length & 0x7f
            length = int.from_bytes(data[at:at + count], 'big')
            at += count
        found.append((tag, data[at:at + length], data[start:at + length]))
        at += length
    return found


def _name(data):
    found = {'CN': '', 'O': []}
    for _, entry, _ in _children(data):
        for _, pair, _ in _children(entry):
            kind, value = _children(pair)
            text = value[1].decode('utf-8', 'replace')
            if kind[1] == b'\x55\x04\x03':
                found['CN'] = text
            elif kind[1] == b'\x55\x04\x0a':
                found['O'].append(text)
    return found


class Certificate:
    """What is read from one certificate: subject, issuer, notAfter (seconds), spki_hash."""

    def __init__(self, pem):
        fields = _children(_children(_der(pem))[0][1])
        if fields[0][0] == 0xa0:
            fields = fields[1:]
        self.issuer, self.subject = _name(fields[2][1]), _name(fields[4][1])
        self.not_after = _time(*_children(fields[3][1])[1][:2])
        self.spki_hash = 'sha256:' + hashlib.sha256(fields[5][2]).hexdigest()


def _time(tag, data):
    import calendar
    import time
    text = data.decode()
    text = text if tag == 0x18 else ('20' if int(text[:2]) < 50 else '19') + text
    return calendar.timegm(time.strptime(text[:14], '%Y%m%d%H%M%S'))


def names(path):
    """The alternative names of a certificate, as `leaf_extensions` takes them."""
    found = run('x509', '-noout', '-ext', 'subjectAltName', '-in', path).decode().split('\n', 1)[1]
    return [name.strip().replace('IP Address:', 'IP:') for name in found.split(',')]


def read_certificate(path):
    """The certificate in a file; failures are worded as kubeadm words them."""
    try:
        with open(path) as file:
            return Certificate(file.read())
    except OSError as error:
        raise CertificateError(f"couldn't load the certificate file {path}: open {path}: {os.strerror(error.errno).lower()}")
    except CertificateError:
        raise CertificateError(f"couldn't load the certificate file {path}: error reading {path}: "
                               'data does not contain any valid RSA or ECDSA certificates')


def write(path, text, mode):
    """Write a whole file with the mode, making its folder."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    temporary = f'{path}.{os.getpid()}'
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, 'w') as file:
        file.write(text)
    os.chmod(temporary, mode)
    os.rename(temporary, path)
