"""A YAML printer that prints as sigs.k8s.io/yaml does: sorted keys, sequences not indented."""
from .yaml_scalars import resolve

_FIRST = set('-?:,[]{}#&*!|>\'"%@` ')


def dump(value, sort=True):
    """The text of one document, with a final newline."""
    lines = []
    if isinstance(value, dict) and value:
        _mapping(value, 0, lines, sort)
    elif isinstance(value, list) and value:
        _sequence(value, 0, lines, sort)
    else:
        lines.append(scalar(value, 0))
    return '\n'.join(lines) + '\n'


def scalar(value, indent):
    """One scalar; a text of several lines becomes a literal block."""
    if value is None:
        return 'null'
    if value is True or value is False:
        return 'true' if value else 'false'
    if isinstance(value, (int, float)):
        return str(int(value)) if isinstance(value, float) and value == int(value) and abs(value) < 1e15 else repr(value)
    if value == {}:
        return '{}'
    if value == []:
        return '[]'
    if '\n' in value:
        if value.strip('\n') and not any(ord(c) < 32 and c not in '\n\t' for c in value) and value[0] not in ' \n' \
                and not any(line != line.rstrip() for line in value.split('\n')):
            chomp = '' if value.endswith('\n') and not value.endswith('\n\n') else ('+' if value.endswith('\n') else '-')
            pad = ' ' * (indent + 2)
            body = value[:-1] if value.endswith('\n') else value
            return f'|{chomp}\n' + '\n'.join(pad + line if line else '' for line in body.split('\n'))
        return _double(value)
    if not value or value[0] in _FIRST and not _bare_dash(value) or value != value.strip() \
            or ': ' in value or ' #' in value or value.endswith(':') or any(ord(c) < 32 for c in value):
        return _quoted(value)
    return value if isinstance(resolve(value), str) and not _timestamp(value) else f'"{value}"'


def _bare_dash(value):
    return len(value) > 1 and value[0] in '-?:' and value[1] != ' '


def _timestamp(value):
    return len(value) >= 10 and value[:4].isdigit() and value[4] == '-' and value[7:8] == '-'


def _quoted(value):
    if not value or any(ord(c) < 32 for c in value):
        return _double(value)
    return "'" + value.replace("'", "''") + "'"


def _double(value):
    swaps = {'"': '\\"', '\\': '\\\\', '\n': '\\n', '\t': '\\t', '\r': '\\r'}
    return '"' + ''.join(swaps.get(c) or (c if ord(c) >= 32 else f'\\x{ord(c):02x}') for c in value) + '"'


def _mapping(value, indent, lines, sort, lead=None):
    pad = ' ' * indent
    for number, key in enumerate(sorted(value) if sort else value):
        start = lead if lead is not None and number == 0 else pad
        item, name = value[key], _double(key) if '\n' in key else scalar(key, 0)
        if isinstance(item, dict) and item:
            lines.append(f'{start}{name}:')
            _mapping(item, indent + 2, lines, sort)
        elif isinstance(item, list) and item:
            lines.append(f'{start}{name}:')
            _sequence(item, indent, lines, sort)
        else:
            lines.append(f'{start}{name}: {scalar(item, indent)}')


def _sequence(value, indent, lines, sort, lead=None):
    pad = ' ' * indent
    for number, item in enumerate(value):
        start = (lead if lead is not None and number == 0 else pad) + '- '
        if isinstance(item, dict) and item:
            _mapping(item, indent + 2, lines, sort, lead=start)
        elif isinstance(item, list) and item:
            _sequence(item, indent + 2, lines, sort, lead=start)
        else:
            lines.append(start + scalar(item, indent))
