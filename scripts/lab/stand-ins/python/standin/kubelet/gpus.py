"""GPUs that a node offers while a device plugin's pod runs on it, where its driver (a stand-in, too) sees any."""
import os
import re

from .. import yaml

PLUGIN = 'nvidia-device-plugin-daemonset'
HAMI = 'hami-device-plugin'
RUNTIME = 'nvidia-container-runtime'
# Where containerd, Docker and CRI-O are told of the runtime without which the plugin sees no driver.
CONFIGURATIONS = ('/etc/containerd/config.toml', '/etc/containerd/conf.d', '/etc/docker/daemon.json', '/etc/crio/crio.conf.d')


def offered(api, daemons):
    """Resource -> count, as the kubelet reports them; none where no plugin runs or it cannot see the driver."""
    try:
        count = len(os.listdir('/proc/driver/nvidia/gpus'))
    except OSError:
        return {}
    if not count or not _has_runtime():
        return {}
    if HAMI in daemons:
        return {'nvidia.com/gpu': str(count * 10)}
    if PLUGIN not in daemons:
        return {}
    found = api.find('/api/v1/namespaces/kube-system/configmaps/nvidia-device-plugin-config')
    config = yaml.load((found or {}).get('data', {}).get('config.yaml', '')) or {}
    sharing = config.get('sharing') or {}
    shared = sharing.get('mps') or sharing.get('timeSlicing') or {}
    replicas = next((entry['replicas'] for entry in shared.get('resources') or [] if entry['name'] == 'nvidia.com/gpu'), 1)
    name = 'nvidia.com/gpu.shared' if shared.get('renameByDefault') else 'nvidia.com/gpu'
    return {name: str(count * replicas)}


def _has_runtime():
    for path in CONFIGURATIONS:
        paths = [os.path.join(path, name) for name in sorted(os.listdir(path))] if os.path.isdir(path) else [path]
        for file in paths:
            try:
                with open(file) as handle:
                    if re.search(rf'^[^#]*{RUNTIME}', handle.read(), re.MULTILINE):
                        return os.path.exists(f'/usr/bin/{RUNTIME}')
            except OSError:
                continue
    return False
