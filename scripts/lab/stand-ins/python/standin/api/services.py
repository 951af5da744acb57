"""Addresses of Services."""
import ipaddress
import zlib

from .. import resources

SERVICES = resources.by_word('services')
DEFAULT_RANGE = '10.96.0.0/12'
_FIRST_PORT, _PORTS = 30000, 2768


def make_own(store, port=6443):
    """The API server keeps a Service of its own, at the first address there is."""
    if not store.get(SERVICES, 'default', 'kubernetes'):
        address = str(_range(store)[1])
        store.put(SERVICES, {'apiVersion': 'v1', 'kind': 'Service', 'metadata': {
            'name': 'kubernetes', 'namespace': 'default', 'labels': {'component': 'apiserver', 'provider': 'kubernetes'}}, 'spec': {
            'type': 'ClusterIP', 'clusterIP': address, 'clusterIPs': [address], 'sessionAffinity': 'None',
            'ports': [{'name': 'https', 'port': 443, 'protocol': 'TCP', 'targetPort': port}]}, 'status': {'loadBalancer': {}}})


def _range(store):
    return ipaddress.ip_network(getattr(store, 'service_range', DEFAULT_RANGE).split(',')[0])


def allocated(store, value, live=None):
    """A Service with a cluster IP, and node ports where its type has them; those it had stay."""
    spec = dict(value.get('spec') or {})
    if spec.get('type') == 'ExternalName':
        return value
    had = (live or {}).get('spec') or {}
    spec.setdefault('type', 'ClusterIP')
    if not spec.get('clusterIP'):
        spec['clusterIP'] = had.get('clusterIP') or _address(store, value['metadata'])
    spec['clusterIPs'] = [spec['clusterIP']]
    if spec['type'] in ('NodePort', 'LoadBalancer'):
        old = {port.get('port'): port.get('nodePort') for port in had.get('ports') or []}
        spec['ports'] = [{**port, 'nodePort': port.get('nodePort') or old.get(port.get('port')) or _port(store, value['metadata'], number)}
                         for number, port in enumerate(spec.get('ports') or [])]
    return {**value, 'spec': spec}


def _address(store, metadata):
    """Free, and the same for a name each time it is asked: a dry run says what will be."""
    network = _range(store)
    size = network.num_addresses - 2
    taken = {(service.get('spec') or {}).get('clusterIP') for service in store.list(SERVICES)}
    number = zlib.crc32(f"{metadata.get('namespace')}/{metadata['name']}".encode()) % size
    while True:
        # The first ones are those that are asked for: the API server's and cluster DNS's.
        address = str(network[1 + (number if size < 64 or number > 16 else number + 16)])
        if address not in taken:
            return address
        number = (number + 1) % size


def _port(store, metadata, index):
    taken = {port.get('nodePort') for service in store.list(SERVICES) for port in (service.get('spec') or {}).get('ports') or []}
    number = zlib.crc32(f"{metadata.get('namespace')}/{metadata['name']}/{index}".encode()) % _PORTS
    while _FIRST_PORT + number in taken:
        number = (number + 1) % _PORTS
    return _FIRST_PORT + number
