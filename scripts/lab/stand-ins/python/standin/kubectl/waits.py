"""`kubectl wait` and `kubectl rollout`."""
import time

from ..http import ApiError
from ..text import err, out, parse_duration, rfc3339
from . import jsonpath
from .errors import KubectlError, worded
from .get import query


def _limit(flags, default):
    text = flags.get('--timeout', default)
    seconds = parse_duration(text)
    if seconds is None:
        raise KubectlError(f'error: invalid argument "{text}" for "--timeout" flag: time: invalid duration "{text}"')
    return seconds


def wait(client, words, flags):
    """Each object must meet the condition; --timeout=0s looks once."""
    limit = _limit(flags, '30s')
    condition = flags.get('--for')
    if not condition:
        raise KubectlError('error: --for must be specified')
    end = time.monotonic() + (limit if limit >= 0 else 7 * 86400)
    code = 0
    for resource, name, namespace in _targets(client, words, flags, condition):
        path = client.path(resource, name, namespace)
        title = f'{resource.slashed}/{name}'
        try:
            while not _met(client, path, condition):
                if limit == 0:
                    err(f'error: condition not met for {resource.dotted}/{name}')
                    code = 1
                    break
                if time.monotonic() >= end:
                    err(f'error: timed out waiting for the condition on {resource.dotted}/{name}')
                    code = 1
                    break
                time.sleep(min(0.3, max(0.01, end - time.monotonic())))
            else:
                out(f'{title} ' + ('deleted' if condition == 'delete' else 'created' if condition == 'create' else 'condition met'))
        except ApiError as error:
            err(worded(error))
            code = 1
    return code


def _targets(client, words, flags, condition):
    if not words:
        raise KubectlError('error: no resource(s) given')
    if '/' in words[0]:
        return [(client.resource(word.split('/')[0]), word.split('/', 1)[1], None) for word in words]
    resource = client.resource(words[0])
    if len(words) > 1:
        return [(resource, name, None) for name in words[1:]]
    if not (flags.get('--all') or flags.get('-l') or flags.get('--selector') or flags.get('--field-selector')):
        raise KubectlError('error: resource(s) were provided, but no name was specified')
    items = client.api.get(resource.path(None if client.is_everywhere else client.namespace) + query(flags))['items']
    if not items and condition != 'delete':
        raise KubectlError('error: no matching resources found')
    return [(resource, item['metadata']['name'], item['metadata'].get('namespace')) for item in items]


def _met(client, path, condition):
    if condition in ('delete', 'create'):
        return (client.api.find(path) is None) == (condition == 'delete')
    value = client.api.get(path)
    kind, _, rest = condition.partition('=')
    if kind == 'condition':
        name, _, wanted = rest.partition('=')
        return any(c['type'].lower() == name.lower() and c['status'].lower() == (wanted or 'true').lower()
                   for c in (value.get('status') or {}).get('conditions') or [])
    if kind == 'jsonpath':
        template, _, wanted = rest.rpartition('=') if not rest.endswith('}') else (rest, '', None)
        text = jsonpath.render(template or rest, value)
        return bool(text) if wanted is None else text == wanted.strip('"\'')
    raise KubectlError(f'error: unrecognized condition: "{condition}"')


def rollout(client, words, flags):
    if len(words) < 2:
        raise KubectlError('error: required resource not specified')
    kind, name = words[1].split('/', 1) if '/' in words[1] else words[1:3]
    resource = client.resource(kind)
    if words[0] == 'restart':
        client.api.request('PATCH', client.path(resource, name) + '?fieldManager=kubectl-rollout', {'spec': {'template': {'metadata': {'annotations': {
            'kubectl.kubernetes.io/restartedAt': rfc3339()}}}}}, 'application/merge-patch+json')
        out(f'{resource.slashed}/{name} restarted')
        return 0
    if words[0] == 'undo':
        return _undo(client, resource, name)
    if words[0] != 'status':
        raise KubectlError(f'error: unknown command "{words[0]}"')
    limit, said = _limit(flags, '0s'), None
    end = time.monotonic() + limit if limit else None
    while True:
        text, is_done = (_daemon_set if resource.kind == 'DaemonSet' else _deployment)(client.api.get(client.path(resource, name)))
        if text != said:
            out(text)
            said = text
        if is_done or flags.get('--watch') == 'false':
            return 0
        if end and time.monotonic() >= end:
            err('error: timed out waiting for the condition')
            return 1
        time.sleep(0.3)


def _undo(client, resource, name):
    """The template of the newest replica set but the current one."""
    deployment = client.api.get(client.path(resource, name))
    sets = [value for value in client.api.get(client.path(client.resource('rs')))['items']
            if any(ref['uid'] == deployment['metadata']['uid'] for ref in value['metadata'].get('ownerReferences') or [])
            and value['spec']['template'] != deployment['spec']['template']]
    if not sets:
        raise KubectlError(f'error: no rollout history found for deployment "{name}"')
    newest = max(sets, key=lambda value: value['metadata']['creationTimestamp'])
    client.api.request('PATCH', client.path(resource, name) + '?fieldManager=kubectl-rollout', [
        {'op': 'replace', 'path': '/spec/template', 'value': newest['spec']['template']}], 'application/json-patch+json')
    out(f'{resource.slashed}/{name} rolled back')
    return 0


def _daemon_set(value):
    status, name = value.get('status') or {}, value['metadata']['name']
    if status.get('observedGeneration', 0) < value['metadata'].get('generation', 1):
        return 'Waiting for daemon set spec update to be observed...', False
    wanted, updated, available = (status.get(key, 0) for key in ('desiredNumberScheduled', 'updatedNumberScheduled', 'numberAvailable'))
    if updated < wanted:
        return f'Waiting for daemon set "{name}" rollout to finish: {updated} out of {wanted} new pods have been updated...', False
    if available < wanted:
        return f'Waiting for daemon set "{name}" rollout to finish: {available} of {wanted} updated pods are available...', False
    return f'daemon set "{name}" successfully rolled out', True


def _deployment(value):
    status, name, wanted = value.get('status') or {}, value['metadata']['name'], value['spec'].get('replicas', 1)
    if status.get('observedGeneration', 0) < value['metadata'].get('generation', 1):
        return 'Waiting for deployment spec update to be observed...', False
    updated, available = status.get('updatedReplicas', 0), status.get('availableReplicas', 0)
    if updated < wanted:
        return f'Waiting for deployment "{name}" rollout to finish: {updated} out of {wanted} new replicas have been updated...', False
    if available < updated:
        return f'Waiting for deployment "{name}" rollout to finish: {available} of {updated} updated replicas are available...', False
    return f'deployment "{name}" successfully rolled out', True
