"""kubectl's tables."""
import time

from ..text import age, parse_rfc3339


def _age(value):
    stamp = value['metadata'].get('creationTimestamp')
    return age(time.time() - parse_rfc3339(stamp)) if stamp else '<unknown>'


def node_roles(node):
    prefix = 'node-role.kubernetes.io/'
    roles = sorted(key[len(prefix):] for key in node['metadata'].get('labels') or {} if key.startswith(prefix) and len(key) > len(prefix))
    return ','.join(roles) or '<none>'


def _node(node, wide):
    status = node.get('status') or {}
    ready = next((c['status'] for c in status.get('conditions') or [] if c['type'] == 'Ready'), None)
    text = 'Ready' if ready == 'True' else 'Unknown' if ready is None else 'NotReady'
    if (node.get('spec') or {}).get('unschedulable'):
        text += ',SchedulingDisabled'
    info = status.get('nodeInfo') or {}
    row = [node['metadata']['name'], text, node_roles(node), _age(node), info.get('kubeletVersion', '')]
    if wide:
        addresses = {a['type']: a['address'] for a in status.get('addresses') or []}
        row += [addresses.get('InternalIP', '<none>'), addresses.get('ExternalIP', '<none>'), info.get('osImage', ''), info.get('kernelVersion', ''),
                info.get('containerRuntimeVersion', '')]
    return row


def _pod(pod, wide):
    status, spec = pod.get('status') or {}, pod['spec']
    states = status.get('containerStatuses') or []
    total = len(spec.get('containers') or [])
    text = 'Terminating' if 'deletionTimestamp' in pod['metadata'] else status.get('phase', 'Unknown')
    row = [pod['metadata']['name'], f'{sum(1 for s in states if s.get("ready"))}/{total}', text, str(sum(s.get('restartCount', 0) for s in states)), _age(pod)]
    if wide:
        row += [status.get('podIP', '<none>'), spec.get('nodeName', '<none>'), '<none>', '<none>']
    return row


def _deployment(value, wide):
    status, spec = value.get('status') or {}, value['spec']
    row = [value['metadata']['name'], f"{status.get('readyReplicas', 0)}/{spec.get('replicas', 1)}", str(status.get('updatedReplicas', 0)),
           str(status.get('availableReplicas', 0)), _age(value)]
    return row + _containers(value) if wide else row


def _containers(value):
    containers = value['spec']['template']['spec'].get('containers') or []
    labels = (value['spec'].get('selector') or {}).get('matchLabels') or {}
    return [','.join(c['name'] for c in containers), ','.join(c.get('image', '') for c in containers), ','.join(f'{k}={v}' for k, v in sorted(labels.items()))]


def _daemon_set(value, wide):
    status = value.get('status') or {}
    selector = value['spec']['template']['spec'].get('nodeSelector') or {}
    row = [value['metadata']['name'], *(str(status.get(key, 0)) for key in (
        'desiredNumberScheduled', 'currentNumberScheduled', 'numberReady', 'updatedNumberScheduled', 'numberAvailable')),
        ','.join(f'{k}={v}' for k, v in sorted(selector.items())) or '<none>', _age(value)]
    return row + _containers(value) if wide else row


def _request(value, _):
    conditions = [c['type'] for c in (value.get('status') or {}).get('conditions') or []] or ['Pending']
    if (value.get('status') or {}).get('certificate'):
        conditions.append('Issued')
    return [value['metadata']['name'], _age(value), value['spec'].get('signerName', ''), value['spec'].get('username', ''), '<none>', ','.join(conditions)]


def _replica_set(value, _):
    status = value.get('status') or {}
    return [value['metadata']['name'], str(value['spec'].get('replicas', 0)), str(status.get('replicas', 0)), str(status.get('readyReplicas', 0)), _age(value)]


def _service(value, _):
    ports = ','.join(f"{p['port']}/{p.get('protocol', 'TCP')}" for p in value['spec'].get('ports') or [])
    return [value['metadata']['name'], value['spec'].get('type', 'ClusterIP'), value['spec'].get('clusterIP', '<none>'), '<none>', ports or '<none>', _age(value)]


