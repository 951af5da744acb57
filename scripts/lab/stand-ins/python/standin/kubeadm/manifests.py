"""Static pod manifests."""
from .. import pki, settings, yaml_print
from . import versions
from .config import arguments

FOLDER = '/etc/kubernetes/manifests'


def _merged(defaults, extra):
    """Flags in name order, the user's after kubeadm's own of other names."""
    values = dict(defaults)
    values.update(dict(extra))
    return [f'--{name}={values[name]}' for name in sorted(values)]


def _pod(name, image, command, volumes, address, probe, annotations=None):
    number, scheme, paths = probe
    port = 'probe-port'
    def check(path):
        return {'httpGet': {'host': address, 'path': path, 'port': port, 'scheme': scheme}, 'periodSeconds': 10, 'timeoutSeconds': 15}
    cpu = {'kube-apiserver': '250m', 'kube-controller-manager': '200m'}.get(name, '100m')
    return {'apiVersion': 'v1', 'kind': 'Pod', 'metadata': {
        **({'annotations': annotations} if annotations else {}), 'labels': {'component': name, 'tier': 'control-plane'},
        'name': name, 'namespace': 'kube-system'},
        'spec': {'containers': [{'command': command, 'image': image, 'imagePullPolicy': 'IfNotPresent',
                                 'livenessProbe': {**check(paths[0]), 'failureThreshold': 8, 'initialDelaySeconds': 10}, 'name': name,
                                 'ports': [{'containerPort': number, 'name': port, 'protocol': 'TCP'}],
                                 **({'readinessProbe': {**check(paths[1]), 'failureThreshold': 3, 'periodSeconds': 1}} if paths[1] else {}),
                                 'resources': {'requests': {'cpu': cpu, **({'memory': '100Mi'} if name == 'etcd' else {})}},
                                 'startupProbe': {**check(paths[0]), 'failureThreshold': 24, 'initialDelaySeconds': 10},
                                 'volumeMounts': [{'mountPath': mount[0] if mount else path, 'name': label, **({'readOnly': True} if readonly else {})}
                                                  for label, path, _, readonly, *mount in volumes]}],
                 'hostNetwork': True, 'priority': 2000001000, 'priorityClassName': 'system-node-critical',
                 'securityContext': {'seccompProfile': {'type': 'RuntimeDefault'}},
                 'volumes': [{'hostPath': {'path': path, 'type': kind}, 'name': label} for label, path, kind, *_ in volumes]}, 'status': {}}


def _extra(config, component):
    return arguments((config.cluster.get(component) or {}).get('extraArgs'))


def _volumes(config, component):
    """The user's volumes, which come after kubeadm's own."""
    return [(one['name'], one['hostPath'], one.get('pathType') or '', bool(one.get('readOnly')), one.get('mountPath') or one['hostPath'])
            for one in (config.cluster.get(component) or {}).get('extraVolumes') or []]


_CA_FOLDERS = [('ca-certs', '/etc/ssl/certs', 'DirectoryOrCreate', True), ('etc-ca-certificates', '/etc/ca-certificates', 'DirectoryOrCreate', True),
               ('k8s-certs', '/etc/kubernetes/pki', 'DirectoryOrCreate', True),
               ('usr-local-share-ca-certificates', '/usr/local/share/ca-certificates', 'DirectoryOrCreate', True),
               ('usr-share-ca-certificates', '/usr/share/ca-certificates', 'DirectoryOrCreate', True)]


def api_server(config):
    folder, external = config.pki, config.external or {}
    flags = {'advertise-address': config.address, 'allow-privileged': 'true', 'authorization-mode': 'Node,RBAC', 'client-ca-file': f'{folder}/ca.crt',
             'enable-admission-plugins': 'NodeRestriction', 'enable-bootstrap-token-auth': 'true', 'etcd-cafile': external.get('caFile') or f'{folder}/etcd/ca.crt',
             'etcd-certfile': external.get('certFile') or f'{folder}/apiserver-etcd-client.crt',
             'etcd-keyfile': external.get('keyFile') or f'{folder}/apiserver-etcd-client.key',
             'etcd-servers': ','.join(external.get('endpoints') or ['https://127.0.0.1:2379']), 'kubelet-client-certificate': f'{folder}/apiserver-kubelet-client.crt',
             'kubelet-client-key': f'{folder}/apiserver-kubelet-client.key', 'kubelet-preferred-address-types': 'InternalIP,ExternalIP,Hostname',
             'proxy-client-cert-file': f'{folder}/front-proxy-client.crt', 'proxy-client-key-file': f'{folder}/front-proxy-client.key',
             'requestheader-allowed-names': 'front-proxy-client', 'requestheader-client-ca-file': f'{folder}/front-proxy-ca.crt',
             'requestheader-extra-headers-prefix': 'X-Remote-Extra-', 'requestheader-group-headers': 'X-Remote-Group',
             'requestheader-username-headers': 'X-Remote-User', 'secure-port': str(config.port),
             'service-account-issuer': f'https://kubernetes.default.svc.{config.domain}', 'service-account-key-file': f'{folder}/sa.pub',
             'service-account-signing-key-file': f'{folder}/sa.key', 'service-cluster-ip-range': config.service_subnet,
             'tls-cert-file': f'{folder}/apiserver.crt', 'tls-private-key-file': f'{folder}/apiserver.key'}
    return _pod('kube-apiserver', f'{config.repository}/kube-apiserver:{config.version}', ['kube-apiserver', *_merged(flags, _extra(config, 'apiServer'))],
                _CA_FOLDERS + _volumes(config, 'apiServer'), config.address, (config.port, 'HTTPS', ('/livez', '/readyz')),
                {'kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint': f'{config.address}:{config.port}'})


