"""Server-side apply: who owns which field, conflicts, and the removal of fields no longer applied."""
import json

# Lists whose items have an identity, in the built-in kinds; every other list has one owner as a whole.
_LIST_KEYS = {
    'containers': ('name',), 'initContainers': ('name',), 'ephemeralContainers': ('name',), 'env': ('name',),
    'volumes': ('name',), 'volumeMounts': ('mountPath',), 'volumeDevices': ('devicePath',), 'imagePullSecrets': ('name',),
    'conditions': ('type',), 'addresses': ('type',), 'hostAliases': ('ip',), 'ownerReferences': ('uid',), 'secrets': ('name',),
    'topologySpreadConstraints': ('topologyKey', 'whenUnsatisfiable'), 'readinessGates': ('conditionType',), 'webhooks': ('name',),
}
_ALWAYS = ({'apiVersion'}, {'kind'})
_SKIPPED = {'managedFields', 'resourceVersion', 'uid', 'creationTimestamp', 'generation', 'selfLink', 'deletionTimestamp'}


class Conflict(Exception):
    """Fields that other managers own with other values: [(manager, subresource, api version, path)]."""

    def __init__(self, fields):
        self.fields = fields
        super().__init__(self.text())

    def text(self):
        by_owner = {}
        for manager, subresource, version, path in self.fields:
            owner = f'"{manager}"' + (f' with subresource "{subresource}"' if subresource else '') + f' using {version}'
            by_owner.setdefault(owner, []).append(path)
        count = len(self.fields)
        if count == 1:
            owner, paths = next(iter(by_owner.items()))
            return f'Apply failed with 1 conflict: conflict with {owner}: {paths[0]}'
        parts = [f'conflicts with {owner}:\n' + '\n'.join(f'- {path}' for path in paths) for owner, paths in by_owner.items()]
        return f'Apply failed with {count} conflicts: ' + '\n'.join(parts)


def _list_keys(path, items, associative):
    if not associative or not path:
        return None
    name = path[-1]
    if name == 'ports' and items and all(isinstance(item, dict) for item in items):
        return ('containerPort', 'protocol') if 'containerPort' in items[0] else ('port', 'protocol') if 'port' in items[0] else None
    keys = _LIST_KEYS.get(name)
    return keys if keys and all(isinstance(item, dict) and keys[0] in item for item in items) else None


def _identity(item, keys):
    return 'k:' + json.dumps({key: item.get(key, 'TCP' if key == 'protocol' else None) for key in keys}, sort_keys=True)


def leaves(value, associative, path=()):
    """Every leaf of an object: path -> value. A path has field names and `k:{...}` list identities."""
    found = {}
    if isinstance(value, dict):
        items = [(key, item) for key, item in value.items() if not (path == ('metadata',) and key in _SKIPPED)]
        for key, item in items:
            found.update(leaves(item, associative, path + (key,)))
        if not items and path:
            found[path] = {}
    elif isinstance(value, list):
        keys = _list_keys(path, value, associative)
        if keys is None:
            found[path] = value
        else:
            for item in value:
                step = path + (_identity(item, keys),)
                found[step] = None  # the item itself, so that an empty one is owned too
                found.update(leaves(item, associative, step))
    elif path:
        found[path] = value
    return found


def merge(live, applied, associative, path=()):
    """The live object with the applied fields set."""
    if isinstance(live, dict) and isinstance(applied, dict):
        found = dict(live)
        for key, item in applied.items():
            found[key] = merge(live[key], item, associative, path + (key,)) if key in live else item
        return found
    if isinstance(live, list) and isinstance(applied, list):
        keys = _list_keys(path, applied, associative)
        if keys and _list_keys(path, live, associative):
            by_id = {_identity(item, keys): item for item in live}
            wanted = [(_identity(item, keys), item) for item in applied]
            merged = [merge(by_id[name], item, associative, path + (name,)) if name in by_id else item for name, item in wanted]
            return merged + [item for item in live if _identity(item, keys) not in dict(wanted)]
    return applied


