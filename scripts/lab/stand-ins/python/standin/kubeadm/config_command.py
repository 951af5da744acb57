"""`kubeadm config`."""
from .. import settings, yaml_print
from ..kubelet import host
from ..text import out
from . import config, kubelet_config, preflight, versions
from .errors import KubeadmError
from .main import load_init, parse


def run(words):
    flags, rest = parse(words)
    command = ' '.join(rest[:2]) if rest[:1] in (['images'], ['print']) else (rest[0] if rest else '')
    handler = {'validate': validate, 'migrate': migrate, 'images list': list_images, 'images pull': pull_images,
               'print init-defaults': print_init, 'print join-defaults': print_join, 'print reset-defaults': print_reset,
               'print upgrade-defaults': print_upgrade}.get(command)
    if handler is None:
        raise KubeadmError(f'unknown command "{command}" for "kubeadm config"')
    handler(flags)


def _read(path):
    documents = config.read_documents(config.load_file(path))
    if config.of_kind(documents, 'JoinConfiguration') is not None:
        return documents, None
    return documents, config.InitConfig(documents, needs_socket=False, fallback_version=lambda: f'v{settings.VERSION}')


def validate(flags):
    """Says ok to an empty file, and to values that only fail later."""
    if not flags.get('--config'):
        raise KubeadmError('the --config flag is mandatory')
    documents, loaded = _read(flags['--config'])
    if loaded is None:
        config.JoinConfig(documents)
    out('ok')


def migrate(flags):
    documents, loaded = _read(flags.get('--old-config', ''))
    text = loaded.text() if loaded else yaml_print.dump({**config.of_kind(documents, 'JoinConfiguration'), 'apiVersion': 'kubeadm.k8s.io/v1beta4'})
    if flags.get('--new-config'):
        with open(flags['--new-config'], 'w') as file:
            file.write(text)
    else:
        out(text, end='')


def list_images(flags):
    try:
        loaded = load_init(flags, needs_socket=False)
    except KubeadmError as error:
        raise KubeadmError(f'could not convert cfg to an internal cfg: {error}' if not flags.get('--config') else str(error))
    names = versions.images(loaded.version, loaded.repository, loaded.external)
    if flags.get('-o') == 'json':
        import json
        out(json.dumps({'kind': 'Images', 'apiVersion': 'output.kubeadm.k8s.io/v1alpha3', 'images': names}, indent=4))
    else:
        out('\n'.join(names))


def pull_images(flags):
    """Always succeeds, unless the options file says {"imagePull": "fails"}."""
    from .. import cri
    loaded = load_init(flags)
    try:
        cri.Runtime(loaded.socket).version()
    except cri.CriError as problem:
        raise KubeadmError(f'failed to create new CRI runtime service: {problem}')
    for image in versions.images(loaded.version, loaded.repository, loaded.external):
        if settings.OPTIONS.get('imagePull') == 'fails':
            settings.pause(15)
            raise KubeadmError(f'failed to pull image "{image}": {preflight.pull_problem(image)}')
        settings.pause(0.2)
        out(f'[config/images] Pulled {image}')


def print_init(flags):
    loaded = config.InitConfig({}, needs_socket=False, fallback_version=lambda: f'v1.{settings.MINOR}.0')
    loaded.name, loaded.address, loaded.taints = 'node', '1.2.3.4', None
    loaded.tokens[0]['token'] = 'abcdef.0123456789abcdef'
    documents = [loaded.init_document(), {**loaded.cluster_document(), 'kubernetesVersion': f'1.{settings.MINOR}.0'}]
    wanted = flags.get('--component-configs', '')
    documents += [kubelet_config.kubelet_document({})] * ('KubeletConfiguration' in wanted)
    documents += [kubelet_config.proxy_document({})] * ('KubeProxyConfiguration' in wanted)
    out('---\n'.join(yaml_print.dump(document) for document in documents), end='')


def print_join(_):
    out(yaml_print.dump({
        'apiVersion': 'kubeadm.k8s.io/v1beta4', 'caCertPath': '/etc/kubernetes/pki/ca.crt', 'discovery': {
            'bootstrapToken': {'apiServerEndpoint': 'kube-apiserver:6443', 'token': 'abcdef.0123456789abcdef', 'unsafeSkipCAVerification': True},
            'tlsBootstrapToken': 'abcdef.0123456789abcdef'}, 'kind': 'JoinConfiguration',
        'nodeRegistration': {'criSocket': config.DEFAULT_SOCKET, 'imagePullPolicy': 'IfNotPresent', 'imagePullSerial': True,
                             'name': host.hostname(), 'taints': None}, 'timeouts': config.TIMEOUTS}), end='')


def print_reset(_):
    out(yaml_print.dump({'apiVersion': 'kubeadm.k8s.io/v1beta4', 'certificatesDir': '/etc/kubernetes/pki', 'criSocket': config.DEFAULT_SOCKET,
                         'kind': 'ResetConfiguration', 'timeouts': config.TIMEOUTS}), end='')


def print_upgrade(_):
    pull = {'certificateRenewal': True, 'etcdUpgrade': True, 'imagePullPolicy': 'IfNotPresent', 'imagePullSerial': True}
    out(yaml_print.dump({'apiVersion': 'kubeadm.k8s.io/v1beta4', 'apply': pull, 'diff': {}, 'kind': 'UpgradeConfiguration', 'node': pull,
                         'plan': {'etcdUpgrade': True}, 'timeouts': config.TIMEOUTS}), end='')
