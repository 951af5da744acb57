"""The little validation and defaulting that slipway can come across."""
import json
import re

from .. import resources
from .status import Failure

HAVE_STATUS = {'nodes', 'pods', 'deployments', 'daemonsets', 'replicasets', 'statefulsets', 'jobs', 'namespaces', 'services',
               'customresourcedefinitions', 'poddisruptionbudgets', 'certificatesigningrequests', 'persistentvolumeclaims'}
_GENERATED = {'deployments', 'daemonsets', 'replicasets', 'statefulsets', 'customresourcedefinitions', 'poddisruptionbudgets'}
_SPEC_FIELDS = {
    'deployments': {'replicas', 'selector', 'template', 'strategy', 'minReadySeconds', 'revisionHistoryLimit', 'paused',
                    'progressDeadlineSeconds'},
    'daemonsets': {'selector', 'template', 'updateStrategy', 'minReadySeconds', 'revisionHistoryLimit'},
}
_TOP_FIELDS = {'configmaps': {'apiVersion', 'kind', 'metadata', 'data', 'binaryData', 'immutable'},
               'secrets': {'apiVersion', 'kind', 'metadata', 'data', 'stringData', 'type', 'immutable'},
               'namespaces': {'apiVersion', 'kind', 'metadata', 'spec', 'status'},
               'deployments': {'apiVersion', 'kind', 'metadata', 'spec', 'status'},
               'daemonsets': {'apiVersion', 'kind', 'metadata', 'spec', 'status'}}
_LABEL_NAME = re.compile(r'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$')


def check_apply(resource, value, request):
    """What server-side apply says about fields it does not know, or numbers that are none."""
    where = f'{request.namespace}/{request.name}' if request.namespace else f'/{request.name}'
    start = f'failed to create typed patch object ({where}; {resource.api_version}, Kind={resource.kind}): '
    for field in value:
        if field not in _TOP_FIELDS.get(resource.plural, value):
            raise Failure(500, '', f'{start}.{field}: field not declared in schema')
    spec = value.get('spec') or {}
    for field in spec if isinstance(spec, dict) else ():
        if field not in _SPEC_FIELDS.get(resource.plural, spec):
            raise Failure(500, '', f'{start}.spec.{field}: field not declared in schema')
    replicas = spec.get('replicas') if isinstance(spec, dict) else None
    if resource.plural in _SPEC_FIELDS and replicas is not None and (not isinstance(replicas, (int, float))):
        raise Failure(500, '', f'{start}.spec.replicas: expected numeric (int or float), got string')
    if resource.plural in ('configmaps', 'secrets'):
        for key, item in (value.get('data') or {}).items():
            if not isinstance(item, str):
                kind = 'numeric' if isinstance(item, (int, float)) and not isinstance(item, bool) else 'boolean' \
                    if isinstance(item, bool) else 'null' if item is None else 'map' if isinstance(item, dict) else 'list'
                raise Failure(500, '', f'{start}.data.{key}: expected string, got &value.{"valueUnstructured"}{{Value:{item}}}'
                              if kind != 'numeric' else f'{start}.data.{key}: expected string, got &{{{item}}}')


def check(resource, value):
    """Names of labels; the one check of an object's content that was seen."""
    for key, item in ((value.get('metadata') or {}).get('labels') or {}).items():
        name = key.rpartition('/')[2]
        if not _LABEL_NAME.match(name) or len(name) > 63:
            raise Failure(422, 'Invalid', f'{resource.kind} "{value["metadata"]["name"]}" is invalid: metadata.labels: Invalid value: '
                          f'"{key}": name part must consist of alphanumeric characters, \'-\', \'_\' or \'.\', and must start and end '
                          "with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
                          "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')")


def check_change(resource, live, new):
    """A Job's template stays as it is: in the words of kube-apiserver 1.34.9, as kubectl prints them."""
    if resource.plural == 'jobs' and live['spec']['template'] != new['spec']['template']:
        raise Failure(422, 'Invalid', f'Job "{live["metadata"]["name"]}" is invalid: spec.template: Invalid value: '
                      f'{json.dumps(new["spec"]["template"])}: field is immutable')


def defaulted(resource, value):
    """The fields that the API fills in and that something here reads."""
    is_custom = (resource.api_version, resource.kind) not in resources.BY_KIND
    if (is_custom or resource.plural in _GENERATED) and 'generation' not in value['metadata']:
        value = {**value, 'metadata': {**value['metadata'], 'generation': 1}}
    if resource.plural in ('deployments', 'replicasets', 'statefulsets') and (value.get('spec') or {}).get('replicas') is None:
        value = {**value, 'spec': {**(value.get('spec') or {}), 'replicas': 1}}
    if resource.plural == 'secrets':
        value = _secret(value)
    if resource.plural == 'namespaces':
        labels = {**(value['metadata'].get('labels') or {}), 'kubernetes.io/metadata.name': value['metadata']['name']}
        value = {**value, 'metadata': {**value['metadata'], 'labels': labels}, 'status': {'phase': 'Active'}}
        value.setdefault('spec', {'finalizers': ['kubernetes']})
    if resource.plural == 'pods':
        value.setdefault('status', {'phase': 'Pending', 'qosClass': 'BestEffort'})
    return value


def _secret(value):
    if 'stringData' in value:
        import base64
        data = {**(value.get('data') or {}), **{key: base64.b64encode(text.encode()).decode()
                                                for key, text in value['stringData'].items()}}
        value = {key: item for key, item in {**value, 'data': data}.items() if key != 'stringData'}
    value.setdefault('type', 'Opaque')
    return value