def _event(value, _):
    about = value.get('involvedObject') or {}
    return [_age(value), value.get('type', ''), value.get('reason', ''), f"{about.get('kind', '').lower()}/{about.get('name', '')}", value.get('message', '')]


def _secret(value, _):
    return [value['metadata']['name'], value.get('type', 'Opaque'), str(len(value.get('data') or {})), _age(value)]


_TABLES = {
    'nodes': ('NAME STATUS ROLES AGE VERSION', 'INTERNAL-IP EXTERNAL-IP OS-IMAGE KERNEL-VERSION CONTAINER-RUNTIME', _node),
    'pods': ('NAME READY STATUS RESTARTS AGE', 'IP NODE NOMINATED_NODE READINESS_GATES', _pod),
    'deployments': ('NAME READY UP-TO-DATE AVAILABLE AGE', 'CONTAINERS IMAGES SELECTOR', _deployment),
    'daemonsets': ('NAME DESIRED CURRENT READY UP-TO-DATE AVAILABLE NODE_SELECTOR AGE', 'CONTAINERS IMAGES SELECTOR', _daemon_set),
    'replicasets': ('NAME DESIRED CURRENT READY AGE', '', _replica_set),
    'services': ('NAME TYPE CLUSTER-IP EXTERNAL-IP PORT(S) AGE', '', _service),
    'secrets': ('NAME TYPE DATA AGE', '', _secret),
    'events': ('LAST_SEEN TYPE REASON OBJECT MESSAGE', '', _event),
    'certificatesigningrequests': ('NAME AGE SIGNERNAME REQUESTOR REQUESTEDDURATION CONDITION', '', _request),
    'configmaps': ('NAME DATA AGE', '', lambda value, _: [value['metadata']['name'], str(len(value.get('data') or {})), _age(value)]),
    'serviceaccounts': ('NAME SECRETS AGE', '', lambda value, _: [value['metadata']['name'], '0', _age(value)]),
    'namespaces': ('NAME STATUS AGE', '', lambda value, _: [value['metadata']['name'], (value.get('status') or {}).get('phase', 'Active'), _age(value)]),
    'customresourcedefinitions': ('NAME CREATED AT', '', lambda value, _: [value['metadata']['name'], value['metadata']['creationTimestamp']]),
}


def table(resource, values, wide=False, prefixed=False, namespaced=False, labels=False):
    """Header and rows of a kind; other kinds have a name and an age."""
    head, more, make = _TABLES.get(resource.plural, ('NAME AGE', '', lambda value, _: [value['metadata']['name'], _age(value)]))
    names = ['NAME', 'CREATED AT'] if resource.plural == 'customresourcedefinitions' else [
        word.replace('_', ' ') for word in head.split() + (more.split() if wide else [])]
    rows = []
    for value in values:
        row = make(value, wide)
        if prefixed:
            row[0] = f'{resource.slashed}/{row[0]}'
        if namespaced:
            row.insert(0, value['metadata'].get('namespace', ''))
        if labels:
            row.append(','.join(f'{k}={v}' for k, v in sorted((value['metadata'].get('labels') or {}).items())) or '<none>')
        rows.append(row)
    return (['NAMESPACE'] if namespaced else []) + names + (['LABELS'] if labels else []), rows


def text(header, rows, is_bare=False):
    """Columns padded as kubectl pads them: three spaces after the widest cell, none at the end."""
    lines = ([] if is_bare else [header]) + rows
    widths = [max(len(line[at]) for line in lines) for at in range(len(lines[0]))] if lines else []
    return '\n'.join(''.join(cell.ljust(width + 3) for cell, width in zip(line, widths)).rstrip() if False else
                     '   '.join(cell.ljust(width) for cell, width in zip(line[:-1], widths)) + ('   ' if len(line) > 1 else '') + line[-1]
                     for line in lines)
