"""The controllers and the scheduler: one pass a second over the objects."""
import base64
import hashlib
import hmac
import ipaddress
import json
import time

from .. import pki, resources, settings
from ..text import parse_rfc3339, rfc3339
from . import auth, services
from .pods import BUDGETS, allowed_disruptions
from .tigera import TigeraOperator
from .workloads import Workloads

NODES, NAMESPACES, PODS = (resources.by_word(word) for word in ('nodes', 'namespaces', 'pods'))
SECRETS, CONFIGMAPS, ACCOUNTS = (resources.by_word(word) for word in ('secrets', 'configmaps', 'serviceaccounts'))
REQUESTS, DEFINITIONS, LEASES = (resources.by_word(word) for word in ('csr', 'crd', 'leases'))
GRACE_SECONDS = 40
# By whether a bootstrap token asks, the binding without which nobody approves a kubelet's request.
_APPROVERS = {True: 'kubeadm:node-autoapprove-bootstrap', False: 'kubeadm:node-autoapprove-certificate-rotation'}


class Controllers:
    """What a controller manager and a scheduler do; `pod_subnet` is '' when nodes get no podCIDR."""

    def __init__(self, store, pki_folder, pod_subnet=''):
        self.store, self.pki, self.pod_subnet = store, pki_folder, pod_subnet
        self.started = time.time()
        self.workloads, self.operator = Workloads(store), TigeraOperator(store)

    def tick(self):
        """One pass; cheap when nothing changed."""
        with self.store.lock:
            for work in (self._namespaces, self._requests, self._nodes, self._tokens, self._definitions, self._budgets, self.operator.tick, self.workloads.tick):
                work()

    def _budgets(self):
        for budget in self.store.list(BUDGETS):
            status = {**(budget.get('status') or {}), 'disruptionsAllowed': max(0, allowed_disruptions(self.store, budget))}
            if status != budget.get('status'):
                self.store.put(BUDGETS, {**budget, 'status': status})

    def _namespaces(self):
        ca = None
        for name in ('default', 'kube-system', 'kube-public', 'kube-node-lease'):
            if not self.store.get(NAMESPACES, None, name):
                self.store.put(NAMESPACES, {'apiVersion': 'v1', 'kind': 'Namespace', 'metadata': {
                    'name': name, 'labels': {'kubernetes.io/metadata.name': name}}, 'spec': {'finalizers': ['kubernetes']},
                    'status': {'phase': 'Active'}})
        services.make_own(self.store)
        for name, data in (('extension-apiserver-authentication', self._authentication),
                           ('kube-apiserver-legacy-service-account-token-tracking', lambda: {'stand-in-0': ''})):
            if not self.store.get(CONFIGMAPS, 'kube-system', name):
                self.store.put(CONFIGMAPS, {'apiVersion': 'v1', 'kind': 'ConfigMap', 'data': data(),
                                            'metadata': {'name': name, 'namespace': 'kube-system'}})
        for namespace in self.store.list(NAMESPACES):
            name = namespace['metadata']['name']
            if not self.store.get(ACCOUNTS, name, 'default'):
                self.store.put(ACCOUNTS, {'apiVersion': 'v1', 'kind': 'ServiceAccount',
                                          'metadata': {'name': 'default', 'namespace': name}})
            if not self.store.get(CONFIGMAPS, name, 'kube-root-ca.crt'):
                ca = ca or open(f'{self.pki}/ca.crt').read()
                self.store.put(CONFIGMAPS, {'apiVersion': 'v1', 'kind': 'ConfigMap', 'data': {'ca.crt': ca},
                                            'metadata': {'name': 'kube-root-ca.crt', 'namespace': name}})

    def _authentication(self):
        """How an API server knows who asks, for servers of extensions: its authorities, and the headers of its proxy."""
        return {'client-ca-file': open(f'{self.pki}/ca.crt').read(),
                'requestheader-allowed-names': '["front-proxy-client"]',
                'requestheader-client-ca-file': open(f'{self.pki}/front-proxy-ca.crt').read(),
                'requestheader-extra-headers-prefix': '["X-Remote-Extra-"]',
                'requestheader-group-headers': '["X-Remote-Group"]',
                'requestheader-username-headers': '["X-Remote-User"]'}

    def _requests(self):
        """Approve and sign the kubelets' requests."""
        for request in self.store.list(REQUESTS):
            if (request.get('status') or {}).get('certificate'):
                continue
            spec = request['spec']
            if spec.get('signerName') != 'kubernetes.io/kube-apiserver-client-kubelet':
                continue
            pem = base64.b64decode(spec['request']).decode()
            if not self.store.get(auth.BINDINGS, None, _APPROVERS[spec.get('username', '').startswith('system:bootstrap:')]):
                continue
            subject = pki.request_subject(pem)
            if not subject['CN'].startswith('system:node:') or subject['O'] != ['system:nodes']:
                continue
            certificate = pki.sign(pem, (f'{self.pki}/ca.crt', f'{self.pki}/ca.key'))
            now = rfc3339()
            self.store.put(REQUESTS, {**request, 'status': {
                'certificate': base64.b64encode(certificate.encode()).decode(),
                'conditions': [{'type': 'Approved', 'status': 'True', 'reason': 'AutoApproved', 'lastUpdateTime': now,
                                'lastTransitionTime': now, 'message': 'Auto approving kubelet client certificate after SubjectAccessReview.'}]}})

    def _nodes(self):
        """podCIDRs, the taints of nodes that are not ready, and Unknown for those whose kubelet is gone."""
        for node in self.store.list(NODES):
            node = self._pod_subnet(self._heartbeat(node))
            spec = node.get('spec') or {}
            conditions = {c['type']: c['status'] for c in (node.get('status') or {}).get('conditions') or []}
            taints, before = spec.get('taints') or [], spec.get('taints') or []
            ready = conditions.get('Ready')
            wanted = []
            if ready != 'True':
                wanted.append('node.kubernetes.io/not-ready' if ready == 'False' else 'node.kubernetes.io/unreachable')
            if spec.get('unschedulable'):
                wanted.append('node.kubernetes.io/unschedulable')
            ours = ('node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable', 'node.kubernetes.io/unschedulable')
            taints = [t for t in taints if t['key'] not in ours or t['key'] in wanted]
            for key in wanted:
                if not any(t['key'] == key and t['effect'] == 'NoSchedule' for t in taints):
                    taints = taints + [{'effect': 'NoSchedule', 'key': key, **(
                        {'timeAdded': rfc3339()} if key != 'node.kubernetes.io/not-ready' else {})}]
            if taints != before:
                spec = {key: value for key, value in spec.items() if key != 'taints'}
                node = {**node, 'spec': {**spec, **({'taints': taints} if taints else {})}}
                self.store.put(NODES, node)

    def _heartbeat(self, node):
        name = node['metadata']['name']
        lease = self.store.get(LEASES, 'kube-node-lease', name)
        seen = max(parse_rfc3339(lease['spec']['renewTime']) if lease else 0, self.started,
                   parse_rfc3339(node['metadata']['creationTimestamp']))
        if time.time() - seen < settings.scaled(GRACE_SECONDS, at_least=16):
            return node
        conditions = (node.get('status') or {}).get('conditions') or []
        if all(c['status'] == 'Unknown' for c in conditions):
            return node
        now = rfc3339()
        changed = [{**c, 'status': 'Unknown', 'reason': 'NodeStatusUnknown', 'message': 'Kubelet stopped posting node status.',
                    'lastTransitionTime': now} if c['status'] != 'Unknown' else c for c in conditions]
        return self.store.put(NODES, {**node, 'status': {**node['status'], 'conditions': changed}})

    def _pod_subnet(self, node):
        """A recreated node gets the next subnet, not its old one: seen with 1.34.9."""
        if not self.pod_subnet or (node.get('spec') or {}).get('podCIDR'):
            return node
        subnet = ipaddress.ip_network(self.pod_subnet.split(',')[0], strict=False)
        width = 24 if subnet.version == 4 else 64
        number = self.store.meta['nextPodSubnet']
        self.store.set_meta(nextPodSubnet=number + 1)
        start = int(subnet.network_address) + (number % max(1, 1 << max(0, width - subnet.prefixlen)) << (subnet.max_prefixlen - width))
        cidr = f'{ipaddress.ip_address(start)}/{width}'
        return self.store.put(NODES, {**node, 'spec': {**(node.get('spec') or {}), 'podCIDR': cidr, 'podCIDRs': [cidr]}})

    def _tokens(self):
        """Delete tokens whose time is over, and sign cluster-info for the others."""
        info = self.store.get(CONFIGMAPS, 'kube-public', 'cluster-info')
        signatures = {}
        for secret in self.store.list(SECRETS, 'kube-system'):
            if secret.get('type') != 'bootstrap.kubernetes.io/token':
                continue
            data = auth.token_data(secret)
            if auth.is_expired(data):
                self.store.delete(SECRETS, 'kube-system', secret['metadata']['name'])
                self._delete_owned(secret['metadata']['uid'])
            elif info and data.get('usage-bootstrap-signing') == 'true':
                signatures[f"jws-kubeconfig-{data['token-id']}"] = jws(info['data']['kubeconfig'], data['token-id'], data['token-secret'])
        if info:
            data = {'kubeconfig': info['data']['kubeconfig'], **signatures}
            if data != info['data']:
                self.store.put(CONFIGMAPS, {**info, 'data': data})

    def _delete_owned(self, uid):
        for secret in self.store.list(SECRETS, 'kube-system'):
            if any(owner.get('uid') == uid for owner in secret['metadata'].get('ownerReferences') or []):
                self.store.delete(SECRETS, 'kube-system', secret['metadata']['name'])

    def _definitions(self):
        for definition in self.store.list(DEFINITIONS):
            if not (definition.get('status') or {}).get('conditions'):
                now = rfc3339()
                self.store.put(DEFINITIONS, {**definition, 'status': {
                    'acceptedNames': definition['spec'].get('names', {}),
                    'storedVersions': [v['name'] for v in definition['spec'].get('versions') or [] if v.get('storage')],
                    'conditions': [{'type': kind, 'status': 'True', 'reason': reason, 'message': text, 'lastTransitionTime': now}
                                   for kind, reason, text in (('NamesAccepted', 'NoConflicts', 'no conflicts found'),
                                                              ('Established', 'InitialNamesAccepted', 'the initial names have been accepted'))]}})


def jws(payload, identifier, secret):
    """The detached signature of cluster-info by a token."""
    def encode(data):
        return base64.urlsafe_b64encode(data).rstrip(b'=')
    header = encode(json.dumps({'alg': 'HS256', 'kid': identifier}, separators=(',', ':')).encode())
    signature = hmac.new(secret.encode(), header + b'.' + encode(payload.encode()), hashlib.sha256).digest()
    return f'{header.decode()}..{encode(signature).decode()}'
