"""The kubeadm stand-in's command line."""
import sys

from .. import settings
from ..text import err, klog, out
from .errors import KubeadmError

HELP = f'''kubeadm (stand-in). {settings.STAND_IN}

Usage:
  kubeadm [command]

Available Commands:
  certs       Commands related to handling Kubernetes certificates
  config      Manage configuration for a kubeadm cluster persisted in a ConfigMap in the cluster
  init        Run this command in order to set up the Kubernetes control plane
  join        Run this on any machine you wish to join an existing cluster
  reset       Performs a best effort revert of changes made to this host by 'kubeadm init' or 'kubeadm join'
  token       Manage bootstrap tokens
  upgrade     Upgrade your cluster smoothly to a newer version with this command
  version     Print the version of kubeadm
'''
_SWITCHES = {'-f', '--force', '-y', '--yes', '--upload-certs', '--print-join-command', '--dry-run', '--control-plane', '--cleanup-tmp-dir',
             '--discovery-token-unsafe-skip-ca-verification', '--skip-token-print', '--print-manifest', '--skip-certificate-key-print', '--help', '-h',
             '--experimental-output', '--etcd-upgrade', '--certificate-renewal', '--print-config', '--allow-missing-template-keys',
             '--allow-experimental-api', '--show-managed-fields'}
_SHORT_WITH_VALUE = {'-o', '-v'}


def parse(words, known=_SHORT_WITH_VALUE):
    """Flags and the other words of a command line."""
    flags, rest, at = {}, [], 0
    while at < len(words):
        word = words[at]
        at += 1
        if not word.startswith('-') or word == '-':
            rest.append(word)
            continue
        name, equals, value = word.partition('=')
        if not name.startswith('--') and name[:2] in known and len(name) > 2 and not equals:
            name, value, equals = name[:2], name[2:], '='
        if not name.startswith('--') and name not in known and name not in _SWITCHES:
            raise KubeadmError(f"unknown shorthand flag: '{name[1]}' in {word}")
        if equals:
            flags[name] = '' if name in _SWITCHES and value == 'false' else value
        elif name in _SWITCHES:
            flags[name] = 'true'
        elif at < len(words):
            flags[name] = words[at]
            at += 1
        else:
            raise KubeadmError(f'flag needs an argument: {name}')
    return flags, rest


def main():
    try:
        _run(sys.argv[1:])
    except KubeadmError as error:
        err(f'error: {error}')
        err('To see the stack trace of this error execute with --v=5 or higher')
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


def _run(words):
    leading = []
    while words and words[0].startswith('-') and words[0] not in ('--help', '-h'):
        # Flags that every command has may stand before it.
        count = 1 if '=' in words[0] else 2
        leading, words = leading + words[:count], words[count:]
    command, rest = (words[0] if words else '--help'), words[1:] + leading
    if command in ('--help', '-h', 'help') or '--help' in rest or '-h' in rest:
        out(HELP, end='')
        return
    handler = {'version': _version, 'config': _config, 'init': _init, 'join': _join, 'reset': _reset, 'token': _token, 'certs': _certs,
               'upgrade': _upgrade}.get(command)
    if handler is None:
        raise KubeadmError(f'unknown command "{command}" for "kubeadm"')
    handler(rest)


def _version(words):
    from ..api.health import version_info
    flags, _ = parse(words)
    info, form = version_info(settings.VERSION), flags.get('-o') or flags.get('--output')
    if form == 'short':
        out(info['gitVersion'])
    elif form == 'json':
        import json
        out(json.dumps({'clientVersion': info}, indent=2))
    elif form == 'yaml':
        from .. import yaml_print
        out(yaml_print.dump({'clientVersion': info}), end='')
    else:
        empty = 'EmulationMajor:"", EmulationMinor:"", MinCompatibilityMajor:"", MinCompatibilityMinor:"", '
        names = ('gitVersion', 'gitCommit', 'gitTreeState', 'buildDate', 'goVersion', 'compiler', 'platform')
        out(f'kubeadm version: &version.Info{{Major:"{info["major"]}", Minor:"{info["minor"]}", {empty}'
            + ', '.join(f'{name[0].upper()}{name[1:]}:"{info[name]}"' for name in names) + '}')


def no_network(is_slow=False):
    """The version to use when none is given: looked for on the Internet, which these hosts do not reach."""
    def fallback():
        if is_slow:
            settings.pause(10)
        reason = ('context deadline exceeded (Client.Timeout exceeded while awaiting headers)' if is_slow
                  else 'dial tcp: lookup dl.k8s.io: no such host')
        klog('W', 'version.go:108', 'could not fetch a Kubernetes version from the internet: unable to get URL '
             f'"https://dl.k8s.io/release/stable-1.txt": Get "https://dl.k8s.io/release/stable-1.txt": {reason}')
        klog('W', 'version.go:109', f'falling back to the local client version: v{settings.VERSION}')
        return f'v{settings.VERSION}'
    return fallback


