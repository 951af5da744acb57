"""Reading configuration files: strict decoding, defaults, validation, and printing them again."""
import ipaddress
import os
import re

from .. import settings, yaml, yaml_print
from ..kubelet import host
from ..text import klog, parse_duration
from . import schema
from .errors import KubeadmError

TIMEOUTS = {'controlPlaneComponentHealthCheck': '4m0s', 'discovery': '5m0s', 'etcdAPICall': '2m0s', 'kubeletHealthCheck': '4m0s',
            'kubernetesAPICall': '1m0s', 'tlsBootstrap': '5m0s', 'upgradeManifests': '5m0s'}
DEFAULT_SOCKET = 'unix:///var/run/containerd/containerd.sock'
KNOWN_SOCKETS = (DEFAULT_SOCKET, 'unix:///var/run/crio/crio.sock', 'unix:///var/run/cri-dockerd.sock')
_OLD = {'v1alpha1': 'v1.11', 'v1alpha2': 'v1.12', 'v1alpha3': 'v1.14', 'v1beta1': 'v1.15', 'v1beta2': 'v1.22'}
_NAME = re.compile(r'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$')


def read_documents(text):
    """The documents of a file by kind: {(group, version, kind): value}; strict, as kubeadm is."""
    parts = [part for part in yaml.documents(text) if any(line.strip() and not line.strip().startswith('#') for line in part.split('\n'))]
    found, entries = {}, []
    for part in parts:
        try:
            value = yaml.load(part)
        except yaml.DuplicateKey:
            value = {name: (re.search(rf'^{name}:\s*(\S+)', part, re.M) or [None, ''])[1].strip('"\'') for name in ('apiVersion', 'kind')}
        except yaml.YamlError as error:
            raise KubeadmError(f'could not interpret GroupVersionKind; unmarshal error: error converting YAML to JSON: {error}')
        if not isinstance(value, dict) or not value.get('kind') or not value.get('apiVersion'):
            raise KubeadmError('invalid configuration for GroupVersionKind: kind and apiVersion is mandatory information that must be specified')
        group, _, version = str(value['apiVersion']).rpartition('/')
        entries.append(((group, version, value['kind']), part))
    _check_versions([key for key, _ in entries])
    for key, part in entries:
        found[key] = _decode(key, part)
    return found


def gvk(key):
    return f'schema.GroupVersionKind{{Group:"{key[0]}", Version:"{key[1]}", Kind:"{key[2]}"}}'


def _check_versions(keys):
    unknown = []
    for key in keys:
        if key[0] != 'kubeadm.k8s.io':
            continue
        if key[1] in _OLD:
            old = [other for other in keys if other[0] == key[0] and other[1] in _OLD]
            kind = sorted(other[2] for other in old)[0]
            raise KubeadmError(f'your configuration file uses an old API spec: "kubeadm.k8s.io/{key[1]}" (kind: "{kind}"). Please use kubeadm '
                               f"{_OLD[key[1]]} instead and run 'kubeadm config migrate --old-config old-config-file --new-config "
                               "new-config-file', which will write the new, similar spec using a newer API version.")
        if key not in schema.KINDS:
            unknown.append(key)
    if unknown:
        raise KubeadmError('unknown configuration APIs: []schema.GroupVersionKind{' + ', '.join(gvk(key) for key in unknown) + '}')
    if settings.MINOR >= 36:
        for kind in sorted(key[2] for key in keys if key[:2] == ('kubeadm.k8s.io', 'v1beta3')):
            klog('W', 'common.go:100', f'your configuration file uses a deprecated API spec: "kubeadm.k8s.io/v1beta3" (kind: "{kind}"). '
                 "Please use 'kubeadm config migrate --old-config old-config-file --new-config new-config-file', which will write the new, "
                 'similar spec using a newer API version.')


def _decode(key, part):
    start = f'error unmarshaling configuration {gvk(key)}: '
    try:
        value = yaml.load(part)
    except yaml.DuplicateKey as error:
        raise KubeadmError(f'{start}strict decoding error: {error}')
    fields = schema.KINDS.get(key)
    if fields is None:
        return value
    try:
        unknown = schema.unknown_fields(value, fields, key[1])
    except schema.TypeProblem as problem:
        if key[2] == 'JoinConfiguration':
            klog('W', 'joinconfiguration.go:124', f'{start}{problem}')
            raise KubeadmError(str(problem))
        raise KubeadmError(f'{start}{problem}')
    if unknown:
        raise KubeadmError(f'{start}strict decoding error: ' + ', '.join(f'unknown field "{name}"' for name in unknown))
    return value


