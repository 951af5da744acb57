"""Label and field selectors."""
import re


def label_matches(value, selector):
    """Whether an object's labels match a selector such as `a=b,c!=d,e,!f,g in (h,i)`."""
    if not selector:
        return True
    labels = (value.get('metadata') or {}).get('labels') or {}
    return all(_term(labels, term.strip()) for term in re.findall(r'[^,(]+(?:\([^)]*\))?', selector) if term.strip())


def _term(labels, term):
    within = re.match(r'(\S+)\s+(in|notin)\s+\(([^)]*)\)$', term)
    if within:
        values = [value.strip() for value in within.group(3).split(',')]
        return (labels.get(within.group(1)) in values) == (within.group(2) == 'in')
    if '!=' in term:
        key, wanted = term.split('!=', 1)
        return labels.get(key.strip()) != wanted.strip()
    if '=' in term:
        key, wanted = re.split(r'==?', term, maxsplit=1)
        return labels.get(key.strip()) == wanted.strip()
    return term[1:].strip() not in labels if term.startswith('!') else term in labels


def selects(selector, labels):
    """Whether a LabelSelector object selects labels."""
    labels = labels or {}
    for key, wanted in (selector.get('matchLabels') or {}).items():
        if labels.get(key) != wanted:
            return False
    for term in selector.get('matchExpressions') or []:
        key, operator, values = term['key'], term['operator'], term.get('values') or []
        if operator == 'In' and labels.get(key) not in values or operator == 'NotIn' and labels.get(key) in values \
                or operator == 'Exists' and key not in labels or operator == 'DoesNotExist' and key in labels:
            return False
    return True


def field_matches(value, selector):
    """Whether an object matches a field selector such as `spec.nodeName=n1,status.phase!=Running`."""
    for term in (selector or '').split(','):
        if not term:
            continue
        negative = '!=' in term
        path, _, wanted = term.replace('==', '=').replace('!=', '=').partition('=')
        at = value
        for step in path.split('.'):
            at = at.get(step) if isinstance(at, dict) else None
        if (str(at if at is not None else '') == wanted) == negative:
            return False
    return True
