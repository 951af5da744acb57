"""GPUs that a node offers while a device plugin's pod runs on it, where its driver (a stand-in, too) sees any."""
import json
import os
import re
import subprocess

from .. import yaml

PLUGIN = 'nvidia-device-plugin-daemonset'
HAMI = 'hami-device-plugin'
RUNTIME = 'nvidia-container-runtime'
# Where containerd, Docker and CRI-O are told of the runtime without which the plugin sees no driver.
CONFIGURATIONS = ('/etc/containerd/config.toml', '/etc/containerd/conf.d', '/etc/docker/daemon.json', '/etc/crio/crio.conf.d')
DRIVER, LOADED = '/usr/share/lab/nvidia-driver', '/proc/driver/nvidia/version'
SAMPLE = re.compile(r'/cuda-sample:vectoradd')


class Plugins:
    """What the plugin's pod told the kubelet when it started: it looks at GPUs and its settings once."""

    def __init__(self):
        self.pod, self.found = None, {}

    def offered(self, api, node, daemons):
        """Resource -> count, as the kubelet reports them; none where no plugin runs or it cannot see the driver."""
        pod = daemons.get(HAMI) or daemons.get(PLUGIN)
        # The config manager has the plugin start over when it should read another file.
        file = _config_file(api, node) if PLUGIN in daemons else None
        if pod is None or (pod, file) != self.pod:
            self.found = {} if pod is None else _hami(api, node) if HAMI in daemons else _nvidia(api, file)
            self.pod = (pod, file) if self.found else None
        return self.found


def _config_file(api, node):
    """Which key of the plugin's ConfigMap it reads: https://github.com/NVIDIA/k8s-device-plugin/blob/v0.20.0/cmd/config-manager/main.go"""
    pods = api.get(f'/api/v1/namespaces/kube-system/pods?fieldSelector=spec.nodeName%3D{node}')['items']
    specs = [pod['spec'] for pod in pods if any(ref['name'] == PLUGIN for ref in pod['metadata'].get('ownerReferences') or [])]
    inits = [one for spec in specs for one in spec.get('initContainers') or []]
    manager = next((one for one in inits if one.get('command') == ['config-manager']), None)
    if manager is None:
        return 'config.yaml'
    env = {one['name']: one.get('value', '') for one in manager.get('env') or []}
    labels = (api.get(f'/api/v1/nodes/{node}').get('metadata') or {}).get('labels') or {}
    return labels.get(env['NODE_LABEL']) or env['DEFAULT_CONFIG']


def _nvidia(api, file):
    """As the plugin counts: https://github.com/NVIDIA/k8s-device-plugin/blob/v0.20.0/internal/rm/device_map.go"""
    text = _setting(api, 'nvidia-device-plugin-config', file)
    if not text:
        # "specified config ... does not exist", and the pod does not get further.
        return {}
    config = yaml.load(text) or {}
    strategy = (config.get('flags') or {}).get('migStrategy', 'none')
    gpus = _gpus()
    if strategy == 'none':
        gpus = [[] for _ in gpus]
    profiles = [profile for gpu in gpus for profile in gpu]
    whole = sum(not gpu for gpu in gpus)
    if strategy == 'single' and profiles and (whole or len(set(profiles)) > 1):
        # It ends with an error, and offers nothing.
        return {}
    sharing = config.get('sharing') or {}
    shared = sharing.get('mps') or sharing.get('timeSlicing') or {}
    replicas = next((entry['replicas'] for entry in shared.get('resources') or [] if entry['name'] == 'nvidia.com/gpu'), 1)
    name = 'nvidia.com/gpu.shared' if shared.get('renameByDefault') else 'nvidia.com/gpu'
    counts = {name: whole * replicas}
    for profile in profiles:
        resource = name if strategy == 'single' else f"nvidia.com/mig-{profile.replace('+', '.')}"
        counts[resource] = counts.get(resource, 0) + (replicas if strategy == 'single' else 1)
    return {resource: str(count) for resource, count in counts.items() if count}


def _hami(api, node):
    """What a node says for itself wins: https://github.com/Project-HAMi/HAMi/blob/v2.10.0/pkg/device-plugin/nvidiadevice/nvinternal/plugin/server.go"""
    config = yaml.load(_setting(api, 'hami-scheduler-device', 'device-config.yaml')) or {}
    own = json.loads(_setting(api, 'hami-device-plugin', 'config.json') or '{}').get('nodeconfig') or []
    split = next((one['devicesplitcount'] for one in own if one['name'] == node and 'devicesplitcount' in one), None)
    count = len(_gpus()) * int(split or (config.get('nvidia') or {}).get('deviceSplitCount', 10))
    return {'nvidia.com/gpu': str(count)} if count else {}


def _setting(api, name, key):
    return ((api.find(f'/api/v1/namespaces/kube-system/configmaps/{name}') or {}).get('data') or {}).get(key, '')


def _gpus():
    """The profiles of each GPU that the driver sees; none without the runtime that shows the driver to a container."""
    try:
        gpus = [[] for _ in os.listdir('/proc/driver/nvidia/gpus')]
    except OSError:
        return []
    if not has_runtime():
        return []
    if not os.path.isdir('/proc/driver/nvidia/capabilities'):
        return gpus
    listed = []
    for line in subprocess.run(['nvidia-smi', '-L'], capture_output=True, text=True, check=False).stdout.split('\n'):
        if line.startswith('GPU '):
            listed.append([])
        elif line.strip().startswith('MIG '):
            listed[-1].append(line.split()[1])
    return listed or gpus


def has_runtime():
    """Whether the container runtime has been told of NVIDIA's."""
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


def sample_end(spec):
    """How a pod of CUDA's vectorAdd ends here: `(exit code, reason, message)`; None for others, and while it cannot start."""
    containers = spec.get('containers') or [{}]
    if not SAMPLE.search(containers[0].get('image', '')):
        return None
    if spec.get('runtimeClassName') != 'nvidia':
        return 1, 'Error', 'Failed to allocate device vector A (error code CUDA driver version is insufficient for CUDA runtime version)!\n'
    if not has_runtime():
        return None
    # Of the driver's two halves one was upgraded, and the other is still loaded.
    try:
        with open(DRIVER) as installed, open(LOADED) as loaded:
            fits = installed.read().strip() in loaded.read()
    except OSError:
        return 128, 'StartError', _HOOK.format('driver not loaded')
    return (0, 'Completed', '') if fits else (128, 'StartError', _HOOK.format('driver/library version mismatch'))


# https://github.com/NVIDIA/k8s-device-plugin/issues/1431 and https://github.com/NVIDIA/gpu-operator/issues/898 (code and reason)
_HOOK = ('failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start '
         "container process: error during container init: error running prestart hook #0: exit status 1, stdout: , stderr: Auto-detected "
         "mode as 'legacy'\nnvidia-container-cli: initialization error: nvml error: {}: unknown")
