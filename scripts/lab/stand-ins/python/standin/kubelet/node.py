"""The Node object: registration, status and heartbeats."""
import os
import time

from .. import cri, settings
from ..http import ApiError
from ..text import rfc3339
from . import host

CNI_FOLDER = '/etc/cni/net.d'
_NO_NETWORK = ('container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady '
               'message:Network plugin returns error: cni plugin not initialized')


def has_network():
    """Whether a CNI configuration is there."""
    try:
        return any(name.endswith(('.conf', '.conflist', '.json')) and not name.startswith('.') for name in os.listdir(CNI_FOLDER))
    except OSError:
        return False


class Node:
    """This host's Node; `register` once, then `beat`."""

    def __init__(self, name, address, endpoint, labels, taints, max_pods=110):
        self.name, self.address, self.labels, self.taints = name, address, labels, taints
        self.runtime = cri.Runtime(endpoint)
        self.version, self.max_pods = None, max_pods
        self.is_registered = self.is_deleted = False
        self.since = {}
        self.gpus = {}

    def look(self):
        """Ask the runtime, which takes a moment."""
        try:
            self.version = self.runtime.version()
            return True
        except cri.CriError:
            return False

    def conditions(self, runtime_up, networked):
        ready = runtime_up and networked
        message = 'kubelet is posting ready status' if ready else 'container runtime is down' if not runtime_up else _NO_NETWORK
        entries = [('MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
                   ('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
                   ('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
                   ('Ready', 'True' if ready else 'False', 'KubeletReady' if ready else 'KubeletNotReady', message)]
        now = rfc3339()
        found = []
        for kind, status, reason, text in entries:
            if self.since.get(kind, (None,))[0] != status:
                self.since[kind] = (status, now)
            found.append({'type': kind, 'status': status, 'reason': reason, 'message': text,
                          'lastHeartbeatTime': now, 'lastTransitionTime': self.since[kind][1]})
        return found

    def _remember(self, live):
        """Conditions that stay as they are keep the time of their last change."""
        for condition in (live.get('status') or {}).get('conditions') or []:
            self.since[condition['type']] = (condition['status'], condition['lastTransitionTime'])

    def status(self, runtime_up, networked):
        capacity, allocatable = ({**found, **self.gpus} for found in host.capacity(self.max_pods))
        return {'addresses': [{'type': 'InternalIP', 'address': self.address}, {'type': 'Hostname', 'address': self.name}],
                'allocatable': allocatable, 'capacity': capacity, 'conditions': self.conditions(runtime_up, networked),
                'daemonEndpoints': {'kubeletEndpoint': {'Port': 10250}}, 'nodeInfo': host.node_info(settings.VERSION, self.version),
                'images': []}

    def register(self, api, networked):
        """Create the Node; one that exists is taken over."""
        architecture = host.architecture()
        value = {'apiVersion': 'v1', 'kind': 'Node', 'metadata': {
            'name': self.name,
            'annotations': {'node.alpha.kubernetes.io/ttl': '0', 'volumes.kubernetes.io/controller-managed-attach-detach': 'true'},
            'labels': {'beta.kubernetes.io/arch': architecture, 'beta.kubernetes.io/os': 'linux', 'kubernetes.io/arch': architecture,
                       'kubernetes.io/hostname': self.name, 'kubernetes.io/os': 'linux', **self.labels}},
            'spec': {'taints': self.taints} if self.taints else {}, 'status': self.status(self.look(), networked)}
        try:
            api.request('POST', '/api/v1/nodes', value)
        except ApiError as error:
            if error.code != 409:
                raise
            former = api.get(f'/api/v1/nodes/{self.name}')
            self._remember(former)
            # What plugins offered to the kubelet before: none of it, until they register again.
            offered = (former.get('status') or {}).get('allocatable') or {}
            self.gpus = {name: '0' for name in offered if name.startswith('nvidia.com/')}
            value['status']['conditions'] = self.conditions(self.version is not None, networked)
            api.request('PATCH', f'/api/v1/nodes/{self.name}', {'metadata': {'labels': value['metadata']['labels']}},
                        'application/merge-patch+json')
            self._post(api, value['status'])
        self.is_registered = True
        self._renew(api)

    def beat(self, api, networked):
        """Renew the lease; post the status when it differs from what the API has.

        A Node that was deleted does not come back before the kubelet restarts: seen with 1.34.9."""
        if self.is_deleted:
            return
        live = api.find(f'/api/v1/nodes/{self.name}')
        if live is None:
            self.is_deleted = True
            return
        status = self.status(self.look(), networked)
        if _signature(status) != _signature(live.get('status') or {}):
            self._post(api, status)
        self._renew(api)

    def _post(self, api, status):
        api.request('PATCH', f'/api/v1/nodes/{self.name}/status', {'status': status}, 'application/merge-patch+json')

    def _renew(self, api):
        api.put_or_create('/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases', {
            'apiVersion': 'coordination.k8s.io/v1', 'kind': 'Lease', 'metadata': {'name': self.name, 'namespace': 'kube-node-lease'},
            'spec': {'holderIdentity': self.name, 'leaseDurationSeconds': 40, 'renewTime': rfc3339(time.time())}})


def _signature(status):
    """What of a status matters, without the times."""
    conditions = sorted((c['type'], c['status'], c.get('message')) for c in status.get('conditions') or [])
    return conditions, status.get('nodeInfo'), status.get('addresses'), status.get('capacity')
