"""Pods of this node: mirrors of the static ones, and the others, which only pretend to run."""
import hashlib
import ipaddress
import json
import os
import time

from .. import settings, yaml
from ..http import ApiError
from ..text import parse_rfc3339, rfc3339
from . import gpus
from .node import CNI_FOLDER

# What the DaemonSets of network plugins write into /etc/cni/net.d once their pods run.
NETWORK_PLUGINS = {'calico-node': '10-calico.conflist', 'kube-flannel-ds': '10-flannel.conflist', 'cilium': '05-cilium.conflist'}
# Images below this are nowhere to be had.
NOWHERE = 'lab.invalid/missing/'
_START_SECONDS, _READY_SECONDS = 1.0, 2.0


def _age(metadata):
    """Seconds since an object was made, by the clock, so that a restarted kubelet goes on where it was."""
    return time.time() - parse_rfc3339(metadata['creationTimestamp'])


def manifests(folder):
    """The static pods' manifests: name -> (pod, hash)."""
    found = {}
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return found
    for name in names:
        if name.startswith('.') or not name.endswith(('.yaml', '.yml', '.json')):
            continue
        pod, digest = _manifest(os.path.join(folder, name))
        if pod is not None:
            found[pod['metadata']['name']] = (pod, digest)
    return found


_read = {}


def _manifest(path):
    """A pod and its hash, read again only when the file changed; (None, '') when it is no pod."""
    try:
        stat = os.stat(path)
        state = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
        if _read.get(path, (None,))[0] != state:
            with open(path) as file:
                text = file.read()
            pod = yaml.load(text)
            is_pod = isinstance(pod, dict) and pod.get('kind') == 'Pod' and 'name' in (pod.get('metadata') or {})
            _read[path] = (state, (pod, hashlib.md5(text.encode()).hexdigest()) if is_pod else (None, ''))
        return _read[path][1]
    except (OSError, yaml.YamlError):
        return None, ''


FOLDER = '/var/lib/kubelet/pods'


def _first_seen(pod):
    """
    When this life of the node began with a pod: its folder is there from then on, and goes with `kubeadm reset`. A pod that a former
    life of the node has told of is begun with anew, and the pod and what it says of itself stay until then: seen with 1.34.9.
    """
    path, created = os.path.join(FOLDER, pod['metadata']['uid']), parse_rfc3339(pod['metadata']['creationTimestamp'])
    if not os.path.isdir(path):
        os.makedirs(path, mode=0o750)
        began = time.time() if (pod.get('status') or {}).get('containerStatuses') else created
        os.utime(path, (began, began))
    return os.stat(path).st_mtime


def _forget(uids):
    for uid in os.listdir(FOLDER) if os.path.isdir(FOLDER) else ():
        if uid not in uids:
            os.rmdir(os.path.join(FOLDER, uid))


def _is_told_of_since(pod, began):
    """Whether its status is of this life: of containers that wait, or were started in it."""
    states = [entry.get('state') or {} for entry in (pod.get('status') or {}).get('containerStatuses') or []]
    return not any(parse_rfc3339(state['running']['startedAt']) < int(began) for state in states if 'running' in state)


