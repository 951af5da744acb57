"""Objects from `-f`."""
import os
import sys

from .. import yaml
from .errors import KubectlError


def texts(paths):
    """(name for messages, text) of each file; `-` is stdin, a folder is its files."""
    for path in paths:
        if path == '-':
            yield 'STDIN', sys.stdin.read()
            continue
        if path.startswith(('http://', 'https://')):
            raise KubectlError(f'error: unable to read URL "{path}"')
        if not os.path.exists(path):
            raise KubectlError(f'error: the path "{path}" does not exist')
        names = [os.path.join(path, name) for name in sorted(os.listdir(path)) if name.endswith(('.yaml', '.yml', '.json'))] \
            if os.path.isdir(path) else [path]
        for name in names:
            with open(name) as file:
                yield name, file.read()


def objects(paths):
    """(file, object) of every document; Lists are taken apart."""
    found = []
    for name, text in texts(paths):
        for document in yaml.documents(text):
            try:
                value = yaml.load(document)
            except yaml.YamlError as error:
                raise KubectlError(f'error: error parsing {name}: error converting YAML to JSON: {error}')
            if value is None:
                continue
            if not isinstance(value, dict) or not value.get('kind'):
                raise KubectlError(f'error: unable to decode "{name}": Object \'Kind\' is missing in \'{value}\'')
            if not value.get('apiVersion'):
                raise KubectlError(f'error: unable to decode "{name}": Object \'apiVersion\' is missing')
            items = value['items'] if value['kind'].endswith('List') and 'items' in value else [value]
            found += [(name, item) for item in items]
    return found


def mapped(client, paths):
    """(file, kind, object), and the texts of objects of unknown kinds."""
    found, problems = [], []
    for name, value in objects(paths):
        resource = client.resource_of(value)
        if resource is None:
            metadata = value.get('metadata') or {}
            problems.append(f'resource mapping not found for name: "{metadata.get("name", "")}" namespace: "{metadata.get("namespace", "")}" from '
                            f'"{name}": no matches for kind "{value["kind"]}" in version "{value["apiVersion"]}"\nensure CRDs are installed first')
            continue
        metadata = value.setdefault('metadata', {})
        if resource.namespaced:
            given = client.flags.get('-n') or client.flags.get('--namespace')
            if given and metadata.get('namespace') not in (None, given):
                raise KubectlError(f'error: the namespace from the provided object "{metadata["namespace"]}" does not match the namespace "{given}". '
                                   f'You must pass \'--namespace={metadata["namespace"]}\' to perform this operation.')
            metadata.setdefault('namespace', client.namespace)
        found.append((name, resource, value))
    return found, problems
