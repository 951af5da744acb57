"""A YAML reader: the YAML that people and tools write for Kubernetes, read as Go's yaml.v2 reads it."""
import re

from .yaml_scalars import fold, fold_quoted, quote_end, resolve, unescape, without_comment

_KEY = re.compile(r'''("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s\[\]{}"'#&*!|>%@`,?:-][^\n]*?|[?:-][^\s][^\n]*?)\s*:(?=\s|$)''')


class YamlError(ValueError):
    """What is wrong with a document, worded as yaml.v2 words it."""


class DuplicateKey(YamlError):
    """A mapping that sets one key twice."""


def documents(text):
    """The texts of a stream's documents, split at `---` lines as the Kubernetes tools do."""
    found, current = [], []
    for line in text.split('\n'):
        if line.startswith('---') and (len(line) == 3 or line[3] in ' \t\r'):
            found.append('\n'.join(current))
            rest = line[3:].strip()
            current = [rest] if rest and not rest.startswith('#') else []
        elif line.startswith('...') and not line[3:].strip():
            found.append('\n'.join(current))
            current = []
        else:
            current.append(line)
    found.append('\n'.join(current))
    return found


def load(text):
    """The value of one document; JSON is read as well."""
    stripped = text.lstrip()
    if stripped[:1] == '{':
        import json
        try:
            return json.loads(stripped)
        except ValueError:
            pass
    return _Reader(text).document()


def load_all(text):
    """The values of all documents that are not empty."""
    return [value for value in (load(document) for document in documents(text)) if value is not None]


