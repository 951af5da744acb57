"""Client-side apply, by the annotation that remembers what was applied last."""
import json

from ..api.apply import merge_patch
from ..text import err

NAME = 'kubectl.kubernetes.io/last-applied-configuration'


def _annotated(value):
    text = json.dumps(value, separators=(',', ':'), sort_keys=True) + '\n'
    metadata = {**value['metadata'], 'annotations': {**(value['metadata'].get('annotations') or {}), NAME: text}}
    return {**value, 'metadata': metadata}


def _dropped(before, after):
    """A merge patch that removes what was applied before and is not any more."""
    found = {}
    for key, item in before.items():
        if key not in after:
            found[key] = None
        elif isinstance(item, dict) and isinstance(after[key], dict):
            inner = _dropped(item, after[key])
            if inner:
                found[key] = inner
    return found


def _patch(live, value):
    before = json.loads((live['metadata'].get('annotations') or {}).get(NAME) or '{}')
    return merge_patch_of(_dropped(before, value), _annotated(value))


def merge_patch_of(first, second):
    """Both patches in one."""
    found = dict(first)
    for key, item in second.items():
        found[key] = merge_patch_of(found[key], item) if isinstance(item, dict) and isinstance(found.get(key), dict) else item
    return found


def merged(live, value):
    return merge_patch(live, _patch(live, value))


def apply(client, resource, value, dry):
    """created, unchanged or configured."""
    namespace, name = value['metadata'].get('namespace'), value['metadata']['name']
    live = client.api.find(client.path(resource, name, namespace))
    query = '?fieldManager=kubectl-client-side-apply' + ('&dryRun=All' if dry else '')
    if live is None:
        client.api.request('POST', client.path(resource, None, namespace) + query, _annotated(value))
        return 'created'
    if NAME not in (live['metadata'].get('annotations') or {}):
        err(f'Warning: resource {resource.plural}/{name} is missing the {NAME} annotation which is required by kubectl apply. kubectl apply should only '
            'be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be '
            'patched automatically.')
    after = client.api.request('PATCH', client.path(resource, name, namespace) + query, _patch(live, value), 'application/merge-patch+json')
    return 'unchanged' if after['metadata']['resourceVersion'] == live['metadata']['resourceVersion'] else 'configured'