def load_file(path, verb=None):
    """The text of a file; `init` and `join` word its absence otherwise than `config` does."""
    try:
        with open(path) as file:
            return file.read()
    except OSError as error:
        reason = f'open {path}: {os.strerror(error.errno).lower()}'
        raise KubeadmError(f'unable to read config from "{path}" : {reason}' if verb == 'init' else reason)


def of_kind(documents, kind):
    return next((value for key, value in documents.items() if key[2] == kind), None)


def arguments(value):
    """extraArgs of either API version as a list of (name, value)."""
    if isinstance(value, dict):
        return [(name, item) for name, item in value.items()]
    return [(entry['name'], entry['value']) for entry in value or []]


def cri_socket(given):
    """The CRI socket to use; several on one host must be told apart."""
    if given:
        return given if '://' in given else f'unix://{given}'
    there = [socket for socket in KNOWN_SOCKETS if os.path.exists(socket[len('unix://'):])]
    if len(there) > 1:
        raise KubeadmError("found multiple CRI endpoints on the host. Please define which one do you wish to use by setting the 'criSocket' "
                           'field in the kubeadm configuration file: ' + ', '.join(there))
    return there[0] if there else DEFAULT_SOCKET


class InitConfig:
    """An InitConfiguration and a ClusterConfiguration with defaults, and the component configurations."""

    def __init__(self, documents, needs_socket=True, fallback_version=None):
        init, cluster = of_kind(documents, 'InitConfiguration') or {}, of_kind(documents, 'ClusterConfiguration') or {}
        self.init, self.cluster = init, cluster
        registration, endpoint = init.get('nodeRegistration') or {}, init.get('localAPIEndpoint') or {}
        self.name = (registration.get('name') or host.hostname()).lower()
        if not _NAME.match(self.name):
            raise KubeadmError(f'nodeRegistration.name: Invalid value: "{self.name}": a lowercase RFC 1123 subdomain must consist of lower case '
                               "alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', "
                               "regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')")
        address = endpoint.get('advertiseAddress')
        if address and not _ip(address):
            raise KubeadmError(f'couldn\'t use "{address}" as "apiserver-advertise-address", must be ipv4 or ipv6 address')
        self.address, self.port = address or host.default_address(), int(endpoint.get('bindPort') or 6443)
        self.socket = cri_socket(registration.get('criSocket')) if needs_socket else registration.get('criSocket') or DEFAULT_SOCKET
        taints = registration.get('taints')
        self.taints = taints if taints is not None else [{'effect': 'NoSchedule', 'key': 'node-role.kubernetes.io/control-plane'}]
        self.pull_policy = registration.get('imagePullPolicy') or 'IfNotPresent'
        self.pull_serial = registration.get('imagePullSerial', True)
        self.kubelet_args = arguments(registration.get('kubeletExtraArgs'))
        self.ignored = registration.get('ignorePreflightErrors') or []
        self.tokens = [_token(token) for token in init.get('bootstrapTokens') or [{}]]
        self.certificate_key = init.get('certificateKey') or ''
        self.skipped = init.get('skipPhases') or []
        self.patches = (init.get('patches') or {}).get('directory') or ''
        self.timeouts = {**TIMEOUTS, **(init.get('timeouts') or {})}
        self.version = _version(cluster.get('kubernetesVersion'), fallback_version)
        networking = cluster.get('networking') or {}
        self.pod_subnet = networking.get('podSubnet') or ''
        self.service_subnet = networking.get('serviceSubnet') or '10.96.0.0/12'
        self.domain = networking.get('dnsDomain') or 'cluster.local'
        self.endpoint = cluster.get('controlPlaneEndpoint') or ''
        self.repository = cluster.get('imageRepository') or 'registry.k8s.io'
        self.pki = cluster.get('certificatesDir') or '/etc/kubernetes/pki'
        self.external = (cluster.get('etcd') or {}).get('external')
        self.etcd_dir = None if self.external else ((cluster.get('etcd') or {}).get('local') or {}).get('dataDir') or '/var/lib/etcd'
        self.kubelet, self.proxy = of_kind(documents, 'KubeletConfiguration') or {}, of_kind(documents, 'KubeProxyConfiguration') or {}
        self._validate()

    def _validate(self):
        for name, value in (('podSubnet', self.pod_subnet), ('serviceSubnet', self.service_subnet)):
            for part in value.split(',') if value else ():
                try:
                    ipaddress.ip_network(part, strict=False)
                except ValueError:
                    raise KubeadmError(f'networking.{name}: Invalid value: "{value}": couldn\'t parse subnet')
        if self.endpoint:
            _, separator, port = self.endpoint.rpartition(':')
            if separator and not (port.isdigit() and 1 <= int(port) <= 65535):
                raise KubeadmError(f'hostport {self.endpoint}: port {port} must be a valid number between 1 and 65535, inclusive')
        if self.external:
            self._validate_external((self.cluster.get('etcd') or {}).get('local'))
        number = [int(part) for part in self.version.lstrip('v').split('-')[0].split('.')[:2]]
        if number[1] < settings.MINOR - 1:
            raise KubeadmError('this version of kubeadm only supports deploying clusters with the control plane version >= '
                               f'1.{settings.MINOR - 1}.0. Current version: {self.version}')

    def _validate_external(self, local):
        external = self.external
        if local:
            raise KubeadmError('etcd: Invalid value: "": either .Etcd.Local or .Etcd.External is required')
        for field in ('caFile', 'certFile', 'keyFile'):
            path = external.get(field) or ''
            if path and not path.startswith('/'):
                raise KubeadmError(f'etcd.{field}: Invalid value: "{path}": must be an absolute path')
        has_tls = any(external.get(field) for field in ('caFile', 'certFile', 'keyFile'))
        for index, endpoint in enumerate(external.get('endpoints') or []):
            if has_tls and not endpoint.startswith('https://'):
                raise KubeadmError(f'etcd.endpoints[{index}]: Invalid value: "{endpoint}": the URL must be using the HTTPS scheme')

    @property
    def url(self):
        """Where the API is for everyone."""
        if not self.endpoint:
            return self.local_url
        return f'https://{self.endpoint}' + ('' if ':' in self.endpoint.rsplit(']')[-1] else f':{self.port}')

    @property
    def local_url(self):
        return f'https://[{self.address}]:{self.port}' if ':' in self.address else f'https://{self.address}:{self.port}'

    def timeout(self, name):
        return parse_duration(self.timeouts[name]) or 0

    def service_ip(self, number):
        return str(ipaddress.ip_network(self.service_subnet.split(',')[0], strict=False)[number])

    def init_document(self):
        return {'apiVersion': 'kubeadm.k8s.io/v1beta4', 'kind': 'InitConfiguration', 'bootstrapTokens': [
            {'groups': t['groups'], 'token': t['token'], 'ttl': t['ttl'], 'usages': t['usages']} for t in self.tokens],
            'localAPIEndpoint': {'advertiseAddress': self.address, 'bindPort': self.port},
            'nodeRegistration': {'criSocket': self.socket, 'imagePullPolicy': self.pull_policy, 'imagePullSerial': self.pull_serial,
                                 'name': self.name, 'taints': self.taints or None,
                                 **({'kubeletExtraArgs': [{'name': n, 'value': v} for n, v in self.kubelet_args]} if self.kubelet_args else {})},
            'timeouts': self.timeouts}

    def cluster_document(self):
        """The ClusterConfiguration with defaults, as it lands in the ConfigMap kubeadm-config."""
        def component(name):
            given = self.cluster.get(name) or {}
            found = {key: value for key, value in given.items() if key not in ('extraArgs', 'timeoutForControlPlane')}
            if given.get('extraArgs'):
                found['extraArgs'] = [{'name': n, 'value': v} for n, v in arguments(given['extraArgs'])]
            return found
        local = {**((self.cluster.get('etcd') or {}).get('local') or {}), 'dataDir': self.etcd_dir}
        etcd = {'external': self.external} if self.external else {'local': local}
        if local.get('extraArgs'):
            local['extraArgs'] = [{'name': n, 'value': v} for n, v in arguments(local['extraArgs'])]
        return {'apiServer': component('apiServer'), 'apiVersion': 'kubeadm.k8s.io/v1beta4',
                'caCertificateValidityPeriod': _duration(self.cluster.get('caCertificateValidityPeriod'), '87600h0m0s'),
                'certificateValidityPeriod': _duration(self.cluster.get('certificateValidityPeriod'), '8760h0m0s'),
                'certificatesDir': self.pki, 'clusterName': self.cluster.get('clusterName') or 'kubernetes',
                **({'controlPlaneEndpoint': self.endpoint} if self.endpoint else {}), 'controllerManager': component('controllerManager'),
                'dns': self.cluster.get('dns') or {}, 'encryptionAlgorithm': self.cluster.get('encryptionAlgorithm') or 'RSA-2048',
                'etcd': etcd, **({'featureGates': self.cluster['featureGates']} if self.cluster.get('featureGates') else {}),
                'imageRepository': self.repository, 'kind': 'ClusterConfiguration', 'kubernetesVersion': self.version,
                'networking': {'dnsDomain': self.domain, **({'podSubnet': self.pod_subnet} if self.pod_subnet else {}),
                               'serviceSubnet': self.service_subnet},
                'proxy': self.cluster.get('proxy') or {}, 'scheduler': component('scheduler')}

    def text(self):
        return yaml_print.dump(self.init_document()) + '---\n' + yaml_print.dump(self.cluster_document())