class Pods:
    """Reports the pods of one node as running."""

    def __init__(self, node, address):
        self.node, self.address, self.ips = node, address, {}

    def sync(self, api, static):
        """One pass: mirror pods made, other pods moved on. Returns the DaemonSets whose pods run: name -> the pod's uid."""
        live = api.get(f'/api/v1/pods?fieldSelector=spec.nodeName%3D{self.node}')['items']
        self._mirror(api, static, {pod['metadata']['name']: pod for pod in live})
        daemons, cidr = {}, None
        for pod in live:
            metadata = pod['metadata']
            is_over = (pod.get('status') or {}).get('phase') in ('Succeeded', 'Failed')
            if is_over or 'kubernetes.io/config.mirror' in (metadata.get('annotations') or {}) or 'deletionTimestamp' in metadata:
                continue
            began = _first_seen(pod)
            age = time.time() - began
            owner = next((ref['name'] for ref in metadata.get('ownerReferences') or [] if ref['kind'] == 'DaemonSet'), None)
            host_network = pod['spec'].get('hostNetwork')
            if age < settings.scaled(_START_SECONDS) or not host_network and not self.has_network:
                continue
            if cidr is None and not host_network:
                cidr = (api.get(f'/api/v1/nodes/{self.node}').get('spec') or {}).get('podCIDR', '10.88.0.0/16')
            if not _is_told_of_since(pod, began):
                self._report_anew(api, pod)
                continue
            ready = age >= settings.scaled(_START_SECONDS + _READY_SECONDS)
            self._report(api, pod, ready, self.address if host_network else self._ip(metadata['uid'], cidr))
            if owner and age >= settings.scaled(_START_SECONDS):
                daemons[owner] = metadata['uid']
        uids = {pod['metadata']['uid'] for pod in live}
        self.ips = {uid: ip for uid, ip in self.ips.items() if uid in uids}
        _forget(uids)
        return daemons

    has_network = False

    def _ip(self, uid, cidr):
        if uid not in self.ips:
            network, taken = ipaddress.ip_network(cidr, strict=False), set(self.ips.values())
            number = 2
            while str(network[number]) in taken:
                number += 1
            self.ips[uid] = str(network[number])
        return self.ips[uid]

    def _report(self, api, pod, ready, address):
        missing = next((entry for entry in pod['spec'].get('containers') or [] if entry.get('image', '').startswith(NOWHERE)), None)
        status = self._status(pod['spec'], pod['metadata'].get('creationTimestamp'), ready and not missing, address)
        old = pod.get('status') or {}
        restarts = {entry['name']: entry.get('restartCount', 0) for entry in old.get('containerStatuses') or []}
        for entry in status['containerStatuses']:
            entry['restartCount'] = restarts.get(entry['name'], 0)
        if missing:
            self._report_missing(api, pod, missing['image'], status)
            return
        if gpus.SAMPLE.search(pod['spec']['containers'][0].get('image', '')):
            self._report_end(api, pod, gpus.sample_end(pod['spec']), status)
            return
        same = old.get('phase') == 'Running' and any(c['type'] == 'Ready' and (c['status'] == 'True') == ready
                                                     for c in old.get('conditions') or [])
        if not same:
            self._patch(api, pod['metadata'], status)

    def _report_anew(self, api, pod):
        """The same pod, of which nothing runs here yet."""
        status = pod['status']
        for entry in status.get('containerStatuses') or []:
            entry.update(ready=False, started=False, restartCount=entry.get('restartCount', 0) + 1,
                         state={'waiting': {'reason': 'ContainerCreating'}})
        for condition in status.get('conditions') or []:
            if condition['type'] in ('Ready', 'ContainersReady'):
                condition.update(status='False', lastTransitionTime=rfc3339())
        self._patch(api, pod['metadata'], status)

    def _report_missing(self, api, pod, image, status):
        """As seen with 1.34.9 and a registry that cannot be reached."""
        if (pod.get('status') or {}).get('phase') == 'Pending' and (pod['status'].get('containerStatuses')):
            return
        for entry in status['containerStatuses']:
            entry.update(ready=False, started=False, state={'waiting': {'reason': 'ImagePullBackOff', 'message': f'Back-off pulling image "{image}": '
                         f'ErrImagePull: failed to pull and unpack image "{image}": failed to resolve reference "{image}"'}})
        for condition in status['conditions']:
            if condition['type'] in ('Ready', 'ContainersReady'):
                condition['status'] = 'False'
        self._patch(api, pod['metadata'], {**status, 'phase': 'Pending'})

    def _report_end(self, api, pod, end, status):
        """A program that runs to its end within a moment, once it can start."""
        if end is None:
            return
        code, reason, message = end
        for entry in status['containerStatuses']:
            entry.update(ready=False, started=False, state={'terminated': {
                'exitCode': code, 'reason': reason, **({'message': message} if message else {})}})
        for condition in status['conditions']:
            if condition['type'] in ('Ready', 'ContainersReady'):
                condition.update(status='False', reason='PodCompleted' if code == 0 else 'PodFailed')
        self._patch(api, pod['metadata'], {**status, 'phase': 'Succeeded' if code == 0 else 'Failed'})

    @staticmethod
    def _patch(api, metadata, status):
        try:
            api.request('PATCH', f"/api/v1/namespaces/{metadata['namespace']}/pods/{metadata['name']}/status", {'status': status},
                        'application/merge-patch+json')
        except ApiError as error:
            if error.code != 404:
                raise

    def _status(self, spec, started, ready, address):
        now = rfc3339()
        text = 'True' if ready else 'False'
        conditions = [{'type': kind, 'status': status, 'lastProbeTime': None, 'lastTransitionTime': now} for kind, status in (
            ('PodReadyToStartContainers', 'True'), ('Initialized', 'True'), ('Ready', text), ('ContainersReady', text), ('PodScheduled', 'True'))]
        def container(entry, done=False):
            digest = hashlib.sha256((entry['name'] + self.node).encode()).hexdigest()
            state = {'terminated': {'exitCode': 0, 'reason': 'Completed'}} if done else {'running': {'startedAt': now}}
            return {'name': entry['name'], 'image': entry.get('image', ''), 'imageID': f'sha256:{digest}', 'containerID': f'containerd://{digest}',
                    'ready': ready or done, 'started': True, 'restartCount': 0, 'state': state, 'lastState': {}}
        return {'phase': 'Running', 'conditions': conditions, 'hostIP': self.address, 'hostIPs': [{'ip': self.address}], 'podIP': address,
                'podIPs': [{'ip': address}], 'startTime': started or now, 'qosClass': 'Burstable',
                'containerStatuses': [container(entry) for entry in spec.get('containers') or []],
                **({'initContainerStatuses': [container(entry, True) for entry in spec['initContainers']]} if spec.get('initContainers') else {})}

    def _mirror(self, api, static, live):
        wanted = {f'{name}-{self.node}': pair for name, pair in static.items()}
        for name, (pod, digest) in wanted.items():
            mirror = live.get(name)
            ready = mirror is not None and _age(mirror['metadata']) >= settings.scaled(12)
            if mirror and mirror['metadata']['annotations'].get('kubernetes.io/config.hash') != digest:
                api.request('DELETE', f'/api/v1/namespaces/kube-system/pods/{name}?gracePeriodSeconds=0')
                mirror = None
            if mirror is None:
                metadata = pod['metadata']
                api.request('POST', '/api/v1/namespaces/kube-system/pods', {'apiVersion': 'v1', 'kind': 'Pod', 'metadata': {
                    'name': name, 'namespace': 'kube-system', 'labels': metadata.get('labels') or {},
                    'annotations': {**(metadata.get('annotations') or {}), 'kubernetes.io/config.hash': digest,
                                    'kubernetes.io/config.mirror': digest, 'kubernetes.io/config.source': 'file'},
                    'ownerReferences': [{'apiVersion': 'v1', 'kind': 'Node', 'name': self.node, 'uid': '', 'controller': True}]},
                    'spec': {**pod['spec'], 'nodeName': self.node, 'tolerations': [{'operator': 'Exists', 'effect': 'NoExecute'}]},
                    'status': self._status(pod['spec'], None, ready, self.address)})
            else:
                self._report(api, mirror, ready, self.address)
        for name, mirror in live.items():
            if name not in wanted and 'kubernetes.io/config.mirror' in (mirror['metadata'].get('annotations') or {}):
                api.request('DELETE', f"/api/v1/namespaces/{mirror['metadata']['namespace']}/pods/{name}?gracePeriodSeconds=0")


def write_network(daemons):
    """A network plugin whose pod runs leaves its CNI configuration on the node."""
    for name, file in NETWORK_PLUGINS.items():
        path = os.path.join(CNI_FOLDER, file)
        if name in daemons and not os.path.exists(path):
            os.makedirs(CNI_FOLDER, exist_ok=True)
            with open(path, 'w') as handle:
                json.dump({'name': 'k8s-pod-network', 'cniVersion': '0.3.1', 'plugins': [
                    {'type': name.split('-')[0], 'log_level': 'info', 'datastore_type': 'kubernetes',
                     'kubernetes': {'kubeconfig': '/etc/cni/net.d/calico-kubeconfig'}},
                    {'type': 'portmap', 'snat': True, 'capabilities': {'portMappings': True}}]}, handle, indent=2)
                handle.write('\n')
            os.chmod(path, 0o600)
