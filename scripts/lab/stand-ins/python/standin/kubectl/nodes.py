"""label, annotate, taint, cordon and uncordon."""
from ..http import ApiError
from ..text import err, out
from .errors import KubectlError, worded

_MERGE = 'application/merge-patch+json'


def _targets(client, words, flags):
    """Kind and names, and the words that are left."""
    if '/' in words[0] and '=' not in words[0]:
        kind, name = words[0].split('/', 1)
        return client.resource(kind), [name], words[1:]
    resource = client.resource(words[0])
    rest = words[1:]
    names = []
    while rest and '=' not in rest[0] and not rest[0].endswith('-') and ':' not in rest[0]:
        names.append(rest.pop(0))
    if flags.get('--all') or flags.get('-l') or flags.get('--selector'):
        from .get import query
        listed = client.api.get(resource.path(None if client.is_everywhere else client.namespace) + query(flags))['items']
        names = [item['metadata']['name'] for item in listed]
    return resource, names, rest


def label(client, words, flags, field='labels', done='labeled', undone='unlabeled'):
    """The same label again is fine; another value needs --overwrite; removing an absent one is fine."""
    resource, names, changes = _targets(client, words, flags)
    if not names:
        raise KubectlError('error: one or more resources must be specified as <resource> <name> or <resource>/<name>')
    if not changes:
        raise KubectlError(f'error: at least one {field[:-1]} update is required')
    code = 0
    for name in names:
        try:
            code = max(code, _label_one(client, resource, name, changes, flags, field, done, undone))
        except ApiError as error:
            err(worded(error))
            code = 1
    return code


def _label_one(client, resource, name, changes, flags, field, done, undone):
    live = client.api.get(client.path(resource, name))
    have, patch, removed, added = live['metadata'].get(field) or {}, {}, False, False
    for change in changes:
        if change.endswith('-') and '=' not in change:
            if change[:-1] in have:
                patch[change[:-1]], removed = None, True
            elif field == 'labels':
                out(f'label "{change[:-1]}" not found.')
            continue
        key, equals, value = change.partition('=')
        if not equals:
            raise KubectlError(f'error: unknown {field[:-1]} spec: {change}')
        if key in have and have[key] != value and not flags.get('--overwrite'):
            if field == 'labels':
                err(f"error: '{key}' already has a value ({have[key]}), and --overwrite is false")
            else:
                err(f"error: --overwrite is false but found the following declared annotation(s): '{key}' already has a value ({have[key]})")
            return 1
        if have.get(key) != value:
            patch[key], added = value, True
    text = done if added else undone if removed else f'not {done}'
    if field == 'annotations' and not added and not removed:
        text = done
    if patch and flags.get('--dry-run') in (None, 'none'):
        client.api.request('PATCH', client.path(resource, name) + f'?fieldManager=kubectl-{"label" if field == "labels" else "annotate"}',
                           {'metadata': {field: patch}}, _MERGE)
    out(f'{resource.slashed}/{name} {text}')
    return 0


def annotate(client, words, flags):
    return label(client, words, flags, 'annotations', 'annotated', 'annotated')


def taint(client, words, flags):
    """The same taint again fails without --overwrite; removing an absent one fails, with --all when any node lacks it."""
    resource, names, changes = _targets(client, words, flags)
    added, gone = [], []
    for change in changes:
        if change.endswith('-'):
            key, _, effect = change[:-1].partition(':')
            gone.append((key.split('=')[0], effect))
            continue
        pair, _, effect = change.rpartition(':')
        if not pair or effect not in ('NoSchedule', 'PreferNoSchedule', 'NoExecute'):
            raise KubectlError(f'error: invalid taint spec: {change}' + (f', unsupported taint effect' if pair else ''))
        key, _, value = pair.partition('=')
        added.append({'effect': effect, 'key': key, **({'value': value} if value else {})})
    code = 0
    for name in names:
        try:
            code = max(code, _taint_one(client, resource, name, added, gone, flags))
        except ApiError as error:
            err(worded(error))
            code = 1
    return code


def _taint_one(client, resource, name, added, gone, flags):
    node = client.api.get(client.path(resource, name))
    taints = (node.get('spec') or {}).get('taints') or []
    same = [new for new in added if any(t['key'] == new['key'] and t['effect'] == new['effect'] for t in taints)]
    if same and not flags.get('--overwrite'):
        err(f"error: node {name} already has {','.join(t['key'] for t in same)} taint(s) with same effect(s) and --overwrite is false")
        return 1
    code = 0
    for key, effect in gone:
        kept = [t for t in taints if t['key'] != key or effect and t['effect'] != effect]
        if len(kept) == len(taints):
            err(f'error: taint "{key}{":" + effect if effect else ""}" not found')
            code = 1
        taints = kept
    if code:
        return code
    taints = added + [t for t in taints if not any(t['key'] == new['key'] and t['effect'] == new['effect'] for new in added)]
    client.api.request('PATCH', client.path(resource, name) + '?fieldManager=kubectl-taint', {'spec': {'taints': taints or None}}, _MERGE)
    text = 'untainted' if gone and not added else 'modified' if same or gone else 'tainted'
    out(f'{resource.slashed}/{name} {text}')
    return 0


def cordon(client, words, flags, wanted=True):
    """Both ways are idempotent."""
    word = 'cordoned' if wanted else 'uncordoned'
    resource, code = client.resource('nodes'), 0
    for name in _node_names(client, words, flags):
        try:
            node = client.api.get(client.path(resource, name))
            if bool((node.get('spec') or {}).get('unschedulable')) == wanted:
                out(f'node/{name} already {word}')
                continue
            if flags.get('--dry-run') not in (None, 'none'):
                out(f'node/{name} {word} (dry run)')
                continue
            client.api.request('PATCH', client.path(resource, name) + '?fieldManager=kubectl-cordon', {'spec': {'unschedulable': wanted or None}}, _MERGE)
            out(f'node/{name} {word}')
        except ApiError as error:
            err(worded(error))
            code = 1
    return code


def uncordon(client, words, flags):
    return cordon(client, words, flags, wanted=False)


def _node_names(client, words, flags):
    if flags.get('-l') or flags.get('--selector'):
        from .get import query
        return [item['metadata']['name'] for item in client.api.get('/api/v1/nodes' + query(flags))['items']]
    if not words:
        raise KubectlError('error: at least one argument is required')
    return [word.split('/', 1)[1] if '/' in word else word for word in words]
