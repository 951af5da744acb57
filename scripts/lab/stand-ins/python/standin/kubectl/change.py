"""apply, diff, create, replace, delete, patch, scale."""
import json
import os
import shutil
import subprocess
import tempfile

from .. import settings, yaml, yaml_print
from ..http import ApiError, Unreachable
from ..text import err, klog, out
from . import last_applied
from .errors import KubectlError, worded
from .files import mapped

_CONFLICT_HELP = '''Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the `--force-conflicts` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts'''


def _paths(flags):
    paths = flags.get('-f') or flags.get('--filename')
    if not paths:
        raise KubectlError('error: must specify one of -f and -k')
    return paths


def _dry(flags):
    return flags.get('--dry-run') in ('server', 'client', 'true')


def apply(client, words, flags):
    paths = _paths(flags)
    try:
        targets, problems = mapped(client, paths)
        if paths != ['-']:
            client.api.get('/api')
    except Unreachable as error:
        if error.kind == 'refused' and client.api.tls:
            name = 'STDIN' if paths[0] == '-' else paths[0]
            raise KubectlError(f'error: error validating "{name}": error validating data: failed to download openapi: Get '
                               f'"{client.api.server}/openapi/v2?timeout=32s": {error.detail}; if you choose to ignore these errors, turn '
                               'validation off with --validate=false')
        raise
    if not targets and not problems:
        raise KubectlError('error: no objects passed to apply')
    failures = []
    for _, resource, value in targets:
        settings.pause(0.03)
        try:
            if flags.get('--server-side'):
                _server_side(client, resource, value, flags)
                text = 'serverside-applied'
            else:
                text = last_applied.apply(client, resource, value, _dry(flags))
            suffix = ' (server dry run)' if flags.get('--dry-run') == 'server' else ' (dry run)' if _dry(flags) else ''
            if flags.get('-o') == 'name':
                out(f"{resource.slashed}/{value['metadata']['name']}")
            else:
                out(f"{resource.slashed}/{value['metadata']['name']} {text}{suffix}")
        except ApiError as error:
            failures.append(f'error: {error.message}\n{_CONFLICT_HELP}' if error.reason == 'Conflict' and flags.get('--server-side') else worded(error))
    for text in failures + [f'error: {problem}' for problem in problems]:
        err(text)
    return 1 if failures or problems else 0


def _server_side(client, resource, value, flags, dry=False):
    query = f"?fieldManager={flags.get('--field-manager', 'kubectl')}&force={'true' if flags.get('--force-conflicts') else 'false'}"
    if dry or _dry(flags):
        query += '&dryRun=All'
    namespace = value['metadata'].get('namespace')
    return client.api.request('PATCH', client.path(resource, value['metadata']['name'], namespace) + query, value, 'application/apply-patch+yaml')


def diff(client, words, flags):
    """0 when nothing would change, 1 when something would, 2 for every failure."""
    try:
        targets, problems = mapped(client, _paths(flags))
        if problems:
            raise KubectlError('error: ' + problems[0])
        live_dir, merged_dir = _folder('LIVE'), _folder('MERGED')
        try:
            for _, resource, value in targets:
                _diff_one(client, resource, value, flags, live_dir, merged_dir)
            if not shutil.which('diff'):
                raise KubectlError('error: failed to run "diff": executable file not found in $PATH')
            done = subprocess.run(['diff', '-u', '-N', live_dir, merged_dir], stdout=subprocess.PIPE)
            out(done.stdout.decode('utf-8', 'replace'), end='')
            return min(done.returncode, 2)
        finally:
            shutil.rmtree(live_dir)
            shutil.rmtree(merged_dir)
    except ApiError as error:
        if error.reason == 'Conflict':
            klog('W', 'diff.go:723', f'Object ({resource.api_version.replace("/", "/")}, Kind={resource.kind}: {value["metadata"]["name"]}) keeps changing, '
                 'diffing without lock')
        raise KubectlError(worded(error), 2)
    except Unreachable as error:
        raise KubectlError(worded(error, client.api.address), 2)
    except KubectlError as error:
        raise KubectlError(str(error), 2)