class _Reader:
    def __init__(self, text):
        self.lines = text.replace('\r\n', '\n').split('\n')
        self.at = 0
        self.anchors = {}

    def fail(self, problem, line=None):
        raise YamlError(f'yaml: line {max(self.at if line is None else line, 1)}: {problem}')

    def document(self):
        if self.peek() is None:
            return None
        value = self.block(0)
        if self.peek() is not None:
            self.fail('did not find expected key', self.at + 1)
        return value

    def peek(self):
        """Indent and text of the next line that says something."""
        while self.at < len(self.lines):
            line = self.lines[self.at]
            text = line.lstrip(' ')
            if text and text[0] != '#' and (text[0] != '\t' or text.strip()) and text.strip() \
                    and not (text[0] == '%' and line[0] == '%' and self.at == 0):
                if text[0] == '\t':
                    self.fail('found character that cannot start any token', self.at + 1)
                return len(line) - len(text), text
            self.at += 1
        return None

    def block(self, least):
        indent, text = self.peek()
        if indent < least:
            return None
        if text.startswith('- ') or text.rstrip() == '-':
            return self.sequence(indent)
        if text.startswith('? '):
            return self.mapping(indent)
        if _KEY.match(text) and text[0] not in '[{':
            return self.mapping(indent)
        self.at += 1
        return self.value(text, indent - 1)

    def sequence(self, indent):
        items = []
        while True:
            ahead = self.peek()
            if ahead is None or ahead[0] != indent or not (ahead[1].startswith('- ') or ahead[1].rstrip() == '-'):
                if ahead is not None and ahead[0] > indent:
                    self.fail("did not find expected '-' indicator", self.at + 1)
                return items
            rest = ahead[1][1:]
            inner = rest.lstrip(' ')
            if not inner.strip() or inner.startswith('#'):
                self.at += 1
                items.append(self.nested(indent))
            elif inner.startswith('- ') or inner.rstrip() == '-' or inner.startswith('? ') \
                    or (inner[0] not in '[{' and _KEY.match(inner)):
                column = indent + 1 + len(rest) - len(inner)
                self.lines[self.at] = ' ' * column + inner
                items.append(self.block(column))
            else:
                self.at += 1
                items.append(self.value(inner, indent))

    def nested(self, indent, sequences_too=False):
        """The block below a key or a dash, or null."""
        ahead = self.peek()
        if ahead is not None and (ahead[0] > indent or sequences_too and ahead[0] == indent
                                  and (ahead[1].startswith('- ') or ahead[1].rstrip() == '-')):
            return self.block(ahead[0])
        return None

    def mapping(self, indent):
        found = {}
        while True:
            ahead = self.peek()
            if ahead is None or ahead[0] < indent:
                return found
            if ahead[0] > indent:
                self.fail('mapping values are not allowed in this context' if ':' in ahead[1]
                          else "could not find expected ':'", self.at + 1)
            text, line = ahead[1], self.at + 1
            if text.startswith('? '):
                key, value = self.explicit(indent, text)
            else:
                match = _KEY.match(text)
                if not match:
                    if text.startswith('- '):
                        return found
                    self.fail("could not find expected ':'", self.at + 1)
                self.at += 1
                key = self.key(match.group(1))
                value = self.after_key(text[match.end():].lstrip(' \t'), indent)
            if key == '<<' and isinstance(value, (dict, list)):
                for source in (value if isinstance(value, list) else [value]):
                    for name in source:
                        found.setdefault(name, source[name])
            elif key in found:
                raise DuplicateKey(f'yaml: unmarshal errors:\n  line {line}: key "{key}" already set in map')
            else:
                found[key] = value

    def explicit(self, indent, text):
        self.at += 1
        key = str(self.value(text[2:].lstrip(), indent))
        ahead = self.peek()
        if ahead is None or ahead[0] != indent or not ahead[1].startswith(':'):
            return key, None
        self.at += 1
        return key, self.after_key(ahead[1][1:].lstrip(), indent)

    @staticmethod
    def key(text):
        if text[0] == '"':
            return unescape(text[1:-1])
        if text[0] == "'":
            return text[1:-1].replace("''", "'")
        return text

    def after_key(self, rest, indent):
        if not rest or rest[0] == '#':
            return self.nested(indent, sequences_too=True)
        return self.value(rest, indent, sequences_too=True)

    def value(self, text, indent, sequences_too=False):
        """A value whose text begins on the line just taken; `indent` is that of its parent."""
        first = text[0]
        if first in '&!':
            name, _, rest = text.partition(' ')
            rest = rest.lstrip()
            value = self.value(rest, indent) if rest and rest[0] != '#' else self.nested(indent, sequences_too)
            if first == '&':
                self.anchors[name[1:]] = value
            elif name == '!!str' and not isinstance(value, str):
                value = '' if value is None else rest
            return value
        if first == '*':
            name = text[1:].split(' ')[0].rstrip()
            if name not in self.anchors:
                raise YamlError(f"yaml: unknown anchor '{name}' referenced")
            return self.anchors[name]
        if first in '|>':
            return self.literal(text, indent)
        if first == '"' or first == "'":
            value, rest = self.quoted(text)
            self.ends(rest)
            return value
        if first in '[{':
            flow = _Flow(self, text)
            value = flow.value()
            self.ends(flow.rest())
            return value
        if first in '%@`' or (first in ']},'):
            self.fail('did not find expected node content' if first in ']},' else 'found character that cannot start any token')
        return self.plain(text, indent)

    def ends(self, rest):
        rest = rest.strip()
        if rest and rest[0] != '#':
            self.fail('did not find expected key')

    def plain(self, text, indent):
        word = without_comment(text)
        if ': ' in word or word.endswith(':'):
            self.fail('mapping values are not allowed in this context')
        commented = word != text.rstrip()
        pieces, blank = [word], 0
        while not commented and self.at < len(self.lines):
            line = self.lines[self.at]
            stripped = line.strip()
            if not stripped:
                blank += 1
                self.at += 1
                continue
            if len(line) - len(line.lstrip(' ')) <= indent or stripped[0] == '#':
                break
            if _KEY.match(stripped) and stripped[0] not in '"\'':
                self.fail('mapping values are not allowed in this context', self.at + 1)
            more = without_comment(stripped)
            pieces.append('\n' * blank if blank else ' ')
            pieces.append(more)
            commented, blank = more != stripped, 0
            self.at += 1
        return resolve(word) if len(pieces) == 1 else ''.join(pieces)

    def quoted(self, text):
        """A quoted scalar, possibly over several lines, and what follows it."""
        quote, pieces, start = text[0], [], self.at
        text = text[1:]
        while True:
            end = quote_end(text, quote)
            if end >= 0:
                pieces.append(text[:end] if not pieces else text[:end].lstrip())
                body = fold_quoted(pieces, quote)
                return (unescape(body) if quote == '"' else body.replace("''", "'")), text[end + 1:]
            pieces.append(text.rstrip() if not pieces else text.strip())
            if self.at >= len(self.lines):
                self.fail('found unexpected end of stream', start)
            text = self.lines[self.at]
            self.at += 1

    def literal(self, header, indent):
        style, marks = header[0], header[1:].split(' #')[0].strip()
        chomp = next((mark for mark in marks if mark in '+-'), '')
        given = next((int(mark) for mark in marks if mark.isdigit()), 0)
        lines, width = [], (max(indent, 0) + given) if given else None
        while self.at < len(self.lines):
            line = self.lines[self.at]
            stripped = line.lstrip(' ')
            if stripped:
                column = len(line) - len(stripped)
                if width is None:
                    if column <= indent:
                        break
                    width = column
                elif column < width:
                    break
            lines.append(line)
            self.at += 1
        lines = [line[width:] if width else '' for line in lines]
        body_end = len(lines)
        while body_end and not lines[body_end - 1]:
            body_end -= 1
        trailing = len(lines) - body_end
        if self.at >= len(self.lines) and trailing:
            trailing -= 1  # the text's own final newline
        body = lines[:body_end]
        text = '\n'.join(body) if style == '|' else fold(body)
        if chomp == '-' or not body:
            return text if chomp != '+' else text + '\n' * trailing
        return text + '\n' + ('\n' * trailing if chomp == '+' else '')


