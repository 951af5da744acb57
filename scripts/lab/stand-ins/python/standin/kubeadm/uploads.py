"""What `init` writes into the cluster: ConfigMaps, roles, tokens, add-ons."""
import base64
import time

from .. import kubeconfig, resources, yaml_print
from ..text import out, parse_duration, rfc3339
from . import kubelet_config, tokens, versions

_GROUP = 'rbac.authorization.k8s.io'
_NODE_BOOTSTRAP = 'system:bootstrappers:kubeadm:default-node-token'
_JOINING = [_NODE_BOOTSTRAP, 'system:nodes']


def config_map(api, namespace, name, data):
    put(api, [_config_map_of(namespace, name, data)])


def put(api, values):
    """Each object created, or in the place of the one that is there."""
    for value in values:
        resource = resources.BY_KIND[(value['apiVersion'], value['kind'])]
        api.put_or_create(resource.path(value['metadata'].get('namespace')), value)


def _metadata(name, namespace):
    return {'name': name, **({'namespace': namespace} if namespace else {})}


def _role(name, rules, namespace=None):
    return {'apiVersion': _GROUP + '/v1', 'kind': 'Role' if namespace else 'ClusterRole', 'metadata': _metadata(name, namespace), 'rules': rules}


def _binding(name, role, subjects, namespace=None):
    """`subjects` are (kind, name); an account is one of kube-system."""
    return {'apiVersion': _GROUP + '/v1', 'kind': 'RoleBinding' if namespace else 'ClusterRoleBinding', 'metadata': _metadata(name, namespace),
            'roleRef': {'apiGroup': _GROUP, 'kind': 'Role' if namespace else 'ClusterRole', 'name': role},
            'subjects': [{'kind': kind, 'name': subject, 'namespace': 'kube-system'} if kind == 'ServiceAccount'
                         else {'apiGroup': _GROUP, 'kind': kind, 'name': subject} for kind, subject in subjects]}


def _readable(name, config, namespace, groups):
    """A Role to read one ConfigMap, and who has it."""
    rule = {'apiGroups': [''], 'resourceNames': [config], 'resources': ['configmaps'], 'verbs': ['get']}
    return [_role(name, [rule], namespace), _binding(name, name, [('Group' if ':' in group and group != 'system:anonymous' else 'User', group) for group in groups], namespace)]


def _account(name):
    return {'apiVersion': 'v1', 'kind': 'ServiceAccount', 'metadata': {'name': name, 'namespace': 'kube-system'}}


def _config_map_of(namespace, name, data):
    return {'apiVersion': 'v1', 'kind': 'ConfigMap', 'metadata': {'name': name, 'namespace': namespace}, 'data': data}


def admin_binding(api):
    """Without this object admin.conf may do nothing; `init` makes it with super-admin.conf."""
    put(api, [_binding('kubeadm:cluster-admins', 'cluster-admin', [('Group', 'kubeadm:cluster-admins')])])


def upload_config(api, config):
    out('[upload-config] Storing the configuration used in ConfigMap "kubeadm-config" in the "kube-system" Namespace')
    config_map(api, 'kube-system', 'kubeadm-config', {'ClusterConfiguration': yaml_print.dump(config.cluster_document())})
    put(api, _readable('kubeadm:nodes-kubeadm-config', 'kubeadm-config', 'kube-system', _JOINING))


def upload_kubelet_config(api, config):
    out('[kubelet] Creating a ConfigMap "kubelet-config" in namespace kube-system with the configuration for the kubelets in the cluster')
    document = kubelet_config.kubelet_document(config.kubelet, config.service_ip(10), config.domain, f'{config.pki}/ca.crt')
    config_map(api, 'kube-system', 'kubelet-config', {'kubelet': yaml_print.dump(document)})
    put(api, _readable('kubeadm:kubelet-config', 'kubelet-config', 'kube-system', _JOINING))


