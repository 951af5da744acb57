"""The Tigera operator, as far as slipway can tell: it runs when its Deployment does, fills in an Installation, makes
Calico's workloads of it and says in a TigeraStatus how far it is. After tigera/operator v1.42.3."""
from .. import resources
from ..text import rfc3339
from . import apply
from .pods import is_ready

DEPLOYMENTS, SETS, NAMESPACES, PODS = (resources.by_word(word) for word in ('deploy', 'ds', 'namespaces', 'pods'))
_POOL = {'allowedUses': ['Workload', 'Tunnel'], 'assignmentMode': 'Automatic', 'disableBGPExport': False, 'disableNewAllocations': False,
         'encapsulation': 'IPIP', 'natOutgoing': 'Enabled', 'nodeSelector': 'all()', 'blockSize': 26}
_SYSTEM = 'calico-system'


class TigeraOperator:
    """One pass of the operator's controllers."""

    def __init__(self, store):
        self.store = store

    def tick(self):
        deployment = self.store.get(DEPLOYMENTS, 'tigera-operator', 'tigera-operator')
        if deployment is None or not (deployment.get('status') or {}).get('availableReplicas'):
            return
        kinds = {kind.plural: kind for kind in self.store.custom() if kind.group == 'operator.tigera.io'}
        installation = kinds.get('installations') and self.store.get(kinds['installations'], None, 'default')
        if installation is None or 'tigerastatuses' not in kinds:
            return
        installation = self._fill_in(kinds['installations'], installation)
        image = deployment['spec']['template']['spec']['containers'][0]['image']
        self._workloads(installation, image)
        self._say(kinds['tigerastatuses'], installation)

    def _fill_in(self, kind, installation):
        """Defaults are written back, pool by pool; a list is one value, and whoever writes it owns all of it."""
        spec = installation.get('spec') or {}
        network = spec.get('calicoNetwork') or {}
        pools = [{**_POOL, **({'blockSize': 122, 'natOutgoing': 'Disabled'} if ':' in pool['cidr'] else {}), **pool}
                 for pool in network.get('ipPools') or []]
        spec = {'cni': {'type': 'Calico', 'ipam': {'type': 'Calico'}}, 'variant': 'Calico', **spec,
                'calicoNetwork': {'linuxDataplane': 'Iptables', 'hostPorts': 'Enabled', **network, 'ipPools': pools}}
        if spec == installation.get('spec'):
            return installation
        new = {**installation, 'spec': spec,
               'metadata': {**installation['metadata'], 'generation': installation['metadata'].get('generation', 1) + 1}}
        return self.store.put(kind, apply.updated_by(installation, new, 'operator', rfc3339(), False))

    def _workloads(self, installation, image):
        if self.store.get(NAMESPACES, None, _SYSTEM) is None:
            self.store.put(NAMESPACES, {'apiVersion': 'v1', 'kind': 'Namespace', 'metadata': {'name': _SYSTEM, 'labels': {
                'kubernetes.io/metadata.name': _SYSTEM}}, 'spec': {'finalizers': ['kubernetes']}, 'status': {'phase': 'Active'}})
        method = installation['spec']['calicoNetwork'].get('nodeAddressAutodetectionV4') or {'firstFound': True}
        name, value = next(iter(method.items()))
        words = {'firstFound': 'first-found', 'kubernetes': 'kubernetes-internal-ip', 'interface': f'interface={value}',
                 'skipInterface': f'skip-interface={value}', 'canReach': f'can-reach={value}',
                 'cidrs': 'cidr=' + ','.join(value if isinstance(value, list) else [])}
        container = {'name': 'calico-node', 'image': image, 'env': [{'name': 'IP_AUTODETECTION_METHOD', 'value': words[name]}]}
        self._workload(SETS, 'DaemonSet', 'calico-node', {}, {'hostNetwork': True, 'containers': [container]})
        self._workload(DEPLOYMENTS, 'Deployment', 'calico-kube-controllers', {'replicas': 1}, {
            'containers': [{'name': 'calico-kube-controllers', 'image': image}]})

    def _workload(self, resource, kind, name, spec, pod):
        labels = {'k8s-app': name}
        spec = {**spec, 'selector': {'matchLabels': labels}, 'template': {'metadata': {'labels': labels}, 'spec': {
            **pod, 'tolerations': [{'operator': 'Exists'}], 'nodeSelector': {'kubernetes.io/os': 'linux'}}}}
        live = self.store.get(resource, _SYSTEM, name)
        if live is None:
            self.store.put(resource, {'apiVersion': 'apps/v1', 'kind': kind, 'metadata': {
                'name': name, 'namespace': _SYSTEM, 'labels': labels, 'generation': 1}, 'spec': spec})
        elif live['spec'] != spec:
            metadata = {**live['metadata'], 'generation': live['metadata'].get('generation', 1) + 1}
            self.store.put(resource, {**live, 'metadata': metadata, 'spec': spec})

    def _say(self, kind, installation):
        pods = [pod for pod in self.store.list(PODS, _SYSTEM) if (pod['metadata'].get('labels') or {}).get('k8s-app') == 'calico-node']
        missing = [pod['metadata']['name'] for pod in pods if not is_ready(pod)]
        is_up = bool(pods) and not missing
        generation = installation['metadata'].get('generation', 1)
        text = '' if is_up else f'DaemonSet "{_SYSTEM}/calico-node" is not available (awaiting {len(missing) or 1} nodes)'
        states = (('Available', is_up, ''), ('Progressing', not is_up, text), ('Degraded', False, ''))
        conditions = [{'type': name, 'status': 'True' if value else 'False', 'observedGeneration': generation, 'message': message,
                       'reason': 'AllObjectsAvailable' if is_up else 'ResourceNotReady'} for name, value, message in states]
        live = self.store.get(kind, None, 'calico')
        if live is None or (live.get('status') or {}).get('conditions') != conditions:
            self.store.put(kind, {**(live or {'apiVersion': kind.api_version, 'kind': kind.kind, 'metadata': {'name': 'calico'}}),
                                  'status': {'conditions': conditions}})