def _folder(name):
    """A folder as Go names temporary ones: a number behind the name."""
    path = os.path.join(tempfile.gettempdir(), f'{name}-{int.from_bytes(os.urandom(4), "big")}')
    os.mkdir(path, 0o700)
    return path


def _diff_one(client, resource, value, flags, live_dir, merged_dir):
    metadata = value['metadata']
    live = client.api.find(client.path(resource, metadata['name'], metadata.get('namespace')))
    if flags.get('--server-side'):
        merged = _server_side(client, resource, value, flags, dry=True)
    else:
        merged = last_applied.merged(live, value) if live else client.api.request(
            'POST', client.path(resource, None, metadata.get('namespace')) + '?dryRun=All', value)
    group = f'{resource.group}.' if resource.group else ''
    name = f"{group}{resource.version}.{resource.kind}.{metadata.get('namespace') or ''}.{metadata['name']}"
    for folder, item in ((live_dir, live), (merged_dir, merged)):
        if item is None:
            continue
        item = {**item, 'metadata': {key: field for key, field in item['metadata'].items() if key not in ('managedFields', 'resourceVersion')}}
        if resource.kind == 'Secret':
            item['data'] = {key: '***' for key in item.get('data') or {}}
        with open(os.path.join(folder, name), 'w') as file:
            file.write(yaml_print.dump(item))


def create(client, words, flags):
    if words:
        return _create_word(client, words, flags)
    targets, problems = mapped(client, _paths(flags))
    code = 0
    for file, resource, value in targets:
        try:
            query = f"?fieldManager={flags.get('--field-manager', 'kubectl-create')}" + ('&dryRun=All' if _dry(flags) else '')
            client.api.request('POST', client.path(resource, None, value['metadata'].get('namespace')) + query, value)
            out(f"{resource.slashed}/{value['metadata']['name']} created")
        except ApiError as error:
            err(f'Error from server ({error.reason}): error when creating "{file}": {error.message}')
            code = 1
    for problem in problems:
        err(f'error: {problem}')
    return 1 if problems else code


def _create_word(client, words, flags):
    resource = client.resource(words[0])
    rest = words[1:]
    value = {'apiVersion': resource.api_version, 'kind': resource.kind, 'metadata': {}}
    if resource.kind == 'Secret':
        value['type'] = 'Opaque'
        rest = rest[1:]
    if not rest:
        raise KubectlError('error: exactly one NAME is required, got 0')
    value['metadata']['name'] = rest[0]
    literals = dict(pair.split('=', 1) for pair in flags.get('--from-literal') or [])
    for entry in flags.get('--from-file') or []:
        key, _, path = entry.rpartition('=')
        with open(path) as file:
            literals[key or os.path.basename(path)] = file.read()
    if literals:
        value['data' if resource.kind == 'ConfigMap' else 'stringData'] = literals
    if resource.kind == 'Deployment':
        labels = {'app': rest[0]}
        value['spec'] = {'replicas': int(flags.get('--replicas', 1)), 'selector': {'matchLabels': labels}, 'template': {
            'metadata': {'labels': labels}, 'spec': {'containers': [{'name': rest[0], 'image': (flags.get('--image') or '')}]}}}
    if flags.get('--dry-run') == 'client':
        out(yaml_print.dump(value) if flags.get('-o') == 'yaml' else f"{resource.slashed}/{rest[0]} created (dry run)\n", end='')
        return 0
    client.api.request('POST', client.path(resource) + '?fieldManager=kubectl-create', value)
    out(f'{resource.slashed}/{rest[0]} created')
    return 0


def replace(client, words, flags):
    targets, _ = mapped(client, _paths(flags))
    for file, resource, value in targets:
        try:
            client.api.request('PUT', client.path(resource, value['metadata']['name'], value['metadata'].get('namespace'))
                               + '?fieldManager=kubectl-replace', value)
        except ApiError as error:
            raise KubectlError(f'Error from server ({error.reason}): error when replacing "{file}": {error.message}')
        out(f"{resource.slashed}/{value['metadata']['name']} replaced")
    return 0


