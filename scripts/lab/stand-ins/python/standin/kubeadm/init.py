"""`kubeadm init`: its phases, in order."""
import os

from .. import kubeconfig, pki, settings, yaml_print
from ..http import ApiError, Unreachable
from ..text import out
from . import certificate_key, certs, kubeconfigs, kubelet_config, manifests, preflight, uploads, waiting
from .errors import KubeadmError

_DONE = '''
Your Kubernetes control-plane has initialized successfully!

To start using your cluster, you need to run the following as a regular user:

  mkdir -p $HOME/.kube
  sudo cp -i /etc/kubernetes/admin.conf $HOME/.kube/config
  sudo chown $(id -u):$(id -g) $HOME/.kube/config

Alternatively, if you are the root user, you can run:

  export KUBECONFIG=/etc/kubernetes/admin.conf

You should now deploy a pod network to the cluster.
Run "kubectl apply -f [podnetwork].yaml" with one of the options listed at:
  https://kubernetes.io/docs/concepts/cluster-administration/addons/
'''


class Init:
    """One run of `init`, or of single phases of it."""

    def __init__(self, config, ignored, does_upload_certs=False, skips=(), is_silent=False, folder=None):
        self.is_silent, self.folder = is_silent, folder or kubeconfigs.FOLDER
        self.config, self.ignored, self.does_upload_certs = config, ignored, does_upload_certs
        self.prints_manifest = False
        self.skips, self.ring, self.api = set(skips) | set(config.skipped), certs.KeyRing(), None

    PHASES = ('preflight', 'certs', 'kubeconfig', 'etcd', 'control-plane', 'kubelet-start', 'wait-control-plane', 'upload-config',
              'upload-certs', 'mark-control-plane', 'bootstrap-token', 'kubelet-finalize', 'addon')

    def run(self):
        out(f'[init] Using Kubernetes version: {self.config.version}')
        for phase in self.PHASES:
            if phase not in self.skips:
                self.phase(phase)
        out(_DONE)
        self._join_commands()

    def phase(self, name, part=None):
        try:
            getattr(self, name.replace('-', '_'))(part)
        except (ApiError, Unreachable) as error:
            raise KubeadmError(f'error execution phase {name}: {error}')

    def preflight(self, _):
        certs.check_external_ca(self.config)
        preflight.init_checks(self.config, self.ignored)
        preflight.pull_images(self.config, self.ignored)

    def certs(self, part):
        certs.check_external_ca(self.config)
        names = {name.replace('/', '-'): name for name in [leaf[0] for leaf in certs.LEAVES] + ['ca', 'front-proxy-ca', 'etcd/ca', 'sa']}
        certs.all_certs(self.config, self.ring, None if part in (None, 'all') else names.get(part, part))

    def kubeconfig(self, part):
        files = tuple(kubeconfigs.USERS) if part in (None, 'all') else (part,)
        kubeconfigs.all_kubeconfigs(self.config, self.ring, files, self.folder)
        settings.pause(0.15)

    def etcd(self, _):
        if self.config.external:
            out('[etcd] External etcd mode. Skipping the creation of a manifest for local etcd')
            return
        os.makedirs(self.config.etcd_dir, mode=0o700, exist_ok=True)
        os.chmod(self.config.etcd_dir, 0o700)
        out(f'[etcd] Creating static Pod manifest for local etcd in "{manifests.FOLDER}"')
        settings.pause(0.05)
        manifests.write('etcd', manifests.etcd(self.config))

    def control_plane(self, _):
        out(f'[control-plane] Using manifest folder "{manifests.FOLDER}"')
        for name, make in (('kube-apiserver', manifests.api_server), ('kube-controller-manager', manifests.controller_manager),
                           ('kube-scheduler', manifests.scheduler)):
            out(f'[control-plane] Creating static Pod manifest for "{name}"')
            manifests.write(name, make(self.config))

    def kubelet_start(self, _):
        config = self.config
        kubelet_config.stop()
        kubelet_config.write_environment(kubelet_config.flags_text(
            config.name, config.socket, config.repository, config.kubelet_args, config.taints, is_control_plane=True))
        document = kubelet_config.kubelet_document(config.kubelet, config.service_ip(10), config.domain, f'{config.pki}/ca.crt')
        kubelet_config.write_configuration(document, config.socket, config.patches)
        out('[kubelet-start] Starting the kubelet')
        kubelet_config.start()

    def client(self, name='admin'):
        api = kubeconfig.client(f'{kubeconfigs.FOLDER}/{name}.conf', timeout=10)
        api.headers['User-Agent'] = 'kubeadm'
        return api

    def wait_control_plane(self, _):
        """The admin is made first, with super-admin.conf: that this takes a minute to fail comes before all other timeouts."""
        config = self.config
        api = self.client('super-admin')
        try:
            waiting.until(config.timeout('kubernetesAPICall'), lambda: uploads.admin_binding(api))
        except (ApiError, Unreachable) as error:
            path = '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings?timeout=10s'
            text = f'Post "{api.server}{path}": {error}' if isinstance(error, Unreachable) else error
            raise KubeadmError('error execution phase wait-control-plane: cannot obtain client without bootstrap: could not bootstrap the admin '
                               f'user in file admin.conf: unable to create ClusterRoleBinding: {text}')
        out(f'[wait-control-plane] Waiting for the kubelet to boot up the control plane as static Pods from directory "{manifests.FOLDER}"')
        waiting.kubelet(config.timeout('kubeletHealthCheck'), 'wait-control-plane')
        waiting.control_plane(config.address, config.port, config.timeout('controlPlaneComponentHealthCheck'))

    def _admin(self):
        if self.api is None:
            self.api = self.client()
            waiting.until(self.config.timeout('kubernetesAPICall'), self._ensure_admin)
            waiting.until(self.config.timeout('kubernetesAPICall'), lambda: self.api.get('/api/v1/namespaces/kube-system'))
        return self.api

    def _ensure_admin(self):
        """Every phase that speaks to the API first binds the admin to its role, with super-admin.conf where admin.conf may not."""
        try:
            uploads.admin_binding(self.api)
        except ApiError as error:
            if error.code != 403:
                raise
            if not os.path.exists(f'{kubeconfigs.FOLDER}/super-admin.conf'):
                raise KubeadmError('could not bootstrap the admin user in file admin.conf: the ClusterRoleBinding for the kubeadm:cluster-admins Group is '
                                   'missing but there is no super-admin.conf to create it')
            uploads.admin_binding(self.client('super-admin'))

    def upload_config(self, part):
        if part != 'kubelet':
            uploads.upload_config(self._admin(), self.config)
        if part != 'kubeadm':
            uploads.upload_kubelet_config(self._admin(), self.config)
        settings.pause(0.1)

    def upload_certs(self, _):
        if not self.does_upload_certs:
            out('[upload-certs] Skipping phase. Please see --upload-certs')
            return
        out('[upload-certs] Storing the certificates in Secret "kubeadm-certs" in the "kube-system" Namespace')
        self.config.certificate_key = self.config.certificate_key or certificate_key.generate()
        certificate_key.upload(self._admin(), self.config, self.config.certificate_key)
        out('[upload-certs] Using certificate key:')
        out(self.config.certificate_key)

    def mark_control_plane(self, _):
        api = self._admin()
        waiting.until(120, lambda: api.get(f'/api/v1/nodes/{self.config.name}'))
        uploads.mark_control_plane(api, self.config.name, self.config.taints)
        settings.pause(0.1)

    def bootstrap_token(self, _):
        uploads.bootstrap_tokens(self._admin(), self.config, self.is_silent)

    def kubelet_finalize(self, _):
        """kubelet.conf no longer holds a certificate, but points at the one the kubelet rotates."""
        current = '/var/lib/kubelet/pki/kubelet-client-current.pem'
        if self.config.kubelet.get('rotateCertificates', True) is False or not os.path.exists(current):
            return
        path = f'{kubeconfigs.FOLDER}/kubelet.conf'
        out(f'[kubelet-finalize] Updating "{path}" to point to a rotatable kubelet client certificate and key')
        with open(f'{self.config.pki}/ca.crt') as file:
            ca = file.read()
        pki.write(path, kubeconfig.text_of(self.config.url, ca, f'system:node:{self.config.name}', files=current), 0o600)
        kubelet_config.stop()
        kubelet_config.start()

    def addon(self, part):
        for name, title, values in (('coredns', 'CoreDNS', uploads.core_dns), ('kube-proxy', 'kube-proxy', uploads.kube_proxy)):
            if part not in (None, 'all', name) or name == 'kube-proxy' and (self.config.cluster.get('proxy') or {}).get('disabled'):
                continue
            if self.prints_manifest:
                out(''.join('---\n' + yaml_print.dump(value) for value in values(self.config)), end='')
                continue
            settings.pause(0.2)
            uploads.put(self._admin(), values(self.config))
            out(f'[addons] Applied essential addon: {title}')

    def _join_commands(self):
        config = self.config
        with open(f'{config.pki}/ca.crt') as file:
            digest = pki.Certificate(file.read()).spki_hash
        token = '<value withheld>' if self.is_silent else config.tokens[0]['token']
        command = f'kubeadm join {config.url[len("https://"):]} --token {token} \\\n\t--discovery-token-ca-cert-hash {digest} '
        if config.endpoint:
            if self.does_upload_certs:
                out('You can now join any number of control-plane nodes running the following command on each as root:\n')
                out(f'  {command}\\\n\t--control-plane --certificate-key {config.certificate_key}\n')
                out('Please note that the certificate-key gives access to cluster sensitive data, keep it secret!')
                out('As a safeguard, uploaded-certs will be deleted in two hours; If necessary, you can use')
                out('"kubeadm init phase upload-certs --upload-certs" to reload certs afterward.\n')
            else:
                out('You can now join any number of control-plane nodes by copying certificate authorities')
                out('and service account keys on each node and then running the following as root:\n')
                out(f'  {command}\\\n\t--control-plane \n')
        out('Then you can join any number of worker nodes by running the following on each as root:\n')
        out(command)