def mark_control_plane(api, name, taints):
    """Labels and taints of a control plane's Node."""
    labels = ('node-role.kubernetes.io/control-plane', 'node.kubernetes.io/exclude-from-external-load-balancers')
    out(f'[mark-control-plane] Marking the node {name} as control-plane by adding the labels: [{" ".join(labels)}]')
    if taints:
        listed = ' '.join(f"{t['key']}{'=' + t['value'] if t.get('value') else ''}:{t['effect']}" for t in taints)
        out(f'[mark-control-plane] Marking the node {name} as control-plane by adding the taints [{listed}]')
    node = api.get(f'/api/v1/nodes/{name}')
    kept = [t for t in (node.get('spec') or {}).get('taints') or []
            if not any(t['key'] == new['key'] and t['effect'] == new['effect'] for new in taints)]
    api.request('PATCH', f'/api/v1/nodes/{name}', {'metadata': {'labels': dict.fromkeys(labels, '')}, 'spec': {'taints': list(taints) + kept or None}},
                'application/merge-patch+json')


def bootstrap_tokens(api, config, is_silent=False):
    """Tokens, the roles of joining nodes, and cluster-info."""
    if not is_silent:
        out(f'[bootstrap-token] Using token: {config.tokens[0]["token"]}')
    out('[bootstrap-token] Configuring bootstrap tokens, cluster-info ConfigMap, RBAC Roles')
    for token in config.tokens:
        seconds = parse_duration(token['ttl'])
        api.put_or_create('/api/v1/namespaces/kube-system/secrets', tokens.secret(
            token['token'], rfc3339(time.time() + seconds) if seconds else None, token['usages'], token['groups'], token['description']))
    roles(api)
    cluster_info(api, config)


def roles(api):
    for text, name, role, subject in (
            ('allow Node Bootstrap tokens to get nodes', 'kubeadm:get-nodes', 'kubeadm:get-nodes', _NODE_BOOTSTRAP),
            ('allow Node Bootstrap tokens to post CSRs in order for nodes to get long term certificate credentials', 'kubeadm:kubelet-bootstrap',
             'system:node-bootstrapper', _NODE_BOOTSTRAP),
            ('allow the csrapprover controller automatically approve CSRs from a Node Bootstrap Token', 'kubeadm:node-autoapprove-bootstrap',
             'system:certificates.k8s.io:certificatesigningrequests:nodeclient', _NODE_BOOTSTRAP),
            ('allow certificate rotation for all node client certificates in the cluster', 'kubeadm:node-autoapprove-certificate-rotation',
             'system:certificates.k8s.io:certificatesigningrequests:selfnodeclient', 'system:nodes'),
            ('allow the API server kubelet client certificate to access the kubelet API', 'kubeadm:apiserver-kubelet-client',
             'system:kubelet-api-admin', 'kube-apiserver-kubelet-client')):
        if name == 'kubeadm:get-nodes':
            put(api, [_role(name, [{'apiGroups': [''], 'resources': ['nodes'], 'verbs': ['get']}])])
        put(api, [_binding(name, role, [('User' if subject.startswith('kube-') else 'Group', subject)])])
        out(f'[bootstrap-token] Configured RBAC rules to {text}')


def cluster_info(api, config):
    out('[bootstrap-token] Creating the "cluster-info" ConfigMap in the "kube-public" namespace')
    with open(f'{config.pki}/ca.crt') as file:
        ca = file.read()
    text = yaml_print.dump({'apiVersion': 'v1', 'clusters': [{'cluster': {'certificate-authority-data': kubeconfig.encode(ca), 'server': config.url},
                                                             'name': ''}],
                            'contexts': None, 'current-context': '', 'kind': 'Config', 'users': None})
    existing = api.find('/api/v1/namespaces/kube-public/configmaps/cluster-info')
    if existing is None or existing['data'].get('kubeconfig') != text:
        config_map(api, 'kube-public', 'cluster-info', {'kubeconfig': text})
    put(api, _readable('kubeadm:bootstrap-signer-clusterinfo', 'cluster-info', 'kube-public', ['system:anonymous']))


