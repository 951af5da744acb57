"""Waiting for the kubelet and the control plane."""
import os
import socket
import subprocess
import time

from .. import settings
from ..http import Api, ApiError, Unreachable
from ..text import go_duration, out
from .errors import KubeadmError


def kubelet(limit, phase, first=0.0):
    """Wait for the kubelet's healthz; `first` is how long the first look takes."""
    out('[kubelet-check] Waiting for a healthy kubelet at http://127.0.0.1:10248/healthz. '
        f'This can take up to {go_duration(limit)}')
    start = time.monotonic()
    settings.pause(first)
    while time.monotonic() - start < settings.scaled(limit):
        if _healthy():
            out(f'[kubelet-check] The kubelet is healthy after {go_duration(time.monotonic() - start)}')
            return
        time.sleep(settings.scaled(0.5, at_least=0.05))
    out(f'[kubelet-check] The kubelet is not healthy after {go_duration(limit)}')
    out()
    out('Unfortunately, an error has occurred, likely caused by:')
    out('\t- The kubelet is not running')
    out('\t- The kubelet is unhealthy due to a misconfiguration of the node in some way (required cgroups disabled)')
    out()
    out('If you are on a systemd-powered system, you can try to troubleshoot the error with the following commands:')
    out("\t- 'systemctl status kubelet'")
    out("\t- 'journalctl -xeu kubelet'")
    out()
    raise KubeadmError(f'error execution phase {phase}: failed while waiting for the kubelet to start: The HTTP call equal to '
                       "'curl -sSL http://127.0.0.1:10248/healthz' returned error: Get \"http://127.0.0.1:10248/healthz\": "
                       'context deadline exceeded')


def _healthy():
    try:
        with socket.create_connection(('127.0.0.1', 10248), timeout=1) as connection:
            connection.sendall(b'GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n')
            return b' 200 ' in connection.recv(4096)
    except OSError:
        return False


def control_plane(address, port, limit, phase='wait-control-plane'):
    """Wait until the three components are healthy."""
    out(f'[control-plane-check] Waiting for healthy control plane components. This can take up to {go_duration(limit)}')
    url = f'https://[{address}]:{port}' if ':' in address else f'https://{address}:{port}'
    out(f'[control-plane-check] Checking kube-apiserver at {url}/livez')
    out('[control-plane-check] Checking kube-controller-manager at https://127.0.0.1:10257/healthz')
    out('[control-plane-check] Checking kube-scheduler at https://127.0.0.1:10259/livez')
    checks = {'kube-controller-manager': lambda: _open('127.0.0.1', 10257), 'kube-scheduler': lambda: _open('127.0.0.1', 10259),
              'kube-apiserver': lambda: _livez(url)}
    start = time.monotonic()
    while checks and time.monotonic() - start < settings.scaled(limit):
        for name in list(checks):
            if checks[name]():
                out(f'[control-plane-check] {name} is healthy after {go_duration(time.monotonic() - start)}')
                del checks[name]
        if checks:
            time.sleep(settings.scaled(0.5, at_least=0.05))
    if checks:
        for name in checks:
            out(f'[control-plane-check] {name} is not healthy after {go_duration(limit)}')
        raise KubeadmError(f'error execution phase {phase}: failed while waiting for the control plane to start: ['
                           + ', '.join(f'{name} check failed' for name in checks) + ']')


def _open(address, port):
    try:
        socket.create_connection((address, port), timeout=1).close()
        return True
    except OSError:
        return False


def _livez(url):
    try:
        api = Api(url, insecure=True, timeout=5)
        code = api.raw('GET', '/livez')[0]
        api.close()
        return code == 200
    except Unreachable:
        return False


def until(limit, attempt, every=0.5):
    """Try until the attempt succeeds; the last failure is raised when the time is over."""
    end = time.monotonic() + settings.scaled(limit, at_least=60)
    while True:
        try:
            return attempt()
        except (ApiError, Unreachable) as error:
            if time.monotonic() >= end:
                raise error
        time.sleep(settings.scaled(every, at_least=0.05))


def unit_is_active(unit):
    return subprocess.run(['systemctl', 'is-active', '--quiet', unit]).returncode == 0


def file_appears(path, limit):
    end = time.monotonic() + settings.scaled(limit)
    while not os.path.exists(path):
        if time.monotonic() >= end:
            return False
        time.sleep(0.1)
    return True
