"""The kubelet stand-in: a service that registers its node, reports pods and starts the control plane's stand-in."""
import json
import os
import signal
import subprocess
import sys
import threading
import time

from .. import cri, kubeconfig, settings, yaml
from ..api.control_plane import PODS_FILE, UNIT
from ..api.server import listen
from ..http import ApiError, Unreachable
from ..text import klog, out
from . import credentials, gpus, host
from .node import Node, has_network
from .pods import Pods, manifests, write_network

HELP = f'''kubelet (stand-in). {settings.STAND_IN}

Usage:
  kubelet [flags]
'''
_COMPONENTS = ('etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler')


def main():
    arguments = sys.argv[1:]
    if '--version' in arguments:
        out(f'Kubernetes v{settings.VERSION}')
        return
    if '--help' in arguments or '-h' in arguments:
        out(HELP, end='')
        return
    flags = {}
    for word in arguments:
        name, _, value = word.partition('=')
        flags[name] = value or 'true'
    Kubelet(flags, _configuration(flags.get('--config'))).run()


def fail(problem):
    """End as the kubelet ends: one line for the journal, status 1."""
    klog('E', 'run.go:72', f'"command failed" err={json.dumps(problem)}')
    sys.exit(1)


def _configuration(path):
    if not path:
        return {}
    try:
        with open(path) as file:
            return yaml.load(file.read()) or {}
    except OSError as error:
        fail(f'failed to load kubelet config file, path: {path}, error: failed to load Kubelet config file {path}, '
             f'error failed to read kubelet config file "{path}", error: open {path}: {os.strerror(error.errno).lower()}')
    except yaml.YamlError as error:
        fail(f'failed to load kubelet config file, path: {path}, error: failed to load Kubelet config file {path}, error {error}')