def load_init(flags, verb=None, needs_socket=True, is_slow=False):
    """The configuration of `init`, from a file and flags."""
    from . import config
    documents = config.read_documents(config.load_file(flags['--config'], verb)) if flags.get('--config') else {}
    cluster = dict(config.of_kind(documents, 'ClusterConfiguration') or {})
    for flag, field in (('--kubernetes-version', 'kubernetesVersion'), ('--image-repository', 'imageRepository'),
                        ('--control-plane-endpoint', 'controlPlaneEndpoint'), ('--cert-dir', 'certificatesDir')):
        if flags.get(flag):
            cluster[field] = flags[flag]
    if flags.get('--pod-network-cidr'):
        cluster['networking'] = {**(cluster.get('networking') or {}), 'podSubnet': flags['--pod-network-cidr']}
    documents = {key: value for key, value in documents.items() if key[2] != 'ClusterConfiguration'}
    documents[('kubeadm.k8s.io', 'v1beta4', 'ClusterConfiguration')] = cluster
    loaded = config.InitConfig(documents, needs_socket, no_network(is_slow))
    if flags.get('--apiserver-advertise-address'):
        loaded.address = flags['--apiserver-advertise-address']
    if flags.get('--certificate-key'):
        loaded.certificate_key = flags['--certificate-key']
    if flags.get('--cri-socket'):
        loaded.socket = config.cri_socket(flags['--cri-socket'])
    return loaded


def _ignored(flags, config):
    from .preflight import parse_ignored
    return parse_ignored([flags.get('--ignore-preflight-errors', ''), *config.ignored])


def _init(words):
    from .init import Init
    flags, rest = parse(words)
    is_phase = rest[:1] == ['phase']
    phase = rest[1] if is_phase and len(rest) > 1 else None
    config = load_init(flags, 'init', is_slow=phase == 'upload-certs')
    run = Init(config, _ignored(flags, config), bool(flags.get('--upload-certs')), (flags.get('--skip-phases') or '').split(','),
               is_silent=bool(flags.get('--skip-token-print')), folder=flags.get('--kubeconfig-dir'))
    run.prints_manifest = bool(flags.get('--print-manifest'))
    if not is_phase:
        if flags.get('--dry-run'):
            raise KubeadmError('a dry run of init is not part of this stand-in')
        run.run()
        return
    if phase not in run.PHASES:
        raise KubeadmError(f'unknown command "{phase}" for "kubeadm init phase"')
    run.phase(phase, rest[2] if len(rest) > 2 else None)


def _join(words):
    from . import config
    from .join import Join
    flags, rest = parse(words)
    if flags.get('--config'):
        documents = config.read_documents(config.load_file(flags['--config'], 'init'))
    else:
        token = {'apiServerEndpoint': rest[0] if rest else '', 'token': flags.get('--token', ''),
                 'caCertHashes': [flags['--discovery-token-ca-cert-hash']] if flags.get('--discovery-token-ca-cert-hash') else [],
                 'unsafeSkipCAVerification': bool(flags.get('--discovery-token-unsafe-skip-ca-verification'))}
        join = {'discovery': {'bootstrapToken': token}, 'nodeRegistration': {
            **({'name': flags['--node-name']} if flags.get('--node-name') else {}),
            **({'criSocket': flags['--cri-socket']} if flags.get('--cri-socket') else {})}}
        if flags.get('--control-plane'):
            join['controlPlane'] = {'certificateKey': flags.get('--certificate-key', '')}
        documents = {('kubeadm.k8s.io', 'v1beta4', 'JoinConfiguration'): join}
    loaded = config.JoinConfig(documents)
    Join(loaded, _ignored(flags, loaded)).run()


def _reset(words):
    from . import reset
    reset.run(parse(words)[0])


def _token(words):
    from . import tokens
    flags, rest = parse(words[1:], _SHORT_WITH_VALUE - ({'-o'} if words[:1] == ['create'] else set()))
    if words[:1] == ['create']:
        tokens.create(flags, rest)
    elif words[:1] == ['list']:
        tokens.show(flags)
    elif words[:1] == ['delete']:
        tokens.delete(flags, rest)
    elif words[:1] == ['generate']:
        out(tokens.generate())
    else:
        raise KubeadmError(f'unknown command "{words[0] if words else ""}" for "kubeadm token"')


def _certs(words):
    from . import certificate_key, expiration
    flags, rest = parse(words[1:])
    if words[:1] == ['check-expiration']:
        expiration.check(flags)
    elif words[:1] == ['renew']:
        expiration.renew(flags, rest)
    elif words[:1] == ['certificate-key']:
        out(certificate_key.generate())
    else:
        raise KubeadmError(f'unknown command "{words[0] if words else ""}" for "kubeadm certs"')


def _upgrade(words):
    from . import upgrade
    upgrade.run(words)


def _config(words):
    from . import config_command
    config_command.run(words)
