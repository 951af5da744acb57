"""Preflight checks: real ones, with kubeadm's names and texts."""
import os
import socket
import subprocess

from .. import cri, settings
from ..etcd import OLDEST, OLDEST_TEXT, Etcd
from ..http import Unreachable
from ..kubelet import host
from ..text import err, klog, out
from . import versions
from .errors import KubeadmError

_CGROUP_OLD = 'cgroups v1 support is in maintenance mode, please migrate to cgroups v2'
_CGROUP_NEW = ('cgroups v1 support is deprecated and will be removed in a future release. Please migrate to cgroups v2. To explicitly enable '
               "cgroups v1 support for kubelet v1.35 or newer, you must set the kubelet configuration option 'FailCgroupV1' to 'false'. You must "
               'also explicitly skip this validation. For more information, see https://git.k8s.io/enhancements/keps/sig-node/5573-remove-cgroup-v1')
_RUNTIME_CONFIG = ('You must update your container runtime to a version that supports the CRI method RuntimeConfig. Falling back to using '
                   'cgroupDriver from kubelet config will be removed in 1.{}. For more information, see '
                   'https://git.k8s.io/enhancements/keps/sig-node/4033-group-driver-detection-over-cri')
_SWAP = ('swap is supported for cgroup v2 only. The kubelet must be properly configured to use swap. Please refer to '
         'https://kubernetes.io/docs/concepts/architecture/nodes/#swap-memory, or disable swap on the node')
_SWAP_V2 = 'swap is enabled; production deployments should disable swap unless testing the NodeSwap feature gate of the kubelet'
_VERIFIED = ' '.join(f'CONFIG_{name}' for name in '''NAMESPACES NET_NS PID_NS IPC_NS UTS_NS CPUSETS MEMCG INET EXT4_FS PROC_FS
    NETFILTER_XT_TARGET_REDIRECT NETFILTER_XT_MATCH_COMMENT FAIR_GROUP_SCHED CGROUPS CGROUP_CPUACCT CGROUP_DEVICE CGROUP_FREEZER
    CGROUP_PIDS CGROUP_SCHED OVERLAY_FS AUFS_FS BLK_DEV_DM CFS_BANDWIDTH SECCOMP SECCOMP_FILTER'''.split()) + ' OS ' + ' '.join(
    f'CGROUPS_{name}' for name in 'CPU CPUACCT CPUSET DEVICES FREEZER MEMORY PIDS HUGETLB BLKIO'.split())