def remove(value, path):
    """The value without the field or list item at a path; emptied parents stay."""
    if not path:
        return value
    step, rest = path[0], path[1:]
    if isinstance(value, dict) and step in value:
        if not rest:
            return {key: item for key, item in value.items() if key != step}
        return {**value, step: remove(value[step], rest)}
    if isinstance(value, list) and step.startswith('k:'):
        identity = json.loads(step[2:])
        def matches(item):
            return isinstance(item, dict) and all(item.get(key, 'TCP' if key == 'protocol' else None) == want
                                                  for key, want in identity.items())
        if not rest:
            return [item for item in value if not matches(item)]
        return [remove(item, rest) if matches(item) else item for item in value]
    return value


def show(path):
    """A path as messages show it: `.spec.template.spec.containers[name="web"].image`."""
    text = ''
    for step in path:
        if step.startswith('k:'):
            inner = ','.join(f'{key}={json.dumps(value)}' for key, value in json.loads(step[2:]).items())
            text += f'[{inner}]'
        else:
            text += f'.{step}'
    return text


def to_fields(paths):
    """fieldsV1 of a set of paths."""
    root = {}
    for path in sorted(paths):
        at = root
        for step in path:
            at = at.setdefault(step if step.startswith('k:') else f'f:{step}', {})
        if path and path[-1].startswith('k:'):
            at['.'] = {}
    return root


def from_fields(fields, path=()):
    """The set of paths of a fieldsV1."""
    found = set()
    for key, below in fields.items():
        if key == '.':
            found.add(path)
            continue
        step = path + (key if key.startswith('k:') else key[2:],)
        inner = from_fields(below, step)
        found |= inner if inner else {step}
    return found


def owners(value):
    """The managers of an object: [entry, paths]."""
    return [[entry, from_fields(entry.get('fieldsV1') or {})]
            for entry in (value.get('metadata') or {}).get('managedFields') or []]


def with_owners(value, managers):
    entries = [{**entry, 'fieldsV1': to_fields(paths)} for entry, paths in managers if paths]
    metadata = {key: item for key, item in value['metadata'].items() if key != 'managedFields'}
    if entries:
        metadata['managedFields'] = entries
    return {**value, 'metadata': metadata}


def entry_of(manager, operation, api_version, now, subresource=None):
    entry = {'manager': manager, 'operation': operation, 'apiVersion': api_version, 'time': now, 'fieldsType': 'FieldsV1'}
    return {**entry, 'subresource': subresource} if subresource else entry


def server_side_apply(live, applied, manager, force, now, associative, subresource=None):
    """The object after an apply.

    Raises Conflict when others own fields with other values and `force` is not set."""
    applied = {key: item for key, item in applied.items()}
    wanted = {path: value for path, value in leaves(applied, associative).items()
              if path[0] not in ('apiVersion', 'kind') and path not in (('metadata', 'name'), ('metadata', 'namespace'))}
    managers = owners(live) if live else []
    mine = next((pair for pair in managers if pair[0]['manager'] == manager and pair[0]['operation'] == 'Apply'
                 and pair[0].get('subresource') == subresource), None)
    before = leaves(live, associative) if live else {}
    conflicts = []
    for pair in managers:
        if pair is mine:
            continue
        for path in sorted(wanted):
            if path in pair[1] and (path not in before or before[path] != wanted[path]):
                conflicts.append((pair[0]['manager'], pair[0].get('subresource'), pair[0]['apiVersion'], show(path)))
                if force:
                    pair[1].discard(path)
    if conflicts and not force:
        raise Conflict(conflicts)
    result = merge(live, applied, associative) if live else applied
    dropped = (mine[1] if mine else set()) - set(wanted)
    # An item of a list goes as a whole, before the field that it is known by.
    kept = set(wanted).union(*(pair[1] for pair in managers if pair is not mine))
    for path in sorted(dropped, key=len):
        if not any(other[:len(path)] == path for other in kept):
            result = remove(result, path)
    rest = [pair for pair in managers if pair is not mine]
    unchanged = mine is not None and mine[1] == set(wanted)
    entry = mine[0] if unchanged else entry_of(manager, 'Apply', applied['apiVersion'], now, subresource)
    return with_owners(result, [[entry, set(wanted)]] + rest)


