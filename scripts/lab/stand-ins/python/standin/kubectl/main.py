"""The kubectl stand-in's command line."""
import os
import sys

from .. import settings
from ..http import ApiError, Unreachable
from ..text import err, out
from .errors import KubectlError, worded

HELP = f'''kubectl (stand-in). {settings.STAND_IN}

Commands: annotate api-resources apply auth cluster-info config cordon create delete describe diff drain exec get kustomize label
  logs patch replace rollout scale taint uncordon version wait
'''
_SWITCHES = {'--server-side', '--force-conflicts', '--ignore-not-found', '--all', '--overwrite', '--no-headers', '--show-labels', '--show-managed-fields',
             '--ignore-daemonsets', '--delete-emptydir-data', '--force', '--client', '--raw-config', '--minify', '-A', '--all-namespaces', '-R', '--recursive',
             '--now', '--watch', '-w', '--insecure-skip-tls-verify', '--wait', '--validate', '--disable-eviction', '--list', '--prune', '--flatten',
             '--save-config', '--verbose', '-h', '--help', '--cascade', '--dry-run', '--allow-missing-template-keys', '--concurrent', '--short', '--warnings-as-errors',
             '--all-pods', '--all-containers', '--prefix', '--previous', '-p-switch', '--follow', '--timestamps'}
_MANY = {'-f', '--filename', '--from-literal', '--from-file'}
_VALUE_SHORT = {'-n', '-l', '-o', '-f', '-p', '-s', '-v', '-c', '-k', '-L'}
_RAW_SWITCH = ('config',)


def parse(words):
    """Flags and the other words."""
    flags, rest, at = {}, [], 0
    command = next((word for word in words if not word.startswith('-')), '')
    while at < len(words):
        word = words[at]
        at += 1
        if word == '--':
            rest += words[at:]
            break
        if not word.startswith('-') or word == '-':
            rest.append(word)
            continue
        name, equals, value = word.partition('=')
        if not word.startswith('--') and len(name) > 2:
            if name[:2] not in _VALUE_SHORT:
                raise KubectlError(f"error: unknown shorthand flag: '{name[1]}' in {word}")
            name, value, equals = word[:2], word[2:].lstrip('='), '='
        is_switch = name in _SWITCHES or name == '--raw' and command in _RAW_SWITCH
        if equals:
            value = '' if is_switch and value == 'false' and name not in ('--wait', '--watch') else value
        elif is_switch:
            value = 'client' if name == '--dry-run' else 'true'
        elif at < len(words):
            value = words[at]
            at += 1
        else:
            raise KubectlError(f'error: flag needs an argument: {name}')
        if name in _MANY:
            flags.setdefault(name, []).append(value)
        else:
            flags[name] = value
    return flags, rest


def main():
    try:
        flags, words = parse(sys.argv[1:])
        code = _run(flags, words)
    except KubectlError as error:
        err(str(error))
        code = error.code
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)


def _handlers():
    """Where each command is; modules are read only when they are needed."""
    return {**dict.fromkeys(('get',), ('get', 'run')), **{name: ('change', name) for name in ('apply', 'diff', 'create', 'replace', 'delete', 'patch', 'scale')},
            **{name: ('nodes', name) for name in ('label', 'annotate', 'taint', 'cordon', 'uncordon')}, 'drain': ('drain', 'drain'),
            'wait': ('waits', 'wait'), 'rollout': ('waits', 'rollout'), 'api-resources': ('others', 'api_resources'), 'auth': ('others', 'auth'),
            'exec': ('exec', 'run'), 'logs': ('others', 'logs'), 'describe': ('describe', 'describe'), 'cluster-info': ('others', 'cluster_info')}


def _run(flags, words):
    if not words or '--help' in flags or '-h' in flags or words[0] == 'help':
        out(HELP, end='')
        return 0
    command, rest = words[0], words[1:]
    if command in ('version', 'config'):
        from . import others
        return getattr(others, command)(rest, flags)
    if command == 'kustomize':
        from . import kustomize
        return kustomize.run(rest, flags)
    if command == 'events':
        command, rest = 'get', ['events']
    handler = _handlers().get(command)
    if handler is None:
        raise KubectlError(f'error: unknown command "{command}" for "kubectl"')
    from importlib import import_module
    from .client import Client
    client = Client(flags)
    if '--cache-dir' not in flags:
        _make_cache()
    try:
        return getattr(import_module(f'..{handler[0]}', __name__), handler[1])(client, rest, flags) or 0
    except Unreachable as error:
        if error.kind == 'timeout' and flags.get('--request-timeout', '0') not in ('0', '0s'):
            raise KubectlError('Unable to connect to the server: net/http: request canceled while waiting for connection (Client.Timeout exceeded while '
                               'awaiting headers)')
        raise KubectlError(worded(error, client.api.address))
    except ApiError as error:
        raise KubectlError(worded(error))


def _make_cache():
    """The real one leaves ~/.kube/cache behind wherever the kubeconfig is."""
    home = os.environ.get('HOME')
    if home and os.path.isdir(home) and os.access(home, os.W_OK):
        os.makedirs(f'{home}/.kube/cache', mode=0o750, exist_ok=True)
