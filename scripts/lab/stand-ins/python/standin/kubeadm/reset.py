"""`kubeadm reset`."""
import os
import shutil
import subprocess
import sys

from .. import containers, settings, yaml
from ..api.control_plane import PODS_FILE, UNIT
from ..http import ApiError, Unreachable
from ..kubelet import host
from ..text import klog, out
from . import config as configuration
from . import join_control_plane, kubelet_config, tokens
from .errors import KubeadmError

_FILES = [f'/etc/kubernetes/{name}.conf' for name in ('admin', 'super-admin', 'kubelet', 'bootstrap-kubelet', 'controller-manager', 'scheduler')]
_END = '''
The reset process does not perform cleanup of CNI plugin configuration,
network filtering rules and kubeconfig files.

For information on how to perform this cleanup manually, please see:
    https://k8s.io/docs/reference/setup-tools/kubeadm/kubeadm-reset/
'''


def run(flags):
    configuration.cri_socket(flags.get('--cri-socket'))
    has_config = _read_config()
    if '-f' not in flags and '--force' not in flags:
        klog('W', 'preflight.go:55', "[reset] WARNING: Changes made to this host by 'kubeadm init' or 'kubeadm join' will be reverted.")
        out('[reset] Are you sure you want to proceed? [y/N]: ', end='')
        if sys.stdin.readline().strip().lower() != 'y':
            raise KubeadmError("error execution phase preflight: won't proceed; the user didn't answer (Y|y) in order to continue")
    out('[preflight] Running pre-flight checks')
    if 'remove-etcd-member' in (flags.get('--skip-phases') or '').split(','):
        _stop_control_plane()
    else:
        directory = _data_directory(has_config)
        out(f'[reset] Deleted contents of the etcd data directory: {directory}')
        _stop_control_plane()
        _empty(directory)
    out('[reset] Stopping the kubelet service')
    kubelet_config.stop()
    out('[reset] Unmounting mounted directories in "/var/lib/kubelet"')
    folders = ['/etc/kubernetes/manifests', '/var/lib/kubelet', flags.get('--cert-dir', '/etc/kubernetes/pki')]
    settings.pause(0.5)
    out(f'[reset] Deleting contents of directories: [{" ".join(folders)}]')
    for folder in folders:
        _empty(folder)
    out(f'[reset] Deleting files: [{" ".join(_FILES)}]')
    for path in _FILES:
        if os.path.exists(path):
            os.unlink(path)
    if flags.get('--cleanup-tmp-dir'):
        shutil.rmtree('/etc/kubernetes/tmp', ignore_errors=True)
    out(_END)


def _data_directory(found):
    """Where kubeadm looks for it: its usual one, also where etcd is external."""
    if found is not None:
        local = ((yaml.load(found['data']['ClusterConfiguration']).get('etcd') or {}).get('local') or {}).get('dataDir')
        if local:
            return local
    klog('W', 'removeetcdmember.go:105', '[reset] No kubeadm config, using etcd pod spec to get data directory')
    pod = yaml.load(host.read('/etc/kubernetes/manifests/etcd.yaml') or '{}') or {}
    volumes = (pod.get('spec') or {}).get('volumes') or []
    return next((one['hostPath']['path'] for one in volumes if one['name'] == 'etcd-data'), '/var/lib/etcd')


def _read_config():
    """On a control plane the cluster's configuration is read, and this etcd member taken out."""
    if not os.path.exists(tokens.ADMIN):
        return None
    out('[reset] Reading configuration from the "kubeadm-config" ConfigMap in namespace "kube-system"...')
    out("[reset] Use 'kubeadm init phase upload-config kubeadm --config your-config-file' to re-upload it.")
    try:
        api = tokens.admin_client()
        found = api.get('/api/v1/namespaces/kube-system/configmaps/kubeadm-config')
        join_control_plane.remove_member(api, host.hostname())
        return found
    except (ApiError, Unreachable, KubeadmError) as error:
        klog('W', 'reset.go:141', f'[reset] Unable to fetch the kubeadm-config ConfigMap from cluster: failed to get config map: {error}')
        return None


def _stop_control_plane():
    """What removing the static pods' containers is to the real one."""
    subprocess.run(['systemctl', 'stop', UNIT], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for path in (PODS_FILE, containers.FILE):
        if os.path.exists(path):
            os.unlink(path)


def _empty(folder):
    if not os.path.isdir(folder):
        return
    for name in os.listdir(folder):
        path = os.path.join(folder, name)
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path, ignore_errors=True)
        else:
            os.unlink(path)