COMPONENTS = ('kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'etcd')


def parse_ignored(words):
    """The set of ignored names, lower case; names of no check are fine, `all` with others is not."""
    names = {name.strip().lower() for word in words for name in word.split(',') if name.strip()}
    if 'all' in names and len(names) > 1:
        listed = ','.join(sorted(names))
        raise KubeadmError(f'ignore-preflight-errors: Invalid value: "{listed}": don\'t specify individual checks if \'all\' is used')
    return names


class Preflight:
    """One run over a list of checks: warnings as they come, errors together at the end."""

    def __init__(self, ignored):
        self.ignored, self.errors, self.raw = ignored, [], []

    def warn(self, name, text):
        err(f'\t[WARNING {name}]: {text}')

    def error(self, name, text):
        """A failed check; a warning when it is ignored."""
        if name.lower() in self.ignored or 'all' in self.ignored:
            self.warn(name, text)
        else:
            self.errors.append(f'\t[ERROR {name}]: {text}\n')

    def finish(self):
        """Raises KubeadmError when a check failed."""
        if self.errors or self.raw:
            err('[preflight] Some fatal errors occurred:')
            # 1.34 prints an error of the runtime without a name and glued to the next line.
            err(''.join(self.errors) + ''.join(self.raw) + '[preflight] If you know what you are doing, you can make a check non-fatal with '
                '`--ignore-preflight-errors=...`')
            raise KubeadmError('error execution phase preflight: preflight checks failed')

    def port(self, number):
        if _listens(number):
            self.error(f'Port-{number}', f'Port {number} is in use')

    def file_absent(self, path):
        if os.path.exists(path):
            self.error('FileAvailable-' + path.replace('/', '-'), f'{path} already exists')

    def dir_absent(self, path):
        if os.path.isdir(path) and os.listdir(path):
            self.error('DirAvailable-' + path.replace('/', '-'), f'{path} is not empty')

    def is_root(self):
        if os.geteuid() != 0:
            self.error('IsPrivilegedUser', 'user is not running as root')

    def common(self, name, endpoint, kubernetes_version):
        """The checks of every node."""
        self._runtime(endpoint)
        self._ip_forward()
        self._swap()
        self._system()
        if settings.MINOR == 35:
            self._runtime_config(endpoint)
        self._hostname(name)
        self._kubelet_version(kubernetes_version)
        self._service('kubelet')
        self.port(10250)

    def _runtime(self, endpoint):
        runtime = cri.Runtime(endpoint)
        try:
            runtime.version()
        except cri.CriError as problem:
            text = f'failed to create new CRI runtime service: {problem}'
            if settings.MINOR >= 36:
                self.error('CRI', f'could not connect to the container runtime: {text}')
                self.error('ContainerRuntimeVersion', f'could not connect to the container runtime: {text}')
            else:
                klog('W', 'checks.go:1046', "[preflight] WARNING: Couldn't create the interface used for talking to the container runtime: " + text)
            return
        if settings.MINOR >= 36:
            self._runtime_config(endpoint)

    def _runtime_config(self, endpoint):
        """1.35 warns after the system verification, 1.36 before it and with a line of the log."""
        if cri.Runtime(endpoint).has_runtime_config():
            return
        if settings.MINOR >= 36:
            klog('E', 'remote_runtime.go:1177', '"RuntimeConfig from runtime service failed" err="rpc error: code = Unimplemented desc = '
                 'method RuntimeConfig not implemented"')
        self.warn('ContainerRuntimeVersion', _RUNTIME_CONFIG.format(settings.MINOR + 1))

    def _ip_forward(self):
        path = '/proc/sys/net/ipv4/ip_forward'
        if host.read(path) != '1':
            self.error('FileContent--proc-sys-net-ipv4-ip_forward', f'{path} contents are not set to 1')

    def _swap(self):
        if len(host.read('/proc/swaps').strip().split('\n')) > 1:
            self.warn('Swap', _SWAP if host.is_cgroup_v1() else _SWAP_V2)

    def _system(self):
        if not host.is_cgroup_v1():
            return
        if settings.MINOR < 35:
            self.warn('SystemVerification', _CGROUP_OLD)
            return
        out('[preflight] The system verification failed. Printing the output from the verification:')
        out(f'\x1b[0;37mKERNEL_VERSION\x1b[0m: \x1b[0;32m{os.uname().release}\x1b[0m')
        for name in _VERIFIED.split():
            missing = {'CONFIG_AUFS_FS': 'aufs', 'CONFIG_BLK_DEV_DM': 'devicemapper'}.get(name)
            text = f'\x1b[0;33mnot set - Required for {missing}.' if missing else '\x1b[0;32m' + ('Linux' if name == 'OS' else 'enabled')
            out(f'\x1b[0;37m{name}\x1b[0m: {text}\x1b[0m')
        self.error('SystemVerification', _CGROUP_NEW)

    def _hostname(self, name):
        try:
            socket.getaddrinfo(name, None)
        except OSError:
            self.warn('Hostname', f'hostname "{name}" could not be reached')
            server = next((line.split()[1] for line in host.read('/etc/resolv.conf').split('\n') if line.startswith('nameserver')), '127.0.0.1')
            self.warn('Hostname', f'hostname "{name}": lookup {name} on {server}:53: no such host')

    def _kubelet_version(self, kubernetes_version):
        try:
            text = subprocess.run(['kubelet', '--version'], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout.decode()
        except OSError:
            self.error('KubeletVersion', "couldn't get kubelet version: cannot execute 'kubelet --version': executable file not found in $PATH")
            return
        version = text.strip().rpartition('v')[2]
        if kubernetes_version and _numbers(version)[:2] > _numbers(kubernetes_version)[:2]:
            self.error('KubeletVersion', 'the kubelet version is higher than the control plane version. This is not a supported version skew and '
                       f'may lead to a malfunctional cluster. Kubelet version: "{version}" Control plane version: "{kubernetes_version.lstrip("v")}"')

    def _service(self, unit):
        state = subprocess.run(['systemctl', 'is-enabled', unit], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout.decode().strip()
        if state not in ('enabled', 'static', 'indirect', 'enabled-runtime'):
            self.warn(f'Service-{unit.capitalize()}', f"{unit} service is not enabled, please run 'systemctl enable {unit}.service'")


def init_checks(config, ignored):
    """The checks before `init`."""
    out('[preflight] Running pre-flight checks')
    run = Preflight(ignored)
    run.is_root()
    count = len(os.sched_getaffinity(0))
    if count < 2:
        run.error('NumCPU', f'the number of available CPUs {count} is less than the required 2')
    memory = int(host.capacity()[0]['memory'][:-2]) // 1024
    if memory < 1700:
        run.error('Mem', f'the system RAM ({memory} MB) is less than the minimum 1700 MB')
    _version_warning(run, config.version)
    _control_plane(run, config.port)
    run.common(config.name, config.socket, config.version)
    _etcd(run, config)
    run.finish()


def _version_warning(run, version):
    if _numbers(version)[1] > settings.MINOR:
        run.warn('KubernetesVersion', 'Kubernetes version is greater than kubeadm version. Please consider to upgrade kubeadm. Kubernetes version: '
                 f'{version.lstrip("v")}. Kubeadm version: 1.{settings.MINOR}.x')


def _control_plane(run, port):
    for number in (port, 10259, 10257):
        run.port(number)
    for name in COMPONENTS:
        run.file_absent(f'/etc/kubernetes/manifests/{name}.yaml')


def _etcd(run, config, downloads=False):
    if not config.external:
        run.port(2379)
        run.port(2380)
        run.dir_absent(config.etcd_dir)
        return
    if downloads:  # its certificates come later
        return
    files = [config.external.get(field) or '' for field in ('caFile', 'certFile', 'keyFile')]
    missing = [path for path in files if not os.path.exists(path)]
    for path in missing:
        run.error('ExternalEtcdClientCertificates', f"{path} doesn't exist")
    endpoints = config.external.get('endpoints') or []
    client = None if missing else Etcd(endpoints, *files)
    for endpoint in endpoints if client else ():
        try:
            version = client.version(endpoint)
        except Unreachable as error:
            settings.pause(10)
            run.error('ExternalEtcdVersion', f'Get "{endpoint}/version": {error}')
            continue
        if tuple(int(part) for part in version.split('-')[0].split('.')) < OLDEST:
            run.error('ExternalEtcdVersion', f'this version of kubeadm only supports external etcd version >= {OLDEST_TEXT}. '
                      f'Current version: {version}')


def join_checks(config, ignored):
    """The first checks of `join`."""
    out('[preflight] Running pre-flight checks')
    run = Preflight(ignored)
    run.is_root()
    run.file_absent('/etc/kubernetes/kubelet.conf')
    run.file_absent('/etc/kubernetes/bootstrap-kubelet.conf')
    run.common(config.name, config.socket, '')
    if not config.control_plane:
        run.file_absent(config.ca_path)
    run.finish()


def control_plane_checks(cluster, ignored, port=6443, downloads=True):
    """The second checks of a control plane's `join`."""
    out('[preflight] Running pre-flight checks before initializing the new control plane instance')
    run = Preflight(ignored)
    _version_warning(run, cluster.version)
    _control_plane(run, port)
    _etcd(run, cluster, downloads)
    run.finish()


def pull_images(config, ignored, is_dry=False):
    """The announcement of the pull, and what comes of a runtime that does not answer."""
    if is_dry:
        out("[preflight] Would pull the required images (like 'kubeadm config images pull')")
        return
    out('[preflight] Pulling images required for setting up a Kubernetes cluster')
    out('[preflight] This might take a minute or two, depending on the speed of your internet connection')
    out("[preflight] You can also perform this action beforehand using 'kubeadm config images pull'")
    run = Preflight(ignored)
    runtime = cri.Runtime(config.socket)
    try:
        runtime.version()
    except cri.CriError as problem:
        run.raw.append(f'failed to create new CRI runtime service: {problem}')
        run.finish()
    _sandbox(runtime, config)
    if settings.OPTIONS.get('imagePull') == 'fails':
        # As with imagePullPolicy IfNotPresent: what is there needs no registry.
        there = {tag for image in runtime.images() for tag in image['repoTags']}
        missing = [image for image in versions.images(config.version, config.repository, config.external) if image not in there]
        for image in missing[:4]:
            run.error('ImagePull', f'failed to pull image {image}: {pull_problem(image)}')
        run.finish()


def pull_problem(image):
    """The text of a pull on a host without a way out."""
    registry, _, rest = image.partition('/')
    name, _, tag = rest.rpartition(':')
    return (f'failed to pull image {image}: failed to pull and unpack image "{image}": failed to resolve reference "{image}": failed to do request: '
            f'Head "https://{registry}/v2/{name}/manifests/{tag}": dial tcp: lookup {registry}: no such host')


def _sandbox(runtime, config):
    try:
        image = runtime.sandbox_image()
    except (cri.CriError, ValueError):
        return
    wanted = versions.pause_image(config.repository)
    if image and image != wanted:
        line = 907 if settings.MINOR >= 36 else 827
        klog('W', f'checks.go:{line}', f'detected that the sandbox image "{image}" of the container runtime is inconsistent with that used by '
             f'kubeadm. It is recommended to use "{wanted}" as the CRI sandbox image.')


def _numbers(version):
    return [int(part) for part in version.lstrip('v').split('-')[0].split('.') if part.isdigit()]


def _listens(port):
    """Whether something listens on the port, on any address."""
    wanted = f'{port:04X}'
    for path in ('/proc/net/tcp', '/proc/net/tcp6'):
        for line in host.read(path).split('\n')[1:]:
            fields = line.split()
            if len(fields) > 3 and fields[3] == '0A' and fields[1].rpartition(':')[2] == wanted:
                return True
    return False