def delete(client, words, flags):
    grace = flags.get('--grace-period')
    query = f'?gracePeriodSeconds={grace}' if grace is not None else '?gracePeriodSeconds=0' if flags.get('--force') or flags.get('--now') else ''
    code, targets = 0, []
    if flags.get('-f') or flags.get('--filename'):
        found, problems = mapped(client, _paths(flags))
        targets = [(f' when deleting "{file}"', resource, value['metadata']['name'], value['metadata'].get('namespace')) for file, resource, value in found]
        for problem in problems if not flags.get('--ignore-not-found') else ():
            err(f'error: {problem}')
            code = 1
    elif any('/' in word for word in words):
        targets = [('', client.resource(word.split('/')[0]), word.split('/', 1)[1], client.namespace) for word in words]
    elif words:
        from .get import query as selector
        kinds = [client.resource(word) for word in words[0].split(',')]
        names = words[1:]
        for resource in kinds:
            if names:
                targets += [('', resource, name, client.namespace) for name in names]
            elif flags.get('--all') or flags.get('-l') or flags.get('--selector'):
                listed = client.api.get(resource.path(None if client.is_everywhere else client.namespace) + selector(flags))['items']
                targets += [('', resource, item['metadata']['name'], item['metadata'].get('namespace')) for item in listed]
                if not listed:
                    out('No resources found')
            else:
                raise KubectlError('error: resource(s) were provided, but no name was specified')
    else:
        raise KubectlError('error: You must provide one or more resources by argument or filename.')
    for where, resource, name, namespace in targets:
        try:
            client.api.request('DELETE', client.path(resource, name, namespace) + query)
            # With 1.34.9 the namespace stands behind what has one.
            suffix = f' from {namespace or client.namespace} namespace' if resource.namespaced else ''
            out(f'{resource.slashed} "{name}" deleted{suffix}')
            if resource.plural == 'pods' and flags.get('--wait') != 'false':
                _wait_gone(client, resource, name, namespace)
        except ApiError as error:
            if error.code == 404 and flags.get('--ignore-not-found'):
                continue
            err(f'Error from server ({error.reason}): error{where}: {error.message}' if where else worded(error))
            code = 1
    return code


def _wait_gone(client, resource, name, namespace):
    import time
    for _ in range(300):
        if client.api.find(client.path(resource, name, namespace)) is None:
            return
        time.sleep(0.2)


_PATCHES = {'json': 'application/json-patch+json', 'merge': 'application/merge-patch+json', 'strategic': 'application/strategic-merge-patch+json'}


def patch(client, words, flags):
    text = flags.get('-p') or flags.get('--patch')
    if flags.get('--patch-file'):
        with open(flags['--patch-file']) as file:
            text = file.read()
    if not text:
        raise KubectlError('error: must specify --patch or --patch-file containing the contents of the patch')
    kind, name = words[0].split('/', 1) if '/' in words[0] else words[:2]
    resource = client.resource(kind)
    path = client.path(resource, name) + (f"/{flags['--subresource']}" if flags.get('--subresource') else '')
    before = client.api.get(client.path(resource, name))
    try:
        body = yaml.load(text)
    except yaml.YamlError as error:
        raise KubectlError(f'error: unable to parse "{text}": {error}')
    after = client.api.request('PATCH', path + '?fieldManager=kubectl-patch', json.dumps(body).encode(), _PATCHES[flags.get('--type', 'strategic')])
    same = before['metadata']['resourceVersion'] == after['metadata']['resourceVersion']
    out(f'{resource.slashed}/{name} patched' + (' (no change)' if same else ''))
    return 0


def scale(client, words, flags):
    for word in words if '/' in words[0] else ['/'.join(words[:2])]:
        kind, name = word.split('/', 1)
        resource = client.resource(kind)
        client.api.request('PATCH', client.path(resource, name) + '/scale?fieldManager=kubectl', {'spec': {'replicas': int(flags['--replicas'])}},
                           'application/merge-patch+json')
        out(f'{resource.slashed}/{name} scaled')
    return 0
