"""`kubectl describe`: a Node's main sections; other kinds as YAML."""
from .. import yaml_print
from ..text import out
from .tables import node_roles


def describe(client, words, flags):
    from .get import collect
    found, code, _ = collect(client, words, flags)
    for resource, values in found:
        for value in values:
            value['metadata'].pop('managedFields', None)
            out(_node(value) if resource.plural == 'nodes' else yaml_print.dump(value), end='')
    return code


def _node(node):
    metadata, spec, status = node['metadata'], node.get('spec') or {}, node.get('status') or {}
    lines = [f"Name:               {metadata['name']}", f'Roles:              {node_roles(node)}']
    lines += _pairs('Labels', metadata.get('labels'), '=') + _pairs('Annotations', metadata.get('annotations'), ': ')
    lines.append(f"CreationTimestamp:  {metadata['creationTimestamp']}")
    taints = [f"{t['key']}{'=' + t['value'] if t.get('value') else ''}:{t['effect']}" for t in spec.get('taints') or []] or ['<none>']
    lines += [('Taints:             ' if number == 0 else ' ' * 20) + taint for number, taint in enumerate(taints)]
    lines.append(f"Unschedulable:      {str(bool(spec.get('unschedulable'))).lower()}")
    lines += ['Conditions:', '  Type             Status  LastHeartbeatTime                 LastTransitionTime                Reason                       Message',
              '  ----             ------  -----------------                 ------------------                ------                       -------']
    for c in status.get('conditions') or []:
        lines.append(f"  {c['type']:<16} {c['status']:<7} {c['lastHeartbeatTime']:<33} {c['lastTransitionTime']:<33} {c['reason']:<28} {c['message']}")
    lines.append('Addresses:')
    lines += [f"  {address['type']}:  {address['address']}" for address in status.get('addresses') or []]
    for title in ('Capacity', 'Allocatable'):
        lines.append(f'{title}:')
        lines += [f'  {key + ":":<19} {value}' for key, value in sorted((status.get(title.lower()) or {}).items())]
    info = status.get('nodeInfo') or {}
    lines.append('System Info:')
    for title, key in (('Machine ID', 'machineID'), ('System UUID', 'systemUUID'), ('Boot ID', 'bootID'), ('Kernel Version', 'kernelVersion'),
                       ('OS Image', 'osImage'), ('Container Runtime Version', 'containerRuntimeVersion'), ('Kubelet Version', 'kubeletVersion')):
        lines.append(f"  {title + ':':<27} {info.get(key, '')}")
    if spec.get('podCIDR'):
        lines.append(f"PodCIDR:                      {spec['podCIDR']}")
    return '\n'.join(lines) + '\n'


def _pairs(title, pairs, sign):
    texts = [f'{key}{sign}{value}' for key, value in sorted((pairs or {}).items())] or ['<none>']
    return [(f'{title}:'.ljust(20) if number == 0 else ' ' * 20) + text for number, text in enumerate(texts)]
