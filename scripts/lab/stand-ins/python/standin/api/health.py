"""/livez, /readyz and /version."""
from .. import settings

_CHECKS = '''ping log {etcd}informer-sync poststarthook/start-apiserver-admission-initializer
poststarthook/generic-apiserver-start-informers poststarthook/priority-and-fairness-config-consumer
poststarthook/priority-and-fairness-filter poststarthook/storage-object-count-tracker-hook
poststarthook/start-apiextensions-informers poststarthook/start-apiextensions-controllers poststarthook/crd-informer-synced
poststarthook/start-system-namespaces-controller {peer}poststarthook/start-cluster-authentication-info-controller
poststarthook/start-kube-apiserver-identity-lease-controller
poststarthook/start-kube-apiserver-identity-lease-garbage-collector {storage}poststarthook/start-legacy-token-tracking-controller
poststarthook/start-service-ip-repair-controllers poststarthook/rbac/bootstrap-roles
poststarthook/scheduling/bootstrap-system-priority-classes poststarthook/priority-and-fairness-config-producer
poststarthook/bootstrap-controller poststarthook/start-kubernetes-service-cidr-controller
poststarthook/aggregator-reload-proxy-client-cert poststarthook/start-kube-aggregator-informers
poststarthook/apiservice-status-local-available-controller poststarthook/apiservice-status-remote-available-controller
poststarthook/apiservice-registration-controller poststarthook/apiservice-wait-for-first-sync
poststarthook/apiservice-discovery-controller poststarthook/kube-apiserver-autoregistration autoregister-completion
poststarthook/apiservice-openapi-controller poststarthook/apiservice-openapiv3-controller{shutdown}'''


def answer(request, uptime, version, etcd=None):
    """Code and text; for the first 1.5 s the roles are not there yet and the check fails, as seen with 1.34.9."""
    name = request.path.strip('/')
    ready = uptime >= settings.scaled(1.5)
    is_well = etcd is None or name == 'livez' or etcd.is_well()
    if ready and is_well and 'verbose' not in request.query:
        return 200, b'ok'
    newer = int(version.split('.')[1]) >= 36
    names = _CHECKS.format(etcd='etcd ' if etcd else '', peer='poststarthook/peer-endpoint-reconciler-controller ' if newer else '',
                           storage='poststarthook/storage-readiness ' if newer else '',
                           shutdown=' shutdown' if name == 'readyz' else '').split()
    failing = lambda check: (check.endswith('bootstrap-roles') and not ready) or (check == 'etcd' and not is_well)
    lines = [f'[-]{check} failed: reason withheld' if failing(check) else f'[+]{check} ok' for check in names]
    lines.append(f'{name} check ' + ('passed' if ready and is_well else 'failed'))
    return (200 if ready and is_well else 500), ('\n'.join(lines) + '\n').encode()


def version_info(version, server=False):
    """The fields of `/version`, and of `kubeadm version`; commit and dates are made up."""
    major, minor = version.split('.')[:2]
    emulation = {'emulationMajor': major, 'emulationMinor': minor, 'minCompatibilityMajor': major,
                 'minCompatibilityMinor': str(int(minor) - 1)} if server else {}
    return {'major': major, 'minor': minor, **emulation, 'gitVersion': f'v{version}',
            'gitCommit': 'ba6535cbb8719c3ba6c3923f2725ba050c87faab', 'gitTreeState': 'clean', 'buildDate': '2026-08-20T00:00:00Z',
            'goVersion': 'go1.26.11', 'compiler': 'gc', 'platform': 'linux/amd64'}