def core_dns(config):
    """The objects of CoreDNS."""
    image = f"{config.repository}{'/coredns' if config.repository == 'registry.k8s.io' else ''}/coredns:{versions.tags()[0]}"
    corefile = ('.:53 {\n    errors\n    health {\n       lameduck 5s\n    }\n    ready\n    kubernetes '
                + config.domain + ' in-addr.arpa ip6.arpa {\n       pods insecure\n       fallthrough in-addr.arpa ip6.arpa\n       ttl 30\n    }\n'
                '    prometheus :9153\n    forward . /etc/resolv.conf {\n       max_concurrent 1000\n    }\n    cache 30\n    loop\n    reload\n'
                '    loadbalance\n}\n')
    labels = {'k8s-app': 'kube-dns'}
    rules = [{'apiGroups': [''], 'resources': ['endpoints', 'services', 'pods', 'namespaces'], 'verbs': ['list', 'watch']},
             {'apiGroups': ['discovery.k8s.io'], 'resources': ['endpointslices'], 'verbs': ['list', 'watch']}]
    return [
        _config_map_of('kube-system', 'coredns', {'Corefile': corefile}), _role('system:coredns', rules),
        _binding('system:coredns', 'system:coredns', [('ServiceAccount', 'coredns')]), _account('coredns'),
        _workload('Deployment', 'coredns', {'replicas': 2}, labels, image, {
            'tolerations': [{'key': 'CriticalAddonsOnly', 'operator': 'Exists'}, {'effect': 'NoSchedule', 'key': 'node-role.kubernetes.io/control-plane'}]}),
        {'apiVersion': 'v1', 'kind': 'Service', 'metadata': {'name': 'kube-dns', 'namespace': 'kube-system', 'labels': labels},
         'spec': {'clusterIP': config.service_ip(10), 'selector': labels, 'type': 'ClusterIP', 'ports': [
             {'name': 'dns', 'port': 53, 'protocol': 'UDP'}, {'name': 'dns-tcp', 'port': 53, 'protocol': 'TCP'}]}}]


def kube_proxy(config):
    """The objects of kube-proxy."""
    document = kubelet_config.proxy_document({**({'clusterCIDR': config.pod_subnet} if config.pod_subnet else {}), **config.proxy})
    with open(f'{config.pki}/ca.crt') as file:
        file.read()
    text = yaml_print.dump({'apiVersion': 'v1', 'kind': 'Config', 'clusters': [{'cluster': {
        'certificate-authority': '/var/run/secrets/kubernetes.io/serviceaccount/ca.crt', 'server': config.url}, 'name': 'default'}],
        'contexts': [{'context': {'cluster': 'default', 'namespace': 'default', 'user': 'default'}, 'name': 'default'}],
        'current-context': 'default', 'users': [{'name': 'default', 'user': {'tokenFile': '/var/run/secrets/kubernetes.io/serviceaccount/token'}}]})
    return [
        _account('kube-proxy'), _config_map_of('kube-system', 'kube-proxy', {'config.conf': yaml_print.dump(document), 'kubeconfig.conf': text}),
        _workload('DaemonSet', 'kube-proxy', {}, {'k8s-app': 'kube-proxy'}, f'{config.repository}/kube-proxy:{config.version}', {
            'hostNetwork': True, 'tolerations': [{'operator': 'Exists'}], 'priorityClassName': 'system-node-critical'}),
        _binding('kubeadm:node-proxier', 'system:node-proxier', [('ServiceAccount', 'kube-proxy')]),
        *_readable('kube-proxy', 'kube-proxy', 'kube-system', [_NODE_BOOTSTRAP])]


def _workload(kind, name, spec, labels, image, pod):
    return {'apiVersion': 'apps/v1', 'kind': kind, 'metadata': {'name': name, 'namespace': 'kube-system', 'labels': labels},
            'spec': {**spec, 'selector': {'matchLabels': labels}, 'template': {'metadata': {'labels': labels}, 'spec': {
                'containers': [{'name': name, 'image': image}], 'nodeSelector': {'kubernetes.io/os': 'linux'}, 'serviceAccountName': name, **pod}}}}


def decoded(data):
    return base64.b64decode(data).decode()