class JoinConfig:
    """A JoinConfiguration with defaults."""

    def __init__(self, documents):
        join = of_kind(documents, 'JoinConfiguration')
        if join is None:
            raise KubeadmError('no JoinConfiguration found in config file')
        registration, discovery = join.get('nodeRegistration') or {}, join.get('discovery') or {}
        token = discovery.get('bootstrapToken') or {}
        self.name = (registration.get('name') or host.hostname()).lower()
        self.socket = cri_socket(registration.get('criSocket'))
        self.kubelet_args, self.ignored = arguments(registration.get('kubeletExtraArgs')), registration.get('ignorePreflightErrors') or []
        self.taints = registration.get('taints') or []
        self.server, self.token = token.get('apiServerEndpoint') or '', token.get('token') or ''
        self.hashes, self.is_unsafe = token.get('caCertHashes') or [], bool(token.get('unsafeSkipCAVerification'))
        self.tls_token = discovery.get('tlsBootstrapToken') or self.token
        self.ca_path = join.get('caCertPath') or '/etc/kubernetes/pki/ca.crt'
        self.timeouts = {**TIMEOUTS, **(join.get('timeouts') or {})}
        self.control_plane = join.get('controlPlane')
        self.patches = (join.get('patches') or {}).get('directory') or ''
        self.skipped = join.get('skipPhases') or []
        if not self.server or not self.token:
            raise KubeadmError('discovery: Invalid value: "": bootstrapToken or file must be set' if not token
                               else 'discovery.bootstrapToken.token: Invalid value: "": the bootstrap token is invalid')
        if not self.hashes and not self.is_unsafe:
            raise KubeadmError("discovery.bootstrapToken.caCertHashes: Invalid value: \"\": using token-based discovery without caCertHashes can "
                               "be unsafe. Set unsafeSkipCAVerification as true in your kubeadm config file or pass "
                               '--discovery-token-unsafe-skip-ca-verification flag to continue')

    def timeout(self, name):
        return parse_duration(self.timeouts[name]) or 0


def _ip(text):
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _duration(text, default):
    from ..text import go_duration
    return go_duration(parse_duration(text) or 0) if text else default


def _version(given, fallback):
    if not given:
        return fallback() if fallback else f'v{settings.VERSION}'
    text = str(given)
    return text if text.startswith('v') else f'v{text}'


def _token(given):
    from .tokens import generate
    return {'token': given.get('token') or generate(), 'ttl': _duration(given.get('ttl'), '24h0m0s'), 'description': given.get('description', ''),
            'usages': given.get('usages') or ['signing', 'authentication'],
            'groups': given.get('groups') or ['system:bootstrappers:kubeadm:default-node-token']}
