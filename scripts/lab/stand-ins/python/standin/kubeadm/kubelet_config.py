"""The kubelet's configuration and flags, and starting it."""
import os
import subprocess

from .. import pki, settings, yaml, yaml_print
from ..api.apply import merge_patch
from ..kubelet import host
from ..text import out
from . import versions

FOLDER = '/var/lib/kubelet'
_ZEROES = ('cpuManagerReconcilePeriod evictionPressureTransitionPeriod fileCheckFrequency httpCheckFrequency imageMaximumGCAge imageMinimumGCAge '
           'nodeStatusReportFrequency nodeStatusUpdateFrequency runtimeRequestTimeout shutdownGracePeriod shutdownGracePeriodCriticalPods '
           'streamingConnectionIdleTimeout syncFrequency volumeStatsAggPeriod').split()
_LOGGING = {'flushFrequency': 0, 'options': {'json': {'infoBufferSize': '0'}, 'text': {'infoBufferSize': '0'}}, 'verbosity': 0}


def merged(defaults, given):
    """The user's values over the defaults, map by map."""
    found = dict(defaults)
    for key, value in given.items():
        found[key] = merged(found[key], value) if isinstance(value, dict) and isinstance(found.get(key), dict) else value
    return found


def kubelet_document(given, dns='10.96.0.10', domain='cluster.local', ca='/etc/kubernetes/pki/ca.crt'):
    """The KubeletConfiguration of the cluster."""
    defaults = {'apiVersion': 'kubelet.config.k8s.io/v1beta1', 'kind': 'KubeletConfiguration',
                'authentication': {'anonymous': {'enabled': False}, 'webhook': {'cacheTTL': '0s', 'enabled': True},
                                   'x509': {'clientCAFile': ca}},
                'authorization': {'mode': 'Webhook', 'webhook': {'cacheAuthorizedTTL': '0s', 'cacheUnauthorizedTTL': '0s'}},
                'cgroupDriver': 'systemd', 'clusterDNS': [dns], 'clusterDomain': domain, 'containerRuntimeEndpoint': '', 'crashLoopBackOff': {},
                'healthzBindAddress': '127.0.0.1', 'healthzPort': 10248, 'logging': _LOGGING, 'memorySwap': {}, 'rotateCertificates': True,
                'staticPodPath': '/etc/kubernetes/manifests', **dict.fromkeys(_ZEROES, '0s')}
    return merged(defaults, given)


def proxy_document(given):
    """The KubeProxyConfiguration of the cluster."""
    zero = '0s'
    defaults = {
        'apiVersion': 'kubeproxy.config.k8s.io/v1alpha1', 'kind': 'KubeProxyConfiguration', 'bindAddress': '0.0.0.0', 'bindAddressHardFail': False,
        'clientConnection': {'acceptContentTypes': '', 'burst': 0, 'contentType': '', 'kubeconfig': '/var/lib/kube-proxy/kubeconfig.conf', 'qps': 0},
        'clusterCIDR': '', 'configSyncPeriod': zero,
        'conntrack': {'maxPerCore': None, 'min': None, 'tcpBeLiberal': False, 'tcpCloseWaitTimeout': None, 'tcpEstablishedTimeout': None,
                      'udpStreamTimeout': zero, 'udpTimeout': zero},
        'detectLocal': {'bridgeInterface': '', 'interfaceNamePrefix': ''}, 'detectLocalMode': '', 'enableProfiling': False,
        'healthzBindAddress': '', 'hostnameOverride': '',
        'iptables': {'localhostNodePorts': None, 'masqueradeAll': False, 'masqueradeBit': None, 'minSyncPeriod': zero, 'syncPeriod': zero},
        'ipvs': {'excludeCIDRs': None, 'minSyncPeriod': zero, 'scheduler': '', 'strictARP': False, 'syncPeriod': zero, 'tcpFinTimeout': zero,
                 'tcpTimeout': zero, 'udpTimeout': zero},
        'logging': _LOGGING, 'metricsBindAddress': '', 'mode': '',
        'nftables': {'masqueradeAll': False, 'masqueradeBit': None, 'minSyncPeriod': zero, 'syncPeriod': zero}, 'nodePortAddresses': None,
        'oomScoreAdj': None, 'portRange': '', 'showHiddenMetricsForVersion': '',
        'winkernel': {'enableDSR': False, 'forwardHealthCheckVip': False, 'networkName': '', 'rootHnsEndpointName': '', 'sourceVip': ''}}
    return merged(defaults, given)


def flags_text(name, socket, repository, arguments, taints=(), is_control_plane=False):
    """kubeadm-flags.env. From 1.35 on the pause image is no longer in it."""
    flags = {}
    if settings.MINOR < 35:
        flags['pod-infra-container-image'] = versions.pause_image(repository)
    if not versions.has_instance_config():
        flags['container-runtime-endpoint'] = socket
    if name != host.hostname():
        flags['hostname-override'] = name
    if taints and not is_control_plane:
        flags['register-with-taints'] = ','.join(f"{t['key']}={t.get('value', '')}:{t['effect']}" for t in taints)
    flags.update(dict(arguments))
    return 'KUBELET_KUBEADM_ARGS="' + ' '.join(f'--{key}={flags[key]}' for key in sorted(flags)) + '"\n'


def stop():
    subprocess.run(['systemctl', 'stop', 'kubelet'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def start():
    subprocess.run(['systemctl', 'daemon-reload'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    subprocess.run(['systemctl', 'start', 'kubelet'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def write_environment(text):
    out(f'[kubelet-start] Writing kubelet environment file with flags to file "{FOLDER}/kubeadm-flags.env"')
    settings.pause(0.1)
    os.makedirs(FOLDER, exist_ok=True)
    pki.write(f'{FOLDER}/kubeadm-flags.env', text, 0o644)


def write_configuration(document, socket, patches=''):
    """config.yaml, and from 1.34 on instance-config.yaml, which is patched into it; then the user's patches."""
    own = dict(document)
    if versions.has_instance_config():
        path = f'{FOLDER}/instance-config.yaml'
        out(f'[kubelet-start] Writing kubelet configuration to file "{path}"')
        pki.write(path, f'containerRuntimeEndpoint: "{socket}"\n', 0o644)
        settings.pause(0.1)
        out('[patches] Applied patch of type "application/strategic-merge-patch+json" to target "kubeletconfiguration"')
        own['containerRuntimeEndpoint'] = socket
    if patches:
        own = _patched(own, patches)
    out(f'[kubelet-start] Writing kubelet configuration to file "{FOLDER}/config.yaml"')
    pki.write(f'{FOLDER}/config.yaml', yaml_print.dump(own), 0o644)


def _patched(document, folder):
    """Files named kubeletconfiguration, in order; of the types of patches only the merging ones are known here."""
    out(f'[patches] Reading patches from path "{folder}"')
    for name in sorted(os.listdir(folder)):
        target, _, suffix = name.partition('+')
        if target.rstrip('0123456789') != 'kubeletconfiguration' or not name.endswith(('.yaml', '.json')):
            continue
        kind = 'merge' if suffix.startswith('merge') else 'strategic-merge'
        with open(os.path.join(folder, name)) as file:
            document = merge_patch(document, yaml.load(file.read()) or {})
        out(f'[patches] Applied patch of type "application/{kind}-patch+json" to target "kubeletconfiguration"')
    return document
