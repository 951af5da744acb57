"""JSONPath templates as kubectl has them: `{.a.b}`, `[0]`, `[*]`, `['x']`, filters, ranges and text."""
import json
import re

_TOKEN = re.compile(r"\.\.|\.?\[(?P<inner>(?:'[^']*'|\"[^\"]*\"|\?\((?:[^()]|\([^()]*\))*\)|[^\]])*)\]|\.(?P<name>(?:\\.|[^.\[\s{}()=!<>])+)|\.")


def render(template, value):
    """The text of a template over a value."""
    if '{' not in template:
        template = '{' + (template if template.startswith(('.', '$', '[', '@')) else '.' + template) + '}'
    pieces = re.split(r'(\{(?:[^{}"\']|"(?:[^"\\]|\\.)*"|\'[^\']*\')*\})', template)
    return _render([piece for piece in pieces if piece], value)[0]


def _render(pieces, value, at=0, stop=False):
    text = ''
    while at < len(pieces):
        piece = pieces[at]
        at += 1
        if not piece.startswith('{'):
            text += piece
            continue
        inner = piece[1:-1].strip()
        if inner == 'end':
            return text, at
        if inner.startswith('range '):
            items = [item for found in find(inner[6:].strip(), value) for item in (found if isinstance(found, list) else [found])]
            end = _render(pieces, None, at, True)[1] if not items else at
            for item in items:
                more, end = _render(pieces, item, at)
                text += more
            at = end
        elif inner[:1] in '"\'':
            text += inner[1:-1].replace('\\n', '\n').replace('\\t', '\t')
        elif not stop or value is not None:
            text += ' '.join(show(item) for item in find(inner, value))
    return text, at


def show(value):
    if isinstance(value, str):
        return value
    if value is None:
        return ''
    return json.dumps(value, separators=(',', ':'), sort_keys=True, ensure_ascii=False)


def find(path, value):
    """The values at a path."""
    path = path.lstrip('$@')
    found, at = [value], 0
    while at < len(path):
        match = _TOKEN.match(path, at)
        if not match:
            return []
        at = match.end()
        if match.group('name') is not None:
            name = re.sub(r'\\(.)', r'\1', match.group('name'))
            found = [inner for item in found for inner in (_values(item) if name == '*' else [item[name]] if isinstance(item, dict) and name in item else [])]
        elif match.group('inner') is not None:
            found = _bracket(match.group('inner').strip(), found)
        elif match.group(0) == '..':
            found = [deep for item in found for deep in _descend(item)]
    return found


def _values(item):
    return list(item.values()) if isinstance(item, dict) else list(item) if isinstance(item, list) else []


def _descend(item):
    return [item] + [deep for inner in _values(item) for deep in _descend(inner)]


def _bracket(inner, found):
    if inner == '*':
        return [value for item in found for value in _values(item)]
    if inner.startswith('?('):
        return [value for item in found if isinstance(item, list) for value in item if _holds(inner[2:-1], value)]
    if inner[:1] in '"\'':
        return [item[inner[1:-1]] for item in found if isinstance(item, dict) and inner[1:-1] in item]
    if ':' in inner:
        start, end = (int(part) if part else None for part in inner.split(':')[:2])
        return [value for item in found if isinstance(item, list) for value in item[start:end]]
    number = int(inner)
    return [item[number] for item in found if isinstance(item, list) and -len(item) <= number < len(item)]


def _holds(condition, value):
    match = re.match(r'(.+?)\s*(==|!=|>=|<=|>|<)\s*(.+)$', condition.strip())
    if not match:
        return bool(find(condition.strip(), value))
    left = find(match.group(1).strip(), value)
    text = match.group(3).strip()
    right = text[1:-1] if text[:1] in '"\'' else json.loads(text) if re.match(r'-?\d|true|false', text) else text
    if not left:
        return False
    operator = match.group(2)
    if operator in ('==', '!='):
        return (left[0] == right) == (operator == '==')
    return {'>': left[0] > right, '<': left[0] < right, '>=': left[0] >= right, '<=': left[0] <= right}[operator]
