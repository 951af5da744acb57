"""What a control plane's `join` does more than a worker's."""
import os
import time

from .. import kubeconfig, settings
from ..http import ApiError, Unreachable
from ..text import err, out, rfc3339
from ..api.control_plane import LEARNER_MARK
from . import certificate_key, certs, kubeconfigs, manifests, preflight, uploads, waiting
from .errors import KubeadmError

_UNMET = '''error execution phase preflight: 
One or more conditions for hosting a new control plane instance is not satisfied.

{}

Please ensure that:
* The cluster has a stable controlPlaneEndpoint address.
* The certificates that must be shared among control plane instances are provided.

'''
_DONE = '''
This node has joined the cluster and a new control plane instance was created:

* Certificate signing request was sent to apiserver and approval was received.
* The Kubelet was informed of the new secure connection details.
* Control plane label and taint were applied to the new node.
* The Kubernetes control plane instances scaled up.
* A new etcd member was added to the local/stacked etcd cluster.

To start administering your cluster from this node, you need to run the following as a regular user:

\tmkdir -p $HOME/.kube
\tsudo cp -i /etc/kubernetes/admin.conf $HOME/.kube/config
\tsudo chown $(id -u):$(id -g) $HOME/.kube/config

Run 'kubectl get nodes' to see this node join the cluster.
'''
_LEARNER = 'etcdserver: can only promote a learner member'
# The members of the stand-in's etcd, which has no API of its own.
MEMBERS = '/api/v1/namespaces/kube-system/configmaps/slipway-stand-in-etcd-members'


def members(api):
    """(name, address) of the etcd members: those with a record, else the control plane Nodes."""
    record = api.find(MEMBERS)
    if record and record.get('data'):
        return sorted(record['data'].items(), key=lambda pair: pair[1].split(' ')[0])
    return []


