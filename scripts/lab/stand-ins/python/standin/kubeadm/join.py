"""`kubeadm join`."""
import base64
import hashlib
import hmac
import os
import time

from .. import kubeconfig, pki, settings, yaml
from ..http import Api, ApiError, Unreachable
from ..kubelet import credentials
from ..text import klog, out
from . import config as configuration
from . import join_control_plane, kubelet_config, preflight, waiting
from .errors import KubeadmError

BOOTSTRAP = '/etc/kubernetes/bootstrap-kubelet.conf'
_DONE = '''
This node has joined the cluster:
* Certificate signing request was sent to apiserver and a response was received.
* The Kubelet was informed of the new secure connection details.

Run 'kubectl get nodes' on the control-plane to see this node join the cluster.
'''
_REFUSED = ("couldn't validate the identity of the API Server: ")


class Join:
    """One run of `join`."""

    def __init__(self, config, ignored):
        self.config, self.ignored = config, ignored
        self.ca = self.server = self.api = self.cluster = None

    def run(self):
        preflight.join_checks(self.config, self.ignored)
        self._discover()
        self._fetch()
        control_plane = None
        if self.config.control_plane is not None:
            control_plane = join_control_plane.ControlPlane(self)
            control_plane.prepare()
        self._start_kubelet(control_plane)
        self._wait_for_bootstrap()
        if control_plane:
            control_plane.finish()
        else:
            out(_DONE)

    def _discover(self):
        """cluster-info is read without trust, checked with the token's signature and the pinned hash, and read again."""
        config = self.config
        end = time.monotonic() + settings.scaled(config.timeout('discovery'))
        while True:
            try:
                self._try_to_discover()
                return
            except Retry as problem:
                if time.monotonic() + settings.scaled(5, at_least=0.1) > end:
                    time.sleep(max(0, end - time.monotonic()))
                    raise KubeadmError(f'error execution phase preflight: {_REFUSED}{problem}')
            time.sleep(settings.scaled(5, at_least=0.1))

    def _try_to_discover(self):
        config = self.config
        identifier, _, secret = config.token.partition('.')
        api = Api(f'https://{config.server}', insecure=True, timeout=10)
        path = '/api/v1/namespaces/kube-public/configmaps/cluster-info'
        try:
            data = api.get(path)['data']
        except Unreachable as error:
            raise Retry(f'failed to request the cluster-info ConfigMap: Get "https://{config.server}{path}?timeout=10s": {error}')
        except ApiError as error:
            raise Retry(f'failed to request the cluster-info ConfigMap: {error}')
        finally:
            api.close()
        signature = data.get(f'jws-kubeconfig-{identifier}')
        if not signature:
            raise Retry(f'could not find a JWS signature in the cluster-info ConfigMap for token ID "{identifier}"')
        if not _is_signed(data['kubeconfig'], signature, secret):
            raise KubeadmError(f"error execution phase preflight: {_REFUSED}failed to verify JWS signature of received cluster info object, "
                               "can't trust this API Server")
        cluster = yaml.load(data['kubeconfig'])['clusters'][0]['cluster']
        ca = base64.b64decode(cluster['certificate-authority-data']).decode()
        digest = pki.Certificate(ca).spki_hash
        if config.hashes and digest not in config.hashes:
            raise KubeadmError(f'error execution phase preflight: {_REFUSED}cluster CA found in cluster-info ConfigMap is invalid: none of the public '
                               f'keys "{digest}" are pinned')
        self.ca, self.server = ca, cluster['server']

    def _fetch(self):
        """The cluster's configuration, with the token."""
        self.api = Api(self.server, ca=self.ca, token=self.config.tls_token, timeout=10)
        self.api.headers['User-Agent'] = 'kubeadm'
        out('[preflight] Reading configuration from the "kubeadm-config" ConfigMap in namespace "kube-system"...')
        settings.pause(0.03)
        out("[preflight] Use 'kubeadm init phase upload-config kubeadm --config your-config-file' to re-upload it.")
        try:
            text = self.api.get('/api/v1/namespaces/kube-system/configmaps/kubeadm-config')['data']['ClusterConfiguration']
            proxy = self.api.find('/api/v1/namespaces/kube-system/configmaps/kube-proxy')
            self.kubelet_document = yaml.load(self.api.get('/api/v1/namespaces/kube-system/configmaps/kubelet-config')['data']['kubelet'])
        except (ApiError, Unreachable) as error:
            raise KubeadmError(f'error execution phase preflight: unable to fetch the kubeadm-config ConfigMap: failed to get config map: {error}')
        address = (yaml.load(proxy['data']['config.conf']) or {}).get('bindAddress') if proxy else None
        if address == '0.0.0.0':
            klog('W', 'utils.go:69', 'The recommended value for "bindAddress" in "KubeProxyConfiguration" is: ::; the provided value is: 0.0.0.0')
        cluster = yaml.load(text)
        key = ('kubeadm.k8s.io', 'v1beta4', 'ClusterConfiguration')
        self.cluster = configuration.InitConfig({key: cluster, ('kubeadm.k8s.io', 'v1beta4', 'InitConfiguration'): {
            'nodeRegistration': {'name': self.config.name, 'criSocket': self.config.socket},
            **({'localAPIEndpoint': self.config.control_plane['localAPIEndpoint']} if (self.config.control_plane or {}).get('localAPIEndpoint') else {})}})

    def _start_kubelet(self, control_plane):
        config = self.config
        # From 1.33 on a control plane's kubelet asks its own API server, which there is once etcd has joined.
        own = f'https://{self.cluster.address}:{self.cluster.port}'
        server = own if control_plane and settings.MINOR >= 33 else self.server
        text = kubeconfig.text_of(server, self.ca, 'tls-bootstrap-token-user', token=config.tls_token)
        pki.write(BOOTSTRAP, text, 0o600)
        if not os.path.exists(config.ca_path):
            pki.write(config.ca_path, self.ca, 0o644)
        self._refuse_existing_node()
        kubelet_config.stop()
        kubelet_config.write_configuration(self.kubelet_document, config.socket, config.patches)
        kubelet_config.write_environment(kubelet_config.flags_text(
            config.name, config.socket, self.cluster.repository, config.kubelet_args, config.taints, is_control_plane=control_plane is not None))
        out('[kubelet-start] Starting the kubelet')
        settings.pause(0.05)
        kubelet_config.start()
        if control_plane:
            control_plane.join_etcd()
        waiting.kubelet(4 * 60, 'kubelet-start', first=0.5)

    def _refuse_existing_node(self):
        """A Ready Node of this name ends the join, and leaves the bootstrap file with the token on disk."""
        try:
            node = self.api.find(f'/api/v1/nodes/{self.config.name}')
        except (ApiError, Unreachable) as error:
            raise KubeadmError(f'error execution phase kubelet-start: cannot get Node "{self.config.name}": {error}')
        for condition in ((node or {}).get('status') or {}).get('conditions') or []:
            if condition['type'] == 'Ready' and condition['status'] == 'True':
                raise KubeadmError(f'error execution phase kubelet-start: a Node with name "{self.config.name}" and status "Ready" already exists in '
                                   'the cluster. You must delete the existing Node or change the name of this new joining Node')

    def _wait_for_bootstrap(self):
        out('[kubelet-start] Waiting for the kubelet to perform the TLS Bootstrap')
        settings.pause(0.15)
        if not waiting.file_appears(credentials.CURRENT, self.config.timeout('tlsBootstrap')):
            raise KubeadmError('error execution phase kubelet-wait-bootstrap: error writing CRISocket for this node: context deadline exceeded')
        if os.path.exists(BOOTSTRAP):
            os.unlink(BOOTSTRAP)
        settings.pause(0.05)


class Retry(Exception):
    """A discovery that may still succeed."""


def _is_signed(payload, signature, secret):
    header, _, rest = signature.partition('..')
    body = base64.urlsafe_b64encode(payload.encode()).rstrip(b'=')
    expected = base64.urlsafe_b64encode(hmac.new(secret.encode(), header.encode() + b'.' + body, hashlib.sha256).digest()).rstrip(b'=')
    return hmac.compare_digest(expected.decode(), rest)