def updated_by(live, new, manager, now, associative, subresource=None):
    """The new object with its changed fields owned by the manager that changed them."""
    before = leaves(live, associative) if live else {}
    after = leaves(new, associative)
    changed = {path for path, value in after.items() if path[0] not in ('apiVersion', 'kind')
               and path not in (('metadata', 'name'), ('metadata', 'namespace'))
               and (path not in before or before[path] != value)}
    gone = set(before) - set(after)
    managers = owners(live) if live else []
    if not changed and not gone:
        return with_owners(new, managers)
    mine = None
    for pair in managers:
        is_mine = pair[0]['manager'] == manager and pair[0]['operation'] == 'Update' and pair[0].get('subresource') == subresource
        mine = pair if is_mine else mine
        pair[1] -= gone | (set() if is_mine else changed)
    if mine:
        mine[1] |= changed
        mine[0] = {**mine[0], 'time': now}
    else:
        managers.append([entry_of(manager, 'Update', new.get('apiVersion', 'v1'), now, subresource), changed])
    return with_owners(new, managers)


def merge_patch(value, patch):
    """RFC 7386."""
    if not isinstance(patch, dict):
        return patch
    found = dict(value) if isinstance(value, dict) else {}
    for key, item in patch.items():
        if item is None:
            found.pop(key, None)
        else:
            found[key] = merge_patch(found.get(key), item)
    return found


def strategic_patch(value, patch, path=()):
    """A strategic merge patch, with the list identities of apply; `$patch: delete` and `$patch: replace` work."""
    if isinstance(patch, dict):
        if patch.get('$patch') == 'replace':
            return {key: item for key, item in patch.items() if key != '$patch'}
        found = dict(value) if isinstance(value, dict) else {}
        for key, item in patch.items():
            if item is None:
                found.pop(key, None)
            elif not key.startswith('$'):
                found[key] = strategic_patch(found.get(key), item, path + (key,))
        return found
    if isinstance(patch, list):
        keys = _list_keys(path, [item for item in patch if isinstance(item, dict)], True)
        if keys and isinstance(value, list):
            found = list(value)
            for item in patch:
                at = next((n for n, old in enumerate(found) if _identity(old, keys) == _identity(item, keys)), None)
                if item.get('$patch') == 'delete':
                    found = found if at is None else found[:at] + found[at + 1:]
                elif at is None:
                    found.append(item)
                else:
                    found[at] = strategic_patch(found[at], item, path + ('',))
            return found
    return patch


def json_patch(value, operations):
    """RFC 6902's add, remove, replace and test; raises ValueError when one does not apply."""
    value = json.loads(json.dumps(value))
    for operation in operations:
        steps = [step.replace('~1', '/').replace('~0', '~') for step in operation['path'].split('/')[1:]]
        at = value
        for step in steps[:-1]:
            at = at[int(step)] if isinstance(at, list) else at.setdefault(step, {}) if operation['op'] == 'add' else at[step]
        last, kind = steps[-1], operation['op']
        try:
            if isinstance(at, list):
                if kind == 'add':
                    at.insert(len(at) if last == '-' else int(last), operation['value'])
                elif kind == 'remove':
                    del at[int(last)]
                elif kind == 'replace':
                    at[int(last)] = operation['value']
            elif kind == 'remove':
                del at[last]
            elif kind == 'test':
                if at.get(last) != operation.get('value'):
                    raise ValueError(f'testing value {operation["path"]} failed')
            else:
                at[last] = operation['value']
        except (KeyError, IndexError):
            raise ValueError(f'{kind} operation does not apply: doc is missing path: {operation["path"]}')
    return value