class _Flow:
    """A flow collection, which may go on over several lines."""

    def __init__(self, reader, text):
        self.reader, self.text, self.at = reader, text, 0

    def rest(self):
        return self.text[self.at:]

    def peek(self):
        while True:
            while self.at < len(self.text) and self.text[self.at] in ' \t':
                self.at += 1
            if self.at < len(self.text) and not (self.text[self.at] == '#' and self.at and self.text[self.at - 1] in ' \t'):
                return self.text[self.at]
            reader = self.reader
            if reader.at >= len(reader.lines) or not any(line.strip() for line in reader.lines[reader.at:]):
                reader.fail('did not find expected node content')
            self.text, self.at = ' ' + reader.lines[reader.at].strip(), 0
            reader.at += 1

    def value(self):
        first = self.peek()
        if first == '[':
            return self.items()
        if first == '{':
            return self.pairs()
        return self.scalar()

    def items(self):
        self.at += 1
        found = []
        while self.peek() != ']':
            value = self.value()
            if self.peek() == ':':
                self.at += 1
                value = {str(value): self.value()}
            found.append(value)
            self.separator(']')
        self.at += 1
        return found

    def pairs(self):
        self.at += 1
        found = {}
        while self.peek() != '}':
            key, value = self.scalar(is_key=True), None
            if self.peek() == ':':
                self.at += 1
                value = self.value() if self.peek() not in ',}' else None
            if key in found:
                raise DuplicateKey(f'yaml: unmarshal errors:\n  line {self.reader.at}: key "{key}" already set in map')
            found[key] = value
            self.separator('}')
        self.at += 1
        return found

    def separator(self, end):
        if self.peek() == ',':
            self.at += 1
        elif self.peek() != end:
            self.reader.fail("did not find expected ',' or '" + end + "'")

    def scalar(self, is_key=False):
        first = self.peek()
        if first in '"\'':
            self.text = self.text[self.at:]
            value, self.text = self.reader.quoted(self.text)
            self.at = 0
            return value
        if first in ',]}':
            self.reader.fail('did not find expected node content')
        start = self.at
        while self.at < len(self.text):
            char = self.text[self.at]
            if char in ',[]{}' or char == ':' and self.text[self.at + 1:self.at + 2] in ('', ' ', ',', ']', '}') \
                    or char == '#' and self.text[self.at - 1] == ' ':
                break
            self.at += 1
        word = self.text[start:self.at].strip()
        return word if is_key else resolve(word)
