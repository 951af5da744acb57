"""`kubectl drain`."""
import time

from .. import settings
from ..http import ApiError
from ..text import err, out, parse_duration
from .errors import worded
from .nodes import _node_names, cordon

_DAEMON = 'cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore)'
_BARE = 'cannot delete cannot delete Pods that declare no controller (use --force to override)'
_LOCAL = 'cannot delete Pods with local storage (use --delete-emptydir-data to override)'


def drain(client, words, flags):
    """Cordon, then evict; a node that cannot be drained stays cordoned."""
    code = 0
    for name in _node_names(client, words, flags):
        if cordon(client, [name], flags):
            return 1
        problems = _drain_one(client, name, flags)
        if problems:
            text = problems[0] if len(problems) == 1 else '[' + ', '.join(problems) + ']'
            err(f'error: unable to drain node "{name}" due to error: {text}, continuing command...')
            err(f'There are pending nodes to be drained:\n {name}')
            for problem in problems:
                err(problem)
            code = 1
        else:
            out(f'node/{name} drained' + (' (dry run)' if flags.get('--dry-run') else ''))
    return code


def _drain_one(client, name, flags):
    pods = client.api.get(f'/api/v1/pods?fieldSelector=spec.nodeName%3D{name}')['items']
    refused, going, bare, daemons = {}, [], [], []
    for pod in pods:
        metadata = pod['metadata']
        title = f"{metadata['namespace']}/{metadata['name']}"
        owner = next((ref['kind'] for ref in metadata.get('ownerReferences') or []), None)
        if 'kubernetes.io/config.mirror' in (metadata.get('annotations') or {}):
            continue
        if owner == 'DaemonSet':
            daemons.append(title)
            if not flags.get('--ignore-daemonsets'):
                refused.setdefault(_DAEMON, []).append(title)
            continue
        if any('emptyDir' in volume for volume in pod['spec'].get('volumes') or []) and not flags.get('--delete-emptydir-data'):
            refused.setdefault(_LOCAL, []).append(title)
            continue
        if owner is None and not flags.get('--force'):
            refused.setdefault(_BARE, []).append(title)
            continue
        if owner is None:
            bare.append(title)
        going.append(pod)
    if refused:
        return [f'{text}: {", ".join(titles)}' for text, titles in refused.items()]
    warnings = ([f'deleting Pods that declare no controller: {", ".join(bare)}'] if bare else []) + (
        [f'ignoring DaemonSet-managed Pods: {", ".join(daemons)}'] if daemons else [])
    if warnings:
        err('Warning: ' + '; '.join(warnings))
    return _evict(client, going, flags, name)


def _evict(client, pods, flags, node):
    limit = parse_duration(flags.get('--timeout', '0')) or None
    end = time.monotonic() + limit if limit else None
    waiting, leaving = list(pods), []
    dry = ' (dry run)' if flags.get('--dry-run') else ''
    while waiting or leaving:
        again = []
        for pod in waiting:
            metadata = pod['metadata']
            path = f"/api/v1/namespaces/{metadata['namespace']}/pods/{metadata['name']}"
            out(f"evicting pod {metadata['namespace']}/{metadata['name']}{dry}")
            if dry:
                continue
            try:
                if flags.get('--disable-eviction'):
                    client.api.request('DELETE', path)
                    leaving.append((path, metadata))
                    continue
                client.api.request('POST', f'{path}/eviction', {'apiVersion': 'policy/v1', 'kind': 'Eviction', 'metadata': {
                    'name': metadata['name'], 'namespace': metadata['namespace']}})
                leaving.append((path, metadata))
            except ApiError as error:
                if error.code == 404:
                    continue
                if error.code != 429:
                    return [worded(error)]
                err(f"error when evicting pods/\"{metadata['name']}\" -n \"{metadata['namespace']}\" (will retry after 5s): {error.message}")
                again.append(pod)
        if dry:
            return []
        waiting, leaving = again, _leave(client, leaving, end)
        if waiting:
            # Only looked at between tries, so that the timeout comes up to 5 s late.
            time.sleep(settings.scaled(5, at_least=0.5))
            if end and time.monotonic() > end:
                return _timed_out(waiting, flags, node)
    return []


def _leave(client, leaving, end):
    """Wait until evicted pods are gone."""
    while leaving:
        left = []
        for path, metadata in leaving:
            live = client.api.find(path)
            if live is None or live['metadata']['uid'] != metadata['uid']:
                out(f"pod/{metadata['name']} evicted")
            else:
                left.append((path, metadata))
        leaving = left
        if leaving:
            if end and time.monotonic() > end:
                return []
            time.sleep(0.2)
    return []


def _timed_out(pods, flags, node):
    problems = [f"error when evicting pods/\"{pod['metadata']['name']}\" -n \"{pod['metadata']['namespace']}\": global timeout reached: "
                f"{flags['--timeout']}" for pod in pods]
    err(f'There are pending pods in node "{node}" when an error occurred: [' + ', '.join(problems) + ']')
    for pod in pods:
        err(f"pod/{pod['metadata']['name']}")
    return problems
