"""`kubeadm upgrade`: plan, apply and node."""
import json
import os
import shutil
import time

from .. import kubeconfig, pki, settings, yaml, yaml_print
from ..http import ApiError, Unreachable
from ..kubelet import host
from ..text import klog, out
from . import certs, expiration, manifests, preflight, tokens, uploads, versions
from . import config as configuration
from .errors import KubeadmError
from .main import no_network, parse

_TEMPORARY = '/etc/kubernetes/tmp'
_STATIC = (('kube-apiserver', manifests.api_server, ('apiserver', 'apiserver-kubelet-client', 'front-proxy-client', 'apiserver-etcd-client')),
           ('kube-controller-manager', manifests.controller_manager, ('controller-manager.conf',)),
           ('kube-scheduler', manifests.scheduler, ('scheduler.conf',)))


def run(words):
    flags, rest = parse(words)
    command = {'plan': plan, 'apply': apply, 'node': node}.get(rest[0] if rest else '')
    if command is None:
        raise KubeadmError(f'unknown command "{rest[0] if rest else ""}" for "kubeadm upgrade"')
    try:
        command(flags, rest[1:])
    except (ApiError, Unreachable) as error:
        raise KubeadmError(f'error execution phase preflight: {error}')


class Cluster:
    """The cluster as its ConfigMaps and Nodes tell it."""

    def __init__(self, api, word='upgrade'):
        self.api = api
        out(f'[{word}] Reading configuration from the "kubeadm-config" ConfigMap in namespace "kube-system"...')
        out(f"[{word}] Use 'kubeadm init phase upload-config kubeadm --config your-config-file' to re-upload it.")
        text = api.get('/api/v1/namespaces/kube-system/configmaps/kubeadm-config')['data']['ClusterConfiguration']
        self.document = yaml.load(text)
        self.version = self.document['kubernetesVersion']
        self.kubelet = yaml.load(api.get('/api/v1/namespaces/kube-system/configmaps/kubelet-config')['data']['kubelet'])

    def nodes(self):
        return self.api.get('/api/v1/nodes')['items']

    def config(self, version=None):
        """The configuration with this host as the node."""
        own = {'nodeRegistration': {'criSocket': configuration.cri_socket(_own_socket())}}
        document = {**self.document, 'kubernetesVersion': version or self.version}
        settled = configuration.InitConfig({('kubeadm.k8s.io', 'v1beta4', 'ClusterConfiguration'): document,
                                            ('kubeadm.k8s.io', 'v1beta4', 'InitConfiguration'): own})
        settled.kubelet = self.kubelet
        return settled


def _own_socket():
    """The socket that the kubelet of this host was given."""
    document = yaml.load(host.read('/var/lib/kubelet/instance-config.yaml')) or {}
    return document.get('containerRuntimeEndpoint') or ''


def _target(words):
    if words:
        return words[0] if words[0].startswith('v') else f'v{words[0]}'
    fallback = no_network(is_slow=True)
    fallback()
    return fallback()


