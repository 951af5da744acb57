"""`kubectl kustomize`: resources, bases, labels, a namespace, a name prefix, patches by kind; nothing else is known here."""
import os

from .. import yaml, yaml_print
from ..text import out
from .errors import KubectlError

_FILES = ('kustomization.yaml', 'kustomization.yml', 'Kustomization')
_KNOWN = {'apiVersion', 'kind', 'resources', 'labels', 'namespace', 'namePrefix', 'patches'}
_CLUSTER_WIDE = {'Namespace', 'ClusterRole', 'ClusterRoleBinding', 'CustomResourceDefinition', 'StorageClass', 'PriorityClass', 'APIService', 'Node'}
# Kinds in the order that kubectl's own order gives them; others follow.
_ORDER = ['Namespace', 'ResourceQuota', 'StorageClass', 'CustomResourceDefinition', 'ServiceAccount', 'PodSecurityPolicy', 'Role', 'ClusterRole',
          'RoleBinding', 'ClusterRoleBinding', 'ConfigMap', 'Secret', 'Endpoints', 'Service', 'LimitRange', 'PriorityClass', 'PersistentVolume',
          'PersistentVolumeClaim', 'Deployment', 'StatefulSet', 'CronJob', 'PodDisruptionBudget']


def run(words, flags):
    if len(words) != 1:
        raise KubectlError('error: specify one path to kustomization.yaml')
    values = sorted(_build(words[0]), key=lambda value: _ORDER.index(value['kind']) if value['kind'] in _ORDER else len(_ORDER))
    out('---\n'.join(yaml_print.dump(value) for value in values), end='')
    return 0


def _build(folder):
    path = next((os.path.join(folder, name) for name in _FILES if os.path.exists(os.path.join(folder, name))), None)
    if path is None:
        raise KubectlError(f"error: unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '{os.path.abspath(folder)}'")
    with open(path) as file:
        wanted = next((value for value in map(yaml.load, yaml.documents(file.read())) if value), {})
    unknown = set(wanted) - _KNOWN
    if unknown:
        raise KubectlError(f'error: invalid Kustomization: json: unknown field "{sorted(unknown)[0]}"')
    found = [value for name in wanted.get('resources') or [] for value in _resource(os.path.join(folder, name))]
    return [_patched(_changed(value, wanted), wanted) for value in found]


def _resource(path):
    if os.path.isdir(path):
        return _build(path)
    if not os.path.exists(path):
        raise KubectlError(f"error: accumulating resources: accumulation err='accumulating resources from '{path}': no such file or directory")
    with open(path) as file:
        values = [yaml.load(document) for document in yaml.documents(file.read())]
    return [value for value in values if value]


def _changed(value, wanted):
    metadata = dict(value['metadata'])
    if wanted.get('namespace') and value['kind'] not in _CLUSTER_WIDE:
        metadata['namespace'] = wanted['namespace']
    if wanted.get('namePrefix') and value['kind'] not in ('Namespace', 'CustomResourceDefinition'):
        metadata['name'] = wanted['namePrefix'] + metadata['name']
    pairs = {key: text for entry in wanted.get('labels') or [] for key, text in entry['pairs'].items()}
    if pairs:
        metadata['labels'] = {**(metadata.get('labels') or {}), **pairs}
    return {**value, 'metadata': metadata}


def _patched(value, wanted):
    for entry in wanted.get('patches') or []:
        patch, target = yaml.load(entry['patch']), entry['target']
        if target['kind'] == value['kind']:
            value = _merged(value, {key: item for key, item in patch.items() if key not in ('apiVersion', 'kind', 'metadata')})
    return value


def _merged(value, patch):
    """A strategic merge of maps: what is null goes."""
    merged = dict(value)
    for key, item in patch.items():
        if item is None:
            merged.pop(key, None)
        else:
            merged[key] = _merged(merged.get(key) or {}, item) if isinstance(item, dict) else item
    return merged