class Kubelet:
    """One run of the service."""

    def __init__(self, flags, config):
        self.flags, self.config = flags, config
        self.kubeconfig, self.bootstrap = flags.get('--kubeconfig', ''), flags.get('--bootstrap-kubeconfig', '')
        self.endpoint = config.get('containerRuntimeEndpoint') or flags.get('--container-runtime-endpoint') or 'unix:///run/containerd/containerd.sock'
        self.static_path = config.get('staticPodPath') or ''
        self._check()
        name = flags.get('--hostname-override') or host.hostname()
        address = flags.get('--node-ip') or host.node_address(name)
        labels = dict(pair.partition('=')[::2] for pair in flags.get('--node-labels', '').split(',') if pair)
        taints = [_taint(word) for word in flags.get('--register-with-taints', '').split(',') if word]
        self.node = Node(name, address, self.endpoint, labels, taints or config.get('registerWithTaints') or [],
                         config.get('maxPods') or 110)
        self.pods, self.plugins = Pods(name, address), gpus.Plugins()
        self.api, self.proxy_listeners = None, []

    def _check(self):
        """What keeps a kubelet from starting."""
        if not isinstance(self.config.get('maxPods', 110), int):
            path = self.flags.get('--config')
            fail(f'failed to load kubelet config file, path: {path}, error: failed to load Kubelet config file {path}, error failed to decode: '
                 'json: cannot unmarshal string into Go struct field KubeletConfiguration.maxPods of type int32')
        if settings.MINOR >= 35 and self.config.get('failCgroupV1', True) and host.is_cgroup_v1():
            fail('failed to validate kubelet configuration, error: kubelet is configured to not run on a host using cgroup v1. '
                 'cgroup v1 support is unsupported and will be removed in a future release, path: &TypeMeta{Kind:,APIVersion:,}')
        if self._cpu_policy() == 'static' and not any(self.config.get(name) for name in ('kubeReserved', 'systemReserved', 'reservedSystemCPUs')):
            fail('failed to run Kubelet: [cpumanager] unable to determine reserved CPU resources for static policy')
        if self.config.get('failSwapOn', True) and len(host.read('/proc/swaps').strip().split('\n')) > 1:
            fail('failed to run Kubelet: running with swap on is not supported, please disable swap or set --fail-swap-on flag to false')
        if not credentials.are_there(self.kubeconfig) and not os.path.exists(self.bootstrap):
            fail(f'failed to run Kubelet: unable to load bootstrap kubeconfig: stat {self.bootstrap}: no such file or directory')
        problem = credentials.half_a_pair()
        if problem and not self.config.get('serverTLSBootstrap'):
            fail(problem)
        self._wait_for_runtime()

    def _cpu_policy(self):
        return self.config.get('cpuManagerPolicy') or 'none'

    def _restore_cpus(self):
        """The real one answers healthz by then, and ends a moment later."""
        path, wanted = '/var/lib/kubelet/cpu_manager_state', self._cpu_policy()
        found = json.loads(host.read(path) or '{}').get('policyName', wanted)
        if found != wanted:
            time.sleep(0.2)
            problem = (f'start cpu manager error: could not restore state from checkpoint: configured policy "{wanted}" differs from state checkpoint '
                       f'policy "{found}", please drain this node and delete the CPU manager checkpoint file "{path}" before restarting Kubelet')
            klog('E', 'kubelet.go:1727', f'"Failed to start ContainerManager" err={json.dumps(problem)}')
            sys.exit(1)

    def _wait_for_runtime(self):
        """The real one fails at once; a moment's patience saves ten seconds when both start with the host."""
        end = time.monotonic() + settings.scaled(3)
        while True:
            try:
                cri.Runtime(self.endpoint).version()
                return
            except cri.CriError as error:
                if time.monotonic() >= end:
                    fail(f'failed to run Kubelet: {error}')
            time.sleep(0.2)

    def run(self):
        signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
        klog('I', 'server.go:213', f'"Kubelet version" kubeletVersion="v{settings.VERSION}"')
        self._serve()
        for folder in ('pki', 'checkpoints', 'device-plugins', 'plugins', 'plugins_registry', 'pod-resources', 'pods'):
            mode = 0o755 if folder == 'pki' else 0o700 if folder == 'checkpoints' else 0o750
            os.makedirs(f'/var/lib/kubelet/{folder}', mode=mode, exist_ok=True)
        if settings.MINOR >= 35:
            os.makedirs('/var/lib/kubelet/image_manager/pulled', mode=0o700, exist_ok=True)
            os.makedirs('/var/lib/kubelet/image_manager/pulling', mode=0o700, exist_ok=True)
            os.chmod('/var/lib/kubelet/image_manager', 0o700)
        self._restore_cpus()
        threading.Thread(target=self._static_pods, daemon=True).start()
        self._credentials()
        for name, text in (('cpu_manager_state', json.dumps({'policyName': self._cpu_policy(), 'defaultCpuSet': '', 'checksum': 1353318690})),
                           ('memory_manager_state', '{"policyName":"None","machineState":{},"checksum":4236770233}'),
                           ('dra_manager_state', json.dumps({'version': 'v1', 'data': '', 'checksum': 0}))):
            _write_once(f'/var/lib/kubelet/{name}', text)
        self._loop()

    def _serve(self):
        """healthz on loopback, and the kubelet's own port."""
        address, port = self.config.get('healthzBindAddress') or '127.0.0.1', self.config.get('healthzPort') or 10248
        def serve(listener, answer):
            while True:
                connection, _ = listener.accept()
                try:
                    connection.settimeout(2)
                    # An answer before all of the question has come would be followed by a reset, which may overtake it.
                    asked, more = b'', answer
                    while more and b'\r\n\r\n' not in asked:
                        more = connection.recv(4096)
                        asked += more
                    if more:
                        connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok')
                except OSError:
                    pass
                connection.close()
        try:
            for listener, answer in ((listen(address, port), True), (listen('::', 10250), False)):
                threading.Thread(target=serve, args=(listener, answer), daemon=True).start()
        except OSError as error:
            fail(f'failed to run Kubelet: listen tcp: {os.strerror(error.errno).lower()}')

    def _serve_proxy(self, runs):
        """kube-proxy's health and metrics ports are there while its pod runs."""
        if runs and not self.proxy_listeners:
            try:
                self.proxy_listeners = [listen('::', 10256), listen('127.0.0.1', 10249)]
            except OSError:
                pass
        elif not runs:
            while self.proxy_listeners:
                self.proxy_listeners.pop().close()

    def _credentials(self):
        if not credentials.are_there(self.kubeconfig):
            credentials.bootstrap(self.node.name, self.bootstrap, self.kubeconfig)
        elif self.config.get('rotateCertificates') and not os.path.exists(credentials.CURRENT):
            credentials.from_kubeconfig(self.kubeconfig)
        threading.Thread(target=credentials.serving_pair, args=(self.node.name,), daemon=True).start()

    def _static_pods(self):
        """Tell the control plane's process which static pods there are; start it when there are any."""
        known = None
        while True:
            found = manifests(self.static_path) if self.static_path else {}
            wanted = {name: {'command': pod['spec']['containers'][0].get('command') or [], 'image': pod['spec']['containers'][0].get('image', '')}
                      for name, (pod, _) in found.items() if name in _COMPONENTS}
            if wanted != known:
                known = wanted
                os.makedirs(os.path.dirname(PODS_FILE), exist_ok=True)
                temporary = PODS_FILE + '.new'
                with open(temporary, 'w') as file:
                    json.dump(wanted, file)
                os.rename(temporary, PODS_FILE)
            if wanted and not os.path.exists(f'/run/systemd/transient/{UNIT}'):
                program = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), 'control-plane')
                subprocess.run(['systemd-run', '--quiet', '--collect', f'--unit={UNIT}', '--property=Restart=on-failure',
                                '--description=Stand-in for the containers of a control plane', program],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            if found:
                for name in ('actuated_pods_state', 'allocated_pods_state'):
                    _write_once(f'/var/lib/kubelet/{name}', json.dumps({'data': '{"podResourceEntries":' + json.dumps({n: {} for n in found}) + '}', 'checksum': 0}))
            time.sleep(1)

    def _loop(self):
        heartbeat, networked, next_beat, next_pods = settings.scaled(10, at_least=2), None, 0, 0
        while True:
            now = time.monotonic()
            has = self.pods.has_network = has_network()
            try:
                if self.api is None:
                    self.api = kubeconfig.client(self.kubeconfig, timeout=10)
                    self.api.headers['User-Agent'] = 'kubelet'
                if not self.node.is_registered:
                    self.node.register(self.api, has)
                    networked, next_beat = has, now + heartbeat
                elif has != networked or now >= next_beat:
                    networked, next_beat = has, now + heartbeat
                    self.node.beat(self.api, has)
                if now >= next_pods and not self.node.is_deleted:
                    next_pods = now + settings.scaled(2, at_least=1)
                    daemons = self.pods.sync(self.api, manifests(self.static_path) if self.static_path else {})
                    write_network(daemons)
                    # A resource whose plugin is gone stays, as none.
                    offered = {**dict.fromkeys(self.node.gpus, '0'), **self.plugins.offered(self.api, self.node.name, daemons)}
                    if offered != self.node.gpus:
                        self.node.gpus, next_beat = offered, 0
                    self._serve_proxy('kube-proxy' in daemons)
            except (ApiError, Unreachable) as error:
                if not self.node.is_registered:
                    klog('E', 'kubelet_node_status.go:107', f'"Unable to register node with API server" err={json.dumps(str(error))}')
                self.api = None
            except (OSError, kubeconfig.KubeconfigError) as error:
                klog('E', 'kubelet.go:2451', f'"Error getting credentials" err={json.dumps(str(error))}')
                self.api = None
            time.sleep(1 if self.node.is_registered else max(0.25, settings.scaled(0.5)))


def _taint(word):
    pair, _, effect = word.rpartition(':')
    key, _, value = pair.partition('=')
    return {'effect': effect, 'key': key, **({'value': value} if value else {})}


def _write_once(path, text):
    if not os.path.exists(path):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        os.write(descriptor, text.encode())
        os.close(descriptor)
