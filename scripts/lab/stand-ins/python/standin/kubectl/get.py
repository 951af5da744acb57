"""`kubectl get`."""
import json
from urllib.parse import quote

from .. import yaml_print
from ..http import ApiError
from ..text import err, out
from . import jsonpath, tables
from .errors import KubectlError, worded
from .files import mapped


def run(client, words, flags):
    if flags.get('--raw'):
        _raw(client, flags['--raw'])
        return 0
    if not words and not flags.get('-f') and not flags.get('--filename'):
        raise KubectlError('You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.\n\n'
                           'error: Required resource not specified.\nSee \'kubectl get -h\' for help and examples')
    found, code, is_list = collect(client, words, flags)
    form = flags.get('-o') or flags.get('--output') or ''
    for _, values in found:
        for value in values:
            if not flags.get('--show-managed-fields'):
                value.get('metadata', {}).pop('managedFields', None)
    _show(client, found, form, flags, is_list, code)
    return code


def collect(client, words, flags):
    """[(kind, objects)], exit status, and whether the answer is a list."""
    if flags.get('-f') or flags.get('--filename'):
        targets, problems = mapped(client, flags.get('-f') or flags['--filename'])
        if problems:
            raise KubectlError('error: ' + '\n'.join(problems))
        pairs = [(resource, [(value['metadata']['name'], value['metadata'].get('namespace'))]) for _, resource, value in targets]
        return _named(client, pairs, flags, len(pairs) != 1)
    if any('/' in word for word in words):
        pairs = []
        for word in words:
            kind, _, name = word.partition('/')
            pairs.append((client.resource(kind), [(name, None)]))
        return _named(client, pairs, flags, len(pairs) > 1)
    kinds = [client.resource(word) for word in words[0].split(',') if word]
    if len(words) > 1:
        return _named(client, [(kind, [(name, None) for name in words[1:]]) for kind in kinds], flags, len(words) > 2 or len(kinds) > 1)
    return [(kind, _list(client, kind, flags)) for kind in kinds], 0, True


def _named(client, pairs, flags, is_list):
    found, code = [], 0
    for resource, names in pairs:
        values = []
        for name, namespace in names:
            try:
                values.append(client.api.get(client.path(resource, name, namespace)))
            except ApiError as error:
                if error.code == 404 and flags.get('--ignore-not-found'):
                    continue
                err(worded(error, client.api.address))
                code = 1
        if values:
            if found and found[-1][0] is resource:
                found[-1][1].extend(values)
            else:
                found.append((resource, values))
    return found, code, is_list


def query(flags):
    parts = [f'{name}={quote(flags[flag], safe="")}' for name, *names in (('labelSelector', '-l', '--selector'), ('fieldSelector', '--field-selector'))
             for flag in names if flags.get(flag)]
    return '?' + '&'.join(parts) if parts else ''


def _list(client, resource, flags):
    namespace = None if client.is_everywhere else client.namespace
    value = client.api.get(resource.path(namespace) + query(flags))
    for item in value['items']:
        item.setdefault('apiVersion', resource.api_version)
        item.setdefault('kind', resource.kind)
    return value['items']


def _show(client, found, form, flags, is_list, code):
    every = [value for _, values in found for value in values]
    if flags.get('--sort-by'):
        every.sort(key=lambda value: jsonpath.render(flags['--sort-by'], value))
        found = [(kind, sorted(values, key=lambda value: jsonpath.render(flags['--sort-by'], value))) for kind, values in found]
    whole = {'apiVersion': 'v1', 'items': every, 'kind': 'List', 'metadata': {'resourceVersion': ''}} if is_list else (every[0] if every else None)
    if not every and (not is_list or flags.get('--ignore-not-found')):
        return
    if form == 'json':
        out(json.dumps(_sorted(whole), indent=4, ensure_ascii=False))
    elif form == 'yaml':
        out(yaml_print.dump(whole), end='')
    elif form == 'name':
        for resource, values in found:
            for value in values:
                out(f"{resource.slashed}/{value['metadata']['name']}")
    elif form.startswith('jsonpath'):
        template = form.partition('=')[2]
        if form.startswith('jsonpath-file'):
            with open(template) as file:
                template = file.read()
        out(jsonpath.render(template, whole), end='')
    elif form.startswith('custom-columns'):
        _columns(form.partition('=')[2], every, flags)
    elif form in ('', 'wide'):
        _tables(client, found, form, flags, code)
    else:
        raise KubectlError(f'error: unable to match a printer suitable for the output format "{form}", allowed formats are: '
                           'custom-columns,custom-columns-file,go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,name,'
                           'template,templatefile,wide,yaml')


def _tables(client, found, form, flags, code):
    shown = [(kind, values) for kind, values in found if values]
    if not shown:
        if not code and not flags.get('--ignore-not-found'):
            kinds = [kind for kind, _ in found]
            if client.is_everywhere or not kinds or not kinds[0].namespaced:
                err('No resources found')
            else:
                err(f'No resources found in {client.namespace} namespace.')
        return
    for number, (resource, values) in enumerate(shown):
        header, rows = tables.table(resource, values, form == 'wide', len(found) > 1, client.is_everywhere and resource.namespaced,
                                    bool(flags.get('--show-labels')))
        if number and not flags.get('--no-headers'):
            out()
        out(tables.text(header, rows, bool(flags.get('--no-headers'))))


def _columns(spec, values, flags):
    columns = [part.split(':', 1) for part in spec.split(',')]
    rows = []
    for value in values:
        cells = []
        for _, path in columns:
            hits = jsonpath.find('.' + path.lstrip('.') if path[:1] not in '{' else path.strip('{}'), value)
            cells.append(','.join(_go(hit) for hit in hits) or '<none>')
        rows.append(cells)
    out(tables.text([name for name, _ in columns], rows, bool(flags.get('--no-headers'))))


def _go(value):
    """A value as Go's fmt prints it."""
    if isinstance(value, dict):
        return 'map[' + ' '.join(f'{key}:{_go(value[key])}' for key in sorted(value)) + ']'
    if isinstance(value, list):
        return '[' + ' '.join(_go(item) for item in value) + ']'
    return '<none>' if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _sorted(value):
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(item) for item in value] if isinstance(value, list) else value


def _raw(client, path):
    code, data = client.api.raw('GET', path)
    if code >= 400:
        try:
            status = json.loads(data)
        except ValueError:
            status = data.decode('utf-8', 'replace')
        raise ApiError(code, status)
    out(data.decode('utf-8', 'replace'), end='')