def plan(flags, words):
    is_json = (flags.get('-o') or flags.get('--output')) == 'json'
    if not is_json:
        out('[preflight] Running pre-flight checks.')
    api = tokens.admin_client(flags.get('--kubeconfig'))
    cluster = Cluster(api, 'upgrade/config') if not is_json else _quiet(api)
    if not is_json:
        out('[upgrade] Running cluster health checks')
        settings.pause(4)
        out('[upgrade] Fetching available versions to upgrade to')
    target, minor = _target(words), '.'.join(cluster.version.split('.')[:2])
    if not is_json:
        out(f'[upgrade/versions] Cluster version: {cluster.version[1:]}\n[upgrade/versions] kubeadm version: v{settings.VERSION}')
        out(f'[upgrade/versions] Target version: {target}\n[upgrade/versions] Latest version in the {minor} series: {target}\n')
    if target == cluster.version:
        return  # nothing to do is nothing at all in JSON
    components = _components(cluster, target)
    if is_json:
        out(json.dumps({'kind': 'UpgradePlan', 'apiVersion': 'output.kubeadm.k8s.io/v1alpha3', 'availableUpgrades': [
            {'description': f'version in the {minor} series', 'components': [
                {'name': name, 'currentVersion': old, 'newVersion': new, **({'nodeName': where} if where else {})}
                for name, where, old, new in components]}],
            'configVersions': [{'group': f'{group}.config.k8s.io', 'currentVersion': version, 'preferredVersion': version,
                                'manualUpgradeRequired': False} for group, version in (('kubeproxy', 'v1alpha1'), ('kubelet', 'v1beta1'))]}, indent=4))
        return
    from ..kubectl.tables import text
    out("Components that must be upgraded manually after you have upgraded the control plane with 'kubeadm upgrade apply':")
    out(text(['COMPONENT', 'NODE', 'CURRENT', 'TARGET'], [list(row) for row in components if row[0] == 'kubelet']))
    out(f'\nUpgrade to the latest version in the {minor} series:\n')
    out(text(['COMPONENT', 'NODE', 'CURRENT', 'TARGET'], [list(row) for row in components if row[0] not in ('kubelet', 'kubeadm')]))
    line = '_' * 69
    out(f'\nYou can now apply the upgrade by executing the following command:\n\n\tkubeadm upgrade apply {target}\n\n{line}\n\n')
    out('The table below shows the current state of component configs as understood by this version of kubeadm.\n'
        'Configs that have a "yes" mark in the "MANUAL UPGRADE REQUIRED" column require manual config upgrade or\n'
        'resetting to kubeadm defaults before a successful upgrade can be performed. The version to manually\n'
        'upgrade to is denoted in the "PREFERRED VERSION" column.\n')
    out(text(['API GROUP', 'CURRENT VERSION', 'PREFERRED VERSION', 'MANUAL UPGRADE REQUIRED'],
             [['kubeproxy.config.k8s.io', 'v1alpha1', 'v1alpha1', 'no'], ['kubelet.config.k8s.io', 'v1beta1', 'v1beta1', 'no']]))
    out(f'{line}\n')


def _quiet(api):
    """The cluster without the lines about reading it, for JSON."""
    cluster = Cluster.__new__(Cluster)
    cluster.api = api
    cluster.document = yaml.load(api.get('/api/v1/namespaces/kube-system/configmaps/kubeadm-config')['data']['ClusterConfiguration'])
    cluster.version, cluster.kubelet = cluster.document['kubernetesVersion'], {}
    return cluster


def _components(cluster, target):
    """(component, node, current, target) of everything there is."""
    nodes = cluster.nodes()
    names = [n['metadata']['name'] for n in nodes if 'node-role.kubernetes.io/control-plane' in n['metadata']['labels']]
    old, new = (versions.tags(int(version.split('.')[1])) for version in (cluster.version, target))
    rows = [('kubelet', n['metadata']['name'], n['status']['nodeInfo']['kubeletVersion'], target) for n in nodes]
    rows += [(component, name, cluster.version, target) for component, _, _ in _STATIC for name in names]
    rows += [('kube-proxy', '', cluster.version[1:], target), ('CoreDNS', '', old[0], new[0]),
             ('kubeadm', '', f'v{settings.VERSION}', f'v{settings.VERSION}')]
    return rows + [('etcd', name, old[2], new[2]) for name in names if not cluster.config().external]


def apply(flags, words):
    api = tokens.admin_client(flags.get('--kubeconfig'))
    cluster = Cluster(api)
    target = _target(words)
    out('[upgrade/preflight] Running preflight checks')
    _system_checks(flags)
    out('[upgrade] Running cluster health checks')
    settings.pause(4)
    out(f'[upgrade/preflight] You have chosen to upgrade the cluster version to "{target}"')
    out(f'[upgrade/versions] Cluster version: {cluster.version}\n[upgrade/versions] kubeadm version: v{settings.VERSION}')
    _refuse(cluster.version, target)
    if not (flags.get('-y') or flags.get('--yes') or flags.get('-f') or flags.get('--force')):
        import sys
        out('[upgrade] Are you sure you want to proceed? [y/N]: ', end='')
        if sys.stdin.readline().strip().lower() != 'y':
            raise KubeadmError("error execution phase preflight: won't proceed; the user didn't answer (Y|y) in order to continue")
    _announce_pull()
    config = cluster.config(target)
    _static_pods(config, target, flags.get('--etcd-upgrade', 'true') == 'true')
    uploads.upload_config(api, config)
    uploads.upload_kubelet_config(api, config)
    out('[upgrade/kubeconfig] The kubeconfig files for this node were successfully upgraded!')
    _kubelet(config)
    out('[upgrade/bootstrap-token] Configuring bootstrap token and cluster-info RBAC rules')
    uploads.roles(api)
    _addons(api, config, cluster, target)
    _environment(config)
    out(f'\n[upgrade] SUCCESS! A control plane node of your cluster was upgraded to "{target}".\n')
    out('[upgrade] Now please proceed with upgrading the rest of the nodes by following the right order.')