class ControlPlane:
    """The control plane's part of one join."""

    def __init__(self, join):
        self.join, self.config, self.cluster = join, join.config, join.cluster
        self.ring, self.admin = certs.KeyRing(), None

    def prepare(self):
        """Conditions, checks, certificates, kubeconfigs and manifests; the kubelet is not started yet."""
        cluster = self.cluster
        if not cluster.endpoint:
            raise KubeadmError(_UNMET.format("unable to add a new control plane instance to a cluster that doesn't have a stable controlPlaneEndpoint address"))
        key = self.config.control_plane.get('certificateKey')
        if not key:
            self._check_shared()
        preflight.control_plane_checks(cluster, self.join.ignored, cluster.port, bool(key))
        cluster.socket = self.config.socket
        preflight.pull_images(cluster, self.join.ignored)
        if key:
            out('[download-certs] Downloading the certificates in Secret "kubeadm-certs" in the "kube-system" Namespace')
            try:
                out(f'[download-certs] Saving the certificates to the folder: "{cluster.pki}"')
                certificate_key.download(self.join.api, cluster, key)
            except (KubeadmError, ApiError, Unreachable) as error:
                raise KubeadmError(f'error execution phase control-plane-prepare/download-certs: {error}')
        self._certificates()
        out('[kubeconfig] Generating kubeconfig files')
        kubeconfigs.all_kubeconfigs(cluster, self.ring, ('admin', 'controller-manager', 'scheduler'))
        out(f'[control-plane] Using manifest folder "{manifests.FOLDER}"')
        for name, make in (('kube-apiserver', manifests.api_server), ('kube-controller-manager', manifests.controller_manager),
                           ('kube-scheduler', manifests.scheduler)):
            out(f'[control-plane] Creating static Pod manifest for "{name}"')
            manifests.write(name, make(cluster))
        out('[check-etcd] Skipping etcd check in external mode' if cluster.external else '[check-etcd] Checking that the etcd cluster is healthy')
        self.admin = kubeconfig.client(f'{kubeconfigs.FOLDER}/admin.conf', timeout=10)
        settings.pause(0.2)

    def _check_shared(self):
        folder, problems = self.cluster.pki, []
        for what, file, kind in (('certificate for CA', 'ca.crt', 'certificate'), ('key for service account', 'sa.key', 'private key'),
                                 ('certificate for front-proxy CA', 'front-proxy-ca.crt', 'certificate'),
                                 *(() if self.cluster.external else (('certificate for etcd CA', 'etcd/ca.crt', 'certificate'),))):
            path = f'{folder}/{file}'
            if not os.path.exists(path):
                problems.append(f"failure loading {what}: couldn't load the {kind} file {path}: open {path}: no such file or directory")
        if problems:
            raise KubeadmError(_UNMET.format('[' + ', '.join(problems) + ']'))

    def _certificates(self):
        out(f'[certs] Using certificateDir folder "{self.cluster.pki}"')
        for name, ca, subject, usages in certs.LEAVES:
            if self.cluster.external and ca == 'etcd/ca':
                continue
            if os.path.exists(f'{self.cluster.pki}/{name}.crt'):
                out(f'[certs] Using the existing "{name}" certificate and key')
            else:
                certs.leaf(self.cluster, self.ring, name, ca, subject, usages)
        out(f'[certs] Valid certificates and keys now exist in "{self.cluster.pki}"')
        out('[certs] Using the existing "sa" key')

    def join_etcd(self):
        """Add this host to the members and start etcd; the kubelet goes on alone if kubeadm is killed here."""
        name, address = self.cluster.name, self.cluster.address
        record = self.admin.find(MEMBERS) or {'apiVersion': 'v1', 'kind': 'ConfigMap', 'data': {}, 'metadata': {
            'name': 'slipway-stand-in-etcd-members', 'namespace': 'kube-system'}}
        data = record.get('data') or {}
        if not data:
            first = next((entry for entry in self.admin.get('/api/v1/nodes')['items']
                          if 'node-role.kubernetes.io/control-plane' in entry['metadata']['labels'] and entry['metadata']['name'] != name), None)
            if first is None:
                raise KubeadmError('error execution phase etcd-join: could not retrieve the list of etcd endpoints')
            data[first['metadata']['name']] = f"{first['metadata']['creationTimestamp']} {first['status']['addresses'][0]['address']}"
        known = name in data
        data[name] = f'{rfc3339()} {address}'
        others = [(other, value.split(' ')[1]) for other, value in sorted(data.items(), key=lambda pair: pair[1]) if other != name]
        if self.cluster.external:
            # Of the stand-in's API servers, which pass on what they are asked: no member of etcd.
            self.admin.put_or_create('/api/v1/namespaces/kube-system/configmaps', {**record, 'data': data})
            out('[control-plane-join] Using external etcd - no local stacked instance added')
            return
        out('[etcd] Announced new etcd member joining to the existing etcd cluster')
        os.makedirs(self.cluster.etcd_dir, mode=0o700, exist_ok=True)
        learner = os.path.join(self.cluster.etcd_dir, LEARNER_MARK)
        with open(learner, 'w'):
            pass
        out('[etcd] Creating static Pod manifest for "etcd"')
        if known:
            self._cannot_promote()
        self.admin.put_or_create('/api/v1/namespaces/kube-system/configmaps', {**record, 'data': data})
        manifests.write('etcd', manifests.etcd(self.cluster, [(name, address), *others]))
        out('[etcd] Waiting for the new etcd member to join the cluster. This can take up to 40s')
        end = time.monotonic() + settings.scaled(40, at_least=10)
        while time.monotonic() < end and not waiting._open(address, 2379):
            time.sleep(0.2)
        settings.pause(7)
        os.unlink(learner)

    def _cannot_promote(self):
        """A member that was added before cannot be promoted: two minutes of tries, as seen with 1.34.9."""
        import json
        line = json.dumps({'level': 'warn', 'ts': rfc3339(), 'logger': 'etcd-client', 'caller': 'v3@v3.6.4/retry_interceptor.go:65',
                           'msg': 'retrying of unary invoker failed', 'target': f'etcd-endpoints://0x38f1c602a5a0/{self.cluster.address}:2379',
                           'method': '/etcdserverpb.Cluster/MemberPromote', 'attempt': 0,
                           'error': f'rpc error: code = FailedPrecondition desc = {_LEARNER}'}, separators=(',', ':'))
        for _ in range(2):
            err(line)
            settings.pause(60)
        raise KubeadmError(f'error execution phase etcd-join: error creating local etcd static pod manifest file: {_LEARNER}')

    def finish(self):
        """Labels and taints, and the wait for the components."""
        waiting.until(120, lambda: self.admin.get(f'/api/v1/nodes/{self.cluster.name}'))
        uploads.mark_control_plane(self.admin, self.cluster.name, self.config.taints or self.cluster.taints)
        waiting.control_plane(self.cluster.address, self.cluster.port, self.config.timeout('controlPlaneComponentHealthCheck'))
        out(_DONE if not self.cluster.external else _DONE.replace('* A new etcd member was added to the local/stacked etcd cluster.\n', ''))


def remove_member(api, name):
    """Take a host out of the members, as `reset` does."""
    record = api.find(MEMBERS)
    if record and name in (record.get('data') or {}):
        record['data'].pop(name)
        api.request('PUT', MEMBERS, record)
        if record['data']:
            time.sleep(1.5)  # the other members copy that
