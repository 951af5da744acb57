"""What each verb does to the store."""
import copy
import json

from .. import resources
from ..text import random_name, rfc3339
from . import apply, schema, services
from .selectors import field_matches, label_matches
from .status import Failure, already_exists, not_found

NAMESPACES = resources.by_word('namespaces')
PODS = resources.by_word('pods')


class Handlers:
    """The verbs over one server's store."""

    def __init__(self, server):
        self.server, self.store = server, server.store

    def handle(self, request):
        """Code and value for a request on a kind."""
        if request.name and request.resource.plural == 'pods' and request.subresource in ('log', 'eviction'):
            from .pods import eviction, log
            return log(self.store, request) if request.subresource == 'log' else eviction(self.store, request)
        with self.store.lock:
            method = getattr(self, f'on_{request.method.lower()}', None)
            if method is None:
                raise Failure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource')
            return method(request)

    def on_get(self, request):
        resource = request.resource
        if request.name:
            return 200, self._existing(request)
        selected = [value for value in self.store.list(resource, request.namespace)
                    if label_matches(value, request.query.get('labelSelector'))
                    and field_matches(value, request.query.get('fieldSelector'))]
        return 200, {'kind': f'{resource.kind}List', 'apiVersion': resource.api_version,
                     'metadata': {'resourceVersion': str(self.store.meta['revision'])}, 'items': selected}

    def on_post(self, request):
        resource, value = request.resource, request.value()
        metadata = value.setdefault('metadata', {})
        if resource.namespaced:
            metadata.setdefault('namespace', request.namespace)
            self._namespace(metadata['namespace'], resource)
        if not metadata.get('name') and metadata.get('generateName'):
            metadata['name'] = metadata['generateName'] + random_name(5)
        if self.store.get(resource, metadata.get('namespace'), metadata['name']):
            address = (value.get('spec') or {}).get('clusterIP')
            if resource.plural == 'services' and address:
                # The address is asked for first: seen with 1.34.9.
                raise Failure(422, 'Invalid', f'Service "{metadata["name"]}" is invalid: spec.clusterIPs: Invalid value: ["{address}"]: failed to '
                              f'allocate IP {address}: provided IP is already allocated')
            raise already_exists(resource, metadata['name'])
        schema.check(resource, value)
        value.setdefault('apiVersion', resource.api_version)
        value.setdefault('kind', resource.kind)
        if resource.plural == 'certificatesigningrequests':
            value['spec'] = {**value.get('spec', {}), 'username': request.user.name, 'groups': request.user.groups}
        value = apply.updated_by(None, value, self._manager(request), rfc3339(), self._associative(resource))
        if self._dry(request):
            return 201, value
        value = schema.defaulted(resource, value)
        return 201, self.store.put(resource, self._addressed(resource, value))

    def on_put(self, request):
        resource, value = request.resource, request.value()
        live = self._existing(request)
        wanted = value.get('metadata', {}).get('resourceVersion')
        if wanted and wanted != live['metadata'].get('resourceVersion'):
            raise Failure(409, 'Conflict', f'Operation cannot be fulfilled on {resource.dotted} "{request.name}": the object has been '
                          'modified; please apply your changes to the latest version and try again')
        schema.check(resource, value)
        return 200, self._update(request, live, value)

    def on_patch(self, request):
        resource, live = request.resource, None
        kind = request.headers.get(b'content-type', b'').decode().split(';')[0]
        if kind == 'application/apply-patch+yaml':
            return self._apply(request)
        live = self._existing(request)
        patch = request.value()
        if kind == 'application/json-patch+json':
            try:
                value = apply.json_patch(live, patch)
            except ValueError as error:
                raise Failure(422, 'Invalid', f'the server rejected our request due to an error in our request: {error}')
        elif kind == 'application/strategic-merge-patch+json' and self._associative(resource):
            value = apply.strategic_patch(live, patch)
        else:
            value = apply.merge_patch(live, patch)
        schema.check(resource, value)
        return 200, self._update(request, live, value)

    def on_delete(self, request):
        resource, live = request.resource, None
        if not request.name:
            for value in list(self.on_get(request)[1]['items']):
                self._delete(request, resource, value)
            return 200, {'kind': 'Status', 'apiVersion': 'v1', 'status': 'Success'}
        live = self._existing(request)
        if not self._dry(request):
            self._delete(request, resource, live)
        return 200, {'kind': 'Status', 'apiVersion': 'v1', 'metadata': {}, 'status': 'Success',
                     'details': {'name': request.name, 'kind': resource.plural, 'uid': live['metadata'].get('uid')}}

    def _delete(self, request, resource, live):
        namespace, name = live['metadata'].get('namespace'), live['metadata']['name']
        if resource is NAMESPACES:
            for key in [key for key in self.store.objects if key.split('/')[2] == name]:
                group, plural, _, inner = key.split('/', 3)
                owner = next((r for r in resources.BUILTIN + self.store.custom() if (r.group, r.plural) == (group, plural)), None)
                if owner:
                    self.store.delete(owner, name, inner)
        if resource is PODS and request.query.get('gracePeriodSeconds') != '0' and live['spec'].get('nodeName'):
            self.store.put(resource, {**live, 'metadata': {**live['metadata'], 'deletionTimestamp': rfc3339(),
                                                           'deletionGracePeriodSeconds': 30}})
            return
        self.store.delete(resource, namespace, name)

    def _apply(self, request):
        resource = request.resource
        value = request.value()
        if not isinstance(value, dict):
            raise Failure(400, 'BadRequest', 'error decoding YAML: expected an object')
        schema.check_apply(resource, value, request)
        live = self.store.get(resource, request.namespace, request.name)
        if resource.namespaced:
            self._namespace(request.namespace, resource)
        value.setdefault('metadata', {}).setdefault('name', request.name)
        if resource.namespaced:
            value['metadata'].setdefault('namespace', request.namespace)
        for field in ('managedFields', 'resourceVersion', 'uid', 'creationTimestamp'):
            value['metadata'].pop(field, None)
        if resource.plural in schema.HAVE_STATUS and request.subresource is None:
            value.pop('status', None)
        manager, force = self._manager(request), request.query.get('force') == 'true'
        try:
            new = apply.server_side_apply(live, value, manager, force, rfc3339(), self._associative(resource), request.subresource)
        except apply.Conflict as conflict:
            raise Failure(409, 'Conflict', conflict.text(), {'causes': [
                {'reason': 'FieldManagerConflict', 'message': f'conflict with "{owner}"'
                 + (f' with subresource "{sub}"' if sub else '') + f' using {version}', 'field': path}
                for owner, sub, version, path in conflict.fields]})
        new = self._addressed(resource, schema.defaulted(resource, new), live)
        if live is not None:
            schema.check_change(resource, live, new)
            new = self._same_or_next(live, new)
        if self._dry(request):
            new = copy.deepcopy(new)
            metadata = new['metadata']
            metadata.setdefault('uid', '00000000-0000-4000-a000-000000000000')
            metadata.setdefault('creationTimestamp', rfc3339())
            return (200 if live else 201), new
        if live is not None and new == live:
            return 200, live
        return (200 if live else 201), self.store.put(resource, new)

    def _update(self, request, live, value):
        resource, subresource = request.resource, request.subresource
        if subresource == 'status':
            value = {**live, 'status': value.get('status', {}),
                     'metadata': {**live['metadata'], 'annotations': value['metadata'].get('annotations', live['metadata'].get('annotations'))}}
            if value['metadata']['annotations'] is None:
                del value['metadata']['annotations']
        elif subresource == 'scale':
            value = {**live, 'spec': {**live['spec'], 'replicas': value.get('spec', {}).get('replicas')}}
        metadata = value.setdefault('metadata', {})
        for field in ('name', 'namespace', 'uid', 'creationTimestamp'):
            if field in live['metadata']:
                metadata[field] = live['metadata'][field]
        value.setdefault('apiVersion', resource.api_version)
        value.setdefault('kind', resource.kind)
        if subresource is None and resource.plural in schema.HAVE_STATUS and 'status' in live:
            value['status'] = live['status']
        soft = self._only_heartbeat(live, value)
        value = apply.updated_by(live, value, self._manager(request), rfc3339(), self._associative(resource), subresource)
        value = self._same_or_next(live, self._addressed(resource, schema.defaulted(resource, value), live))
        if self._dry(request) or value == live:
            return value
        return self.store.put(resource, value, soft=soft)

    @staticmethod
    def _only_heartbeat(live, value):
        """Whether nothing but times changed, which is not worth a write to disk."""
        def timeless(node):
            if node.get('kind') == 'Lease':
                return {**node, 'spec': {**node.get('spec', {}), 'renewTime': None}, 'metadata': None}
            if node.get('kind') != 'Node':
                return node
            conditions = [{**c, 'lastHeartbeatTime': None} for c in node.get('status', {}).get('conditions', [])]
            return {**node, 'status': {**node.get('status', {}), 'conditions': conditions},
                    'metadata': {**node['metadata'], 'managedFields': None, 'resourceVersion': None}}
        return value.get('kind') in ('Node', 'Lease') and timeless(live) == timeless(value)

    @staticmethod
    def _same_or_next(live, new):
        """The generation goes up when the spec changes."""
        if live.get('spec') == new.get('spec'):
            if 'generation' in live['metadata']:
                new['metadata'] = {**new['metadata'], 'generation': live['metadata']['generation']}
            return new
        if 'generation' in live['metadata']:
            new = {**new, 'metadata': {**new['metadata'], 'generation': live['metadata']['generation'] + 1}}
        return new

    def _addressed(self, resource, value, live=None):
        return services.allocated(self.store, value, live) if resource is services.SERVICES else value

    def _existing(self, request):
        live = self.store.get(request.resource, request.namespace if request.resource.namespaced else None, request.name)
        if live is None:
            raise not_found(request.resource, request.name)
        return live

    def _namespace(self, namespace, resource):
        if not self.store.get(NAMESPACES, None, namespace):
            raise Failure(404, 'NotFound', f'namespaces "{namespace}" not found', {'name': namespace, 'kind': 'namespaces'})

    @staticmethod
    def _associative(resource):
        return (resource.api_version, resource.kind) in resources.BY_KIND

    @staticmethod
    def _dry(request):
        return request.query.get('dryRun') == 'All'

    @staticmethod
    def _manager(request):
        return request.query.get('fieldManager') or request.headers.get(b'user-agent', b'unknown').decode('latin-1').split('/')[0]

    def discovery(self, steps):
        """The lists of groups, versions and kinds."""
        every = resources.BUILTIN + self.store.custom()
        if steps == ['api']:
            return {'kind': 'APIVersions', 'versions': ['v1']}
        if steps == ['apis']:
            groups = {}
            for resource in every:
                if resource.group:
                    versions = groups.setdefault(resource.group, [])
                    if resource.api_version not in versions:
                        versions.append(resource.api_version)
            return {'kind': 'APIGroupList', 'apiVersion': 'v1', 'groups': [
                {'name': name, 'versions': [{'groupVersion': v, 'version': v.split('/')[1]} for v in versions],
                 'preferredVersion': {'groupVersion': versions[0], 'version': versions[0].split('/')[1]}}
                for name, versions in groups.items()]}
        version = '/'.join(steps[1:])
        found = [resource for resource in every if resource.api_version == version]
        if not found:
            return None
        return {'kind': 'APIResourceList', 'apiVersion': 'v1', 'groupVersion': version, 'resources': [
            {'name': r.plural, 'singularName': r.singular, 'namespaced': r.namespaced, 'kind': r.kind, 'shortNames': list(r.short),
             'verbs': ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch']} for r in found]}


def canonical(value):
    """A text that is equal for equal values."""
    return json.dumps(value, sort_keys=True)
