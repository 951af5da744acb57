"""What the kubelet reads of its host: addresses, sizes, identities."""
import os
import socket


def hostname():
    return socket.gethostname().lower()


def is_cgroup_v1():
    """Whether the kernel's cgroups are v1 or hybrid."""
    return not os.path.exists('/sys/fs/cgroup/cgroup.controllers')


def default_address():
    """The address of the interface with the default route."""
    probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        probe.connect(('192.0.2.1', 9))
        return probe.getsockname()[0]
    except OSError:
        return '127.0.0.1'
    finally:
        probe.close()


def node_address(name):
    """A node's own address: what its name resolves to when that is local, else that of the default route."""
    try:
        address = socket.gethostbyname(name)
        if not address.startswith('127.'):
            return address
    except OSError:
        pass
    return default_address()


def read(path, default=''):
    try:
        with open(path) as file:
            return file.read().strip()
    except OSError:
        return default


def _memory_kib():
    for line in read('/proc/meminfo').split('\n'):
        if line.startswith('MemTotal:'):
            return int(line.split()[1])
    return 0


def capacity(pods=110):
    """Capacity and allocatable of the node."""
    disk = os.statvfs('/var/lib/kubelet' if os.path.isdir('/var/lib/kubelet') else '/')
    disk_kib, memory = disk.f_blocks * disk.f_frsize // 1024, _memory_kib()
    common = {'cpu': str(os.cpu_count()), 'hugepages-1Gi': '0', 'hugepages-2Mi': '0', 'pods': str(pods)}
    return ({**common, 'ephemeral-storage': f'{disk_kib}Ki', 'memory': f'{memory}Ki'},
            {**common, 'ephemeral-storage': str(disk_kib * 1024 * 9 // 10), 'memory': f'{max(0, memory - 102400)}Ki'})


def node_info(kubelet_version, runtime):
    """status.nodeInfo; `runtime` is what the CRI's Version said, or None."""
    release = dict(line.split('=', 1) for line in read('/etc/os-release').split('\n') if '=' in line)
    machine = read('/etc/machine-id')
    version = ''
    if runtime:
        number = runtime['version'].lstrip('v')
        end = next((at for at, char in enumerate(number) if char not in '0123456789.'), len(number))
        version = f"{runtime['name']}://{number[:end]}"
    return {'architecture': architecture(), 'bootID': read('/proc/sys/kernel/random/boot_id'), 'containerRuntimeVersion': version,
            'kernelVersion': os.uname().release, 'kubeProxyVersion': '', 'kubeletVersion': f'v{kubelet_version}', 'machineID': machine,
            'operatingSystem': 'linux', 'osImage': release.get('PRETTY_NAME', 'Linux').strip('"'),
            'systemUUID': read('/sys/class/dmi/id/product_uuid') or machine}


def architecture():
    return {'x86_64': 'amd64', 'aarch64': 'arm64'}.get(os.uname().machine, os.uname().machine)