def _system_checks(flags):
    check = preflight.Preflight(preflight.parse_ignored([flags.get('--ignore-preflight-errors', '')]))
    check._system()
    if settings.MINOR >= 35:
        check._runtime_config(configuration.cri_socket(_own_socket()))
    check.finish()


def _refuse(current, target):
    problems, minor = [], int(target.split('.')[1])
    if minor > int(current.split('.')[1]) + 1:
        problems.append(f'Specified version to upgrade to "{target}" is too high; kubeadm can upgrade only 1 minor version at a time')
    if minor > settings.MINOR:
        problems.append(f'Specified version to upgrade to "{target}" is at least one minor release higher than the kubeadm minor release '
                        f'({minor} > {settings.MINOR}). Such an upgrade is not supported')
    if problems:
        raise KubeadmError('error execution phase preflight: the version argument is invalid due to these fatal errors:\n\n'
                           + '\n'.join(f'\t- {problem}' for problem in problems)
                           + '\n\nPlease fix the misalignments highlighted above and try upgrading again')


def _announce_pull():
    out('[upgrade/preflight] Pulling images required for setting up a Kubernetes cluster')
    out('[upgrade/preflight] This might take a minute or two, depending on the speed of your internet connection')
    out("[upgrade/preflight] You can also perform this action beforehand using 'kubeadm config images pull'")


def _static_pods(config, target, with_etcd):
    """New manifests one by one; equal ones are skipped, which makes a second run short."""
    out(f'[upgrade/control-plane] Upgrading your static Pod-hosted control plane to version "{target}" (timeout: 5m0s)...')
    number = int.from_bytes(os.urandom(4), 'big')
    out(f'[upgrade/staticpods] Writing new Static Pod manifests to "{_TEMPORARY}/kubeadm-upgraded-manifests{number}"')
    backup = time.strftime(f'{_TEMPORARY}/kubeadm-backup-manifests-%Y-%m-%d-%H-%M-%S')
    etcd = (('etcd', manifests.etcd, ('etcd-server', 'etcd-peer', 'etcd-healthcheck-client')),) if with_etcd and not config.external else ()
    for name, make, renewed in etcd + _STATIC:
        out(f'[upgrade/staticpods] Preparing for "{name}" upgrade')
        path, text = f'{manifests.FOLDER}/{name}.yaml', yaml_print.dump(make(config))
        if host.read(path) == text.strip():
            out(f'[upgrade/staticpods] Current and new manifests of {name} are equal, skipping upgrade')
            continue
        for certificate in renewed:
            if config.external and certificate == 'apiserver-etcd-client':
                continue
            out(f'[upgrade/staticpods] Renewing {certificate} certificate')
            expiration.renew_one(config, certs.KeyRing(), certificate)
        os.makedirs(backup, mode=0o700, exist_ok=True)
        out(f'[upgrade/staticpods] Moving new manifest to "{path}" and backing up old manifest to "{backup}/{name}.yaml"')
        shutil.copy2(path, f'{backup}/{name}.yaml')
        pki.write(path, text, 0o600)
        out('[upgrade/staticpods] Waiting for the kubelet to restart the component')
        out('[upgrade/staticpods] This can take up to 5m0s')
        settings.pause(20)
        _wait_for_api()
        out(f'[apiclient] Found 1 Pods for label selector component={name}')
        out(f'[upgrade/staticpods] Component "{name}" upgraded successfully!')
    out('[upgrade/control-plane] The control plane instance for this node was successfully upgraded!')


def _wait_for_api():
    api = kubeconfig.client(tokens.ADMIN, timeout=5)
    end = time.monotonic() + max(20, settings.scaled(60))
    while True:
        time.sleep(0.3)
        try:
            if api.raw('GET', '/readyz')[0] == 200:
                return
        except Unreachable:
            pass
        if time.monotonic() > end:
            raise KubeadmError('error execution phase control-plane: timed out waiting for the component to be restarted')


def _folder(name):
    path = f'{_TEMPORARY}/{name}'
    os.makedirs(path, mode=0o700, exist_ok=True)
    os.chmod(_TEMPORARY, 0o700)
    return path


