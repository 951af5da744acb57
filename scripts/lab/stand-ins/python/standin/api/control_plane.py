"""The one process that stands in for etcd, kube-apiserver, kube-controller-manager and kube-scheduler of a node."""
import json
import os
import socket
import subprocess
import sys
import threading
import time

from .. import containers, settings
from ..etcd import Etcd
from ..http import Unreachable
from ..text import out
from . import services
from .controllers import Controllers
from .external_store import ExternalStore
from .follower import Follower
from .server import Server, listen
from .store import Store

PODS_FILE = '/run/slipway-stand-in/static-pods.json'
UNIT = 'slipway-stand-in-control-plane.service'
# Seconds from a manifest's appearance until the component listens, seen with 1.34.9.
# In etcd's directory. While it is there, etcd is a learner: it serves no API server until kubeadm has promoted it.
LEARNER_MARK = 'stand-in-learner'
_DELAYS = {'etcd': 1.2, 'kube-apiserver': 2.0, 'kube-controller-manager': 1.8, 'kube-scheduler': 1.8}


class ControlPlane:
    """Starts and stops components as the kubelet's list of static pods says."""

    def __init__(self, pods_file=PODS_FILE):
        self.pods_file, self.mtime, self.wanted, self.due = pods_file, None, {}, {}
        self.running, self.store, self.server, self.controllers = {}, None, None, None
        self.held = set()  # ended, and started again by a kubelet only

    def run(self):
        while True:
            self._look()
            self._stop_containers()
            self._start_and_stop()
            if self.controllers and 'kube-controller-manager' in self.running:
                try:
                    self.controllers.tick()
                except Exception as error:  # a controller that fails must not take the API down
                    out(f'controllers: {error!r}')
            waiting = [at for name, at in self.due.items() if name not in self.running]
            delay = min([1.0] + [max(0.05, at - time.monotonic()) for at in waiting])
            if self.store and self.controllers:
                with self.store.lock:
                    # Controllers act soon after a change, and look at the clock once a second.
                    self.store.changed.wait(delay)
                time.sleep(0.05)
            else:
                time.sleep(delay)

    def _look(self):
        try:
            mtime = os.stat(self.pods_file).st_mtime_ns
            if mtime == self.mtime:
                return
            with open(self.pods_file) as file:
                wanted = json.load(file)
        except (OSError, ValueError):
            mtime, wanted = None, {}
        self.mtime = mtime
        now = time.monotonic()
        for name, pod in wanted.items():
            if name in _DELAYS and self.wanted.get(name) != pod:
                self._stop(name)
                self.due[name] = now + settings.scaled(_DELAYS[name])
        for name in list(self.wanted):
            if name not in wanted:
                self._stop(name)
                containers.removed(name)
                self.due.pop(name, None)
        self.wanted = wanted

    def _stop_containers(self):
        """What crictl was told to end; the kubelet starts it anew."""
        for name in containers.to_be_stopped():
            # An API server whose etcd has just ended is not in `running`, and its container runs all the same.
            if name in self.wanted:
                self._stop(name)
                self.held.add(name)
                self.due[name] = time.monotonic() + settings.scaled(_DELAYS[name])

    def _start_and_stop(self):
        now = time.monotonic()
        for name in ('etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'):
            if name in self.running or self.due.get(name, now + 1) > now:
                continue
            if name == 'kube-apiserver' and not self._has_etcd():
                continue
            if name in self.held and subprocess.run(['systemctl', 'is-active', '--quiet', 'kubelet']).returncode:
                self.due[name] = now + 0.5
                continue
            self.held.discard(name)
            try:
                getattr(self, '_start_' + name.replace('-', '_'))(Flags(self.wanted[name]['command']))
                containers.started(name)
            except (OSError, ValueError, Unreachable) as error:
                out(f'{name}: {error}')
                self.due[name] = now + settings.scaled(5, at_least=1)

    def _is_external(self):
        return Flags(self.wanted['kube-apiserver']['command'])['--etcd-servers'] not in ('', 'https://127.0.0.1:2379')

    def _has_etcd(self):
        if self._is_external():
            return True
        if 'etcd' not in self.running:
            return False
        return not os.path.exists(os.path.join(Flags(self.wanted['etcd']['command'])['--data-dir'], LEARNER_MARK))

    def _stop(self, name):
        containers.ended(name)
        for listener in self.running.pop(name, []):
            _close(listener)
        if name in ('etcd', 'kube-apiserver') and self.server:
            self.server.stop()
            self.server = None
            self.running.pop('kube-apiserver', None)
            if isinstance(self.store, ExternalStore):
                self.store = self.controllers = None
        if name == 'etcd':
            if self.store and self.store.log:
                self.store.log.close()
            self.store = self.controllers = None

    def _start_etcd(self, flags):
        address = flags.address('--listen-peer-urls')
        self.running['etcd'] = [_dummy('127.0.0.1', 2379), _dummy(address, 2379), _dummy(address, 2380), _dummy('127.0.0.1', 2381)]
        self.store = Store(flags['--data-dir'])
        self.initial_cluster = flags['--initial-cluster']
        self.member = flags['--name']

    def _start_kube_apiserver(self, flags):
        version = self.wanted['kube-apiserver']['image'].rpartition(':v')[2]
        is_external = self._is_external()
        if is_external:
            etcd = Etcd(flags['--etcd-servers'].split(','), flags['--etcd-cafile'], flags['--etcd-certfile'], flags['--etcd-keyfile'])
            self.store = ExternalStore(etcd, flags['--etcd-prefix'])
            self.member = flags['--advertise-address']
            self.initial_cluster = f'{self.member}=https://{self.member}:2380'
        self.store.service_range = flags['--service-cluster-ip-range'] or services.DEFAULT_RANGE
        server = Server(self.store, version, os.path.dirname(flags['--client-ca-file']), port=int(flags['--secure-port'] or 6443))
        peers = dict(pair.split('=', 1) for pair in self.initial_cluster.split(',') if '=' in pair)
        server.follows = Follower(server, self.member, peers, is_external)
        server.start()
        self.server = server
        self.running['kube-apiserver'] = []
        cidr = Flags(self.wanted.get('kube-controller-manager', {}).get('command', []))['--cluster-cidr']
        self.controllers = Controllers(self.store, server.pki, cidr)
        self.controllers.tick = server.follows.guarded(self.controllers.tick)

    def _start_kube_controller_manager(self, flags):
        self.running['kube-controller-manager'] = [_dummy('127.0.0.1', 10257)]
        if self.controllers:
            self.controllers.pod_subnet = flags['--cluster-cidr']

    def _start_kube_scheduler(self, flags):
        self.running['kube-scheduler'] = [_dummy('127.0.0.1', 10259)]