def controller_manager(config):
    folder, kubeconfig = config.pki, '/etc/kubernetes/controller-manager.conf'
    flags = {'authentication-kubeconfig': kubeconfig, 'authorization-kubeconfig': kubeconfig, 'bind-address': '127.0.0.1',
             'client-ca-file': f'{folder}/ca.crt', 'cluster-name': config.cluster.get('clusterName') or 'kubernetes',
             'cluster-signing-cert-file': f'{folder}/ca.crt', 'cluster-signing-key-file': f'{folder}/ca.key',
             'controllers': '*,bootstrapsigner,tokencleaner', 'kubeconfig': kubeconfig, 'leader-elect': 'true',
             'requestheader-client-ca-file': f'{folder}/front-proxy-ca.crt', 'root-ca-file': f'{folder}/ca.crt',
             'service-account-private-key-file': f'{folder}/sa.key', 'use-service-account-credentials': 'true'}
    if config.pod_subnet:
        flags.update({'allocate-node-cidrs': 'true', 'cluster-cidr': config.pod_subnet, 'service-cluster-ip-range': config.service_subnet})
    volumes = _CA_FOLDERS[:2] + [('flexvolume-dir', '/usr/libexec/kubernetes/kubelet-plugins/volume/exec', 'DirectoryOrCreate', False)] * (
        settings.MINOR < 36) + _CA_FOLDERS[2:3] + [('kubeconfig', kubeconfig, 'FileOrCreate', True)] + _CA_FOLDERS[3:]
    return _pod('kube-controller-manager', f'{config.repository}/kube-controller-manager:{config.version}',
                ['kube-controller-manager', *_merged(flags, _extra(config, 'controllerManager'))], volumes + _volumes(config, 'controllerManager'), '127.0.0.1',
                (10257, 'HTTPS', ('/healthz', None)))


def scheduler(config):
    kubeconfig = '/etc/kubernetes/scheduler.conf'
    flags = {'authentication-kubeconfig': kubeconfig, 'authorization-kubeconfig': kubeconfig, 'bind-address': '127.0.0.1',
             'kubeconfig': kubeconfig, 'leader-elect': 'true'}
    return _pod('kube-scheduler', f'{config.repository}/kube-scheduler:{config.version}',
                ['kube-scheduler', *_merged(flags, _extra(config, 'scheduler'))],
                [('kubeconfig', kubeconfig, 'FileOrCreate', True)] + _volumes(config, 'scheduler'), '127.0.0.1', (10259, 'HTTPS', ('/livez', '/readyz')))


def etcd(config, members=None):
    """`members` are (name, address) of a cluster that this member joins."""
    folder, local = config.pki, (config.cluster.get('etcd') or {}).get('local') or {}
    cluster = ','.join(f'{name}=https://{address}:2380' for name, address in members or [(config.name, config.address)])
    flags = {'advertise-client-urls': f'https://{config.address}:2379', 'cert-file': f'{folder}/etcd/server.crt', 'client-cert-auth': 'true',
             'data-dir': config.etcd_dir, 'feature-gates': 'InitialCorruptCheck=true',
             'initial-advertise-peer-urls': f'https://{config.address}:2380', 'initial-cluster': cluster,
             **({'initial-cluster-state': 'existing'} if members else {}), 'key-file': f'{folder}/etcd/server.key',
             'listen-client-urls': f'https://127.0.0.1:2379,https://{config.address}:2379', 'listen-metrics-urls': 'http://127.0.0.1:2381',
             'listen-peer-urls': f'https://{config.address}:2380', 'name': config.name, 'peer-cert-file': f'{folder}/etcd/peer.crt',
             'peer-client-cert-auth': 'true', 'peer-key-file': f'{folder}/etcd/peer.key', 'peer-trusted-ca-file': f'{folder}/etcd/ca.crt',
             'snapshot-count': '10000', 'trusted-ca-file': f'{folder}/etcd/ca.crt', 'watch-progress-notify-interval': '5s'}
    image = f"{local.get('imageRepository') or config.repository}/etcd:{local.get('imageTag') or versions.tags()[2]}"
    return _pod('etcd', image, ['etcd', *_merged(flags, arguments(local.get('extraArgs')))],
                [('etcd-data', config.etcd_dir, 'DirectoryOrCreate', False), ('etcd-certs', f'{folder}/etcd', 'DirectoryOrCreate', False)],
                '127.0.0.1', (2381, 'HTTP', ('/livez', '/readyz')),
                {'kubeadm.kubernetes.io/etcd.advertise-client-urls': f'https://{config.address}:2379'})


def write(name, pod):
    pki.write(f'{FOLDER}/{name}.yaml', yaml_print.dump(pod), 0o600)