def _kubelet(config):
    folder = _folder(time.strftime('kubeadm-kubelet-config-%Y-%m-%d-%H-%M-%S'))
    klog('W', 'postupgrade.go:105', f'Using temporary directory {folder} for kubelet config. To override it set the environment variable '
         'KUBEADM_UPGRADE_DRYRUN_DIR')
    out(f'[upgrade] Backing up kubelet config file to {folder}/config.yaml')
    shutil.copy2('/var/lib/kubelet/config.yaml', f'{folder}/config.yaml')
    document = dict(config.kubelet)
    if versions.has_instance_config():
        out('[patches] Applied patch of type "application/strategic-merge-patch+json" to target "kubeletconfiguration"')
        document['containerRuntimeEndpoint'] = config.socket
    out('[kubelet-start] Writing kubelet configuration to file "/var/lib/kubelet/config.yaml"')
    pki.write('/var/lib/kubelet/config.yaml', yaml_print.dump(document), 0o644)
    out('[upgrade/kubelet-config] The kubelet configuration for this node was successfully upgraded!')


def _environment(config):
    """The pause image leaves the flags with 1.35; other flags stay."""
    folder = _folder(f'kubeadm-kubelet-env{int.from_bytes(os.urandom(4), "big")}')
    path = '/var/lib/kubelet/kubeadm-flags.env'
    klog('W', 'postupgrade.go:203', f'Using temporary directory {folder} for kubelet env file. To override it set the environment variable '
         'KUBEADM_UPGRADE_DRYRUN_DIR')
    out(f'[upgrade] Backing up kubelet env file to {folder}/kubeadm-flags.env')
    shutil.copy2(path, f'{folder}/kubeadm-flags.env')
    with open(path) as file:
        text = file.read()
    words = text.strip().partition('=')[2].strip('"').split()
    if settings.MINOR >= 35:
        words = [word for word in words if not word.startswith('--pod-infra-container-image=')]
    new = 'KUBELET_KUBEADM_ARGS="' + ' '.join(words) + '"\n'
    if new != text:
        out(f'[kubelet-start] Writing kubelet environment file with flags to file "{path}"')
        pki.write(path, new, 0o644)


def _addons(api, config, cluster, target):
    behind = [n['metadata']['name'] for n in cluster.nodes() if 'node-role.kubernetes.io/control-plane' in n['metadata']['labels']
              and _api_version(api, n['metadata']['name']) != target]
    if behind:
        for _ in range(2):
            out(f'[upgrade/addon] Skipping upgrade of addons because control plane instances [{" ".join(behind)}] have not been upgraded')
        return
    proxy = api.find('/api/v1/namespaces/kube-system/configmaps/kube-proxy')
    config.proxy = yaml.load(proxy['data']['config.conf']) if proxy else {}
    for title, values in (('CoreDNS', uploads.core_dns), ('kube-proxy', uploads.kube_proxy)):
        uploads.put(api, values(config))
        out(f'[addons] Applied essential addon: {title}')


def _api_version(api, name):
    if name == host.hostname():
        return f'v{settings.VERSION}' if settings.VERSION in host.read(f'{manifests.FOLDER}/kube-apiserver.yaml') else ''
    pod = api.find(f'/api/v1/namespaces/kube-system/pods/kube-apiserver-{name}')
    return pod['spec']['containers'][0]['image'].rpartition(':')[2] if pod else ''


def node(flags, _):
    is_control_plane = os.path.exists(f'{manifests.FOLDER}/kube-apiserver.yaml')
    api = kubeconfig.client(tokens.ADMIN if is_control_plane else '/etc/kubernetes/kubelet.conf', timeout=10)
    cluster = Cluster(api)
    if not is_control_plane:
        klog('W', 'utils.go:69', 'The recommended value for "bindAddress" in "KubeProxyConfiguration" is: ::; the provided value is: 0.0.0.0')
    out('[upgrade/preflight] Running pre-flight checks')
    _system_checks(flags)
    config = cluster.config()
    if is_control_plane:
        _announce_pull()
        _static_pods(config, cluster.version, flags.get('--etcd-upgrade', 'true') == 'true')
        out('[upgrade/kubeconfig] The kubeconfig files for this node were successfully upgraded!')
    else:
        out('[upgrade/preflight] Skipping prepull. Not a control plane node.')
        for phase in ('control-plane', 'kubeconfig'):
            out(f'[upgrade/{phase}] Skipping phase. Not a control plane node.')
    _kubelet(config)
    if is_control_plane:
        _addons(api, config, cluster, cluster.version)
    else:
        for addon in ('coredns', 'kube-proxy'):
            out(f'[upgrade/addon] Skipping the addon/{addon} phase. Not a control plane node.')
    _environment(config)