class Flags:
    """The `--name=value` flags of a component's command."""

    def __init__(self, command):
        self.values = dict(word.split('=', 1) for word in command if word.startswith('--') and '=' in word)

    def __getitem__(self, name):
        return self.values.get(name, '')

    def address(self, name):
        return self[name].split(',')[0].split('//')[-1].rpartition(':')[0].strip('[]')


def _dummy(address, port):
    """A listener that takes connections and says nothing."""
    listener = listen(address, port)

    def accept():
        while True:
            try:
                listener.accept()[0].close()
            except OSError:
                return
    threading.Thread(target=accept, daemon=True).start()
    return listener


def _close(listener):
    try:
        listener.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    listener.close()


def main(arguments):
    """Run for the kubelet; with `--directory` and `--pki`, one API server for tests that prints its port."""
    if not arguments:
        ControlPlane().run()
    options = dict(zip(arguments[::2], arguments[1::2]))
    store = Store(options.get('--directory'))
    server = Server(store, settings.VERSION, options['--pki'], '127.0.0.1', int(options.get('--port', '0')))
    controllers = Controllers(store, options['--pki'], options.get('--pod-subnet', ''))
    controllers.tick()
    server.start()
    out(f'listening on {server.port}')
    while True:
        with store.lock:
            store.changed.wait(1)
        time.sleep(0.02)
        controllers.tick()
        if os.getppid() == 1:
            sys.exit(0)
