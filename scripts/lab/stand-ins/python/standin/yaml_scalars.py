"""Scalars of YAML: what plain words mean, quotes, escapes and folded lines."""
import re

_INT = re.compile(r'[-+]?(?:0b[01_]+|0o?[0-7_]+|0x[0-9a-fA-F_]+|[0-9][0-9_]*)$')
_FLOAT = re.compile(r'[-+]?(?:\.[0-9]+|[0-9][0-9_]*(?:\.[0-9_]*)?)(?:[eE][-+]?[0-9]+)?$')
_WORDS = {word: value for value, words in {
    True: 'y Y yes Yes YES true True TRUE on On ON', False: 'n N no No NO false False FALSE off Off OFF',
    None: '~ null Null NULL'}.items() for word in words.split()}
_ESCAPES = {'n': '\n', 't': '\t', 'r': '\r', '0': '\0', 'a': '\a', 'b': '\b', 'e': '\x1b', 'f': '\f',
            'v': '\v', '"': '"', '\\': '\\', '/': '/', ' ': ' ', '\t': '\t', 'N': '\x85', '_': '\xa0'}


def resolve(word):
    """What a plain scalar means: a number, a bool, null, or the word itself."""
    if not word:
        return None
    if word in _WORDS:
        return _WORDS[word]
    first = word[0]
    if first in '0123456789+-.':
        if _INT.match(word):
            plain = word.replace('_', '')
            sign = -1 if plain[0] == '-' else 1
            digits = plain.lstrip('+-')
            for prefix, base in (('0x', 16), ('0b', 2), ('0o', 8)):
                if digits.startswith(prefix):
                    return sign * int(digits[2:], base)
            return sign * int(digits, 8 if digits[0] == '0' and len(digits) > 1 else 10)
        if _FLOAT.match(word):
            number = float(word.replace('_', ''))
            return word if number in (float('inf'), float('-inf')) else number
    return word


def without_comment(text):
    """The text before a comment."""
    at = text.find(' #')
    return (text if at < 0 else text[:at]).rstrip()


def quote_end(text, quote):
    """Where a quoted text ends, -1 when not on this line."""
    at = 0
    while at < len(text):
        char = text[at]
        if char == '\\' and quote == '"':
            at += 2
            continue
        if char == quote:
            if quote == "'" and text[at + 1:at + 2] == "'":
                at += 2
                continue
            return at
        at += 1
    return -1


def fold_quoted(pieces, quote):
    """The lines of a quoted text as one."""
    text = pieces[0]
    blank = 0
    for piece in pieces[1:]:
        if not piece:
            blank += 1
            continue
        if quote == '"' and text.endswith('\\') and not text.endswith('\\\\'):
            text = text[:-1] + piece
        else:
            text += '\n' * blank if blank else ' '
            text += piece
        blank = 0
    return text + (' ' if blank == 0 and len(pieces) > 1 and not pieces[-1] else '')


def fold(lines):
    """The lines of a `>` block as one text."""
    text, previous = '', None
    blank = 0
    for line in lines:
        if not line:
            blank += 1
            continue
        if previous is None:
            text += '\n' * blank + line
        elif line[0] in ' \t' or previous[0] in ' \t':
            text += '\n' * (blank + 1) + line
        else:
            text += ('\n' * blank if blank else ' ') + line
        previous, blank = line, 0
    return text


def unescape(text):
    """A double-quoted text's escapes resolved."""
    if '\\' not in text:
        return text
    found, at = [], 0
    while at < len(text):
        char = text[at]
        if char != '\\':
            found.append(char)
            at += 1
            continue
        code = text[at + 1:at + 2]
        width = {'x': 2, 'u': 4, 'U': 8}.get(code)
        if width:
            found.append(chr(int(text[at + 2:at + 2 + width], 16)))
            at += 2 + width
        else:
            found.append(_ESCAPES.get(code, code))
            at += 2
    joined = ''.join(found)
    return joined.encode('utf-16', 'surrogatepass').decode('utf-16') if any(0xD800 <= ord(c) < 0xE000 for c in found) else joined
