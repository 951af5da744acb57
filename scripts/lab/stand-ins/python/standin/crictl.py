"""The crictl stand-in: a real CRI client for what is asked most, over the runtime's own socket."""
import json
import os
import re
import sys
import time

from . import containers, cri, settings, yaml
from .text import err, out

HELP = f'''crictl (stand-in). {settings.STAND_IN}

Commands: images info inspecti pods ps pull stop version
'''


def _log(level, message):
    err(f'time="{time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}" level={level} msg={json.dumps(message)}')


def main():
    words, endpoint, rest = sys.argv[1:], None, []
    while words:
        word = words.pop(0)
        name, equals, value = word.partition('=')
        if name in ('--runtime-endpoint', '-r', '--image-endpoint', '-i', '--timeout', '-t', '--config', '-c'):
            value = value if equals else words.pop(0) if words else ''
            endpoint = value if name in ('--runtime-endpoint', '-r') else endpoint
        else:
            rest.append(word)
    command = rest[0] if rest else '--help'
    if command in ('--version', '-v'):
        out(f'crictl version v1.{settings.MINOR}.0')
        return
    if command in ('--help', '-h', 'help'):
        out(HELP, end='')
        return
    runtime = cri.Runtime(_endpoint(endpoint))
    try:
        version = runtime.version()
        _COMMANDS.get(command, _unknown)(runtime, version, rest)
    except cri.CriError as error:
        _log('fatal', str(error))
        sys.exit(1)


def _endpoint(given):
    if not os.path.exists('/etc/crictl.yaml'):
        _log('warning', 'Config "/etc/crictl.yaml" does not exist, trying next: "/usr/bin/crictl.yaml"')
        if not given:
            _log('warning', 'runtime connect using default endpoints: [unix:///run/containerd/containerd.sock unix:///run/crio/crio.sock '
                 'unix:///var/run/cri-dockerd.sock]. As the default settings are now deprecated, you should set the endpoint instead.')
    else:
        with open('/etc/crictl.yaml') as file:
            given = given or (yaml.load(file.read()) or {}).get('runtime-endpoint')
    return given or os.environ.get('CONTAINER_RUNTIME_ENDPOINT') or 'unix:///run/containerd/containerd.sock'


def _version(runtime, version, _):
    out(f"Version:  {version['api_version']}\nRuntimeName:  {version['name']}\nRuntimeVersion:  {version['version']}\nRuntimeApiVersion:  {version['api']}")


def _info(runtime, version, _):
    conditions, info = runtime.status()
    value = {key: _json(text) for key, text in info.items()}
    value['status'] = {'conditions': [{key: condition[key] for key in ('message', 'reason', 'status', 'type')} for condition in conditions]}
    out(json.dumps({key: value[key] for key in sorted(value)}, indent=2))


def _json(text):
    try:
        return json.loads(text)
    except ValueError:
        return text


def _images(runtime, version, rest):
    images = runtime.images()
    if 'json' in ' '.join(rest):
        out(json.dumps({'images': images}, indent=2))
        return
    out('IMAGE               TAG                 IMAGE ID            SIZE')
    for image in images:
        for tag in image['repoTags'] or ['<none>:<none>']:
            name, _, label = tag.rpartition(':')
            out(f"{name.ljust(20)}{label.ljust(20)}{image['id'][7:20].ljust(20)}{int(image['size']) / 1e6:.3g}MB")


def _ps(runtime, version, rest):
    """The containers of a control plane; the stand-ins run no others."""
    words, labels, name, form = list(rest[1:]), {}, '', 'table'
    is_all = is_quiet = False
    while words:
        word, equals, value = words.pop(0).partition('=')
        if word in ('--label', '--name', '-o', '--output'):
            value = value if equals else words.pop(0)
            if word == '--label':
                labels.update([value.split('=', 1)] if '=' in value else [])
            name, form = value if word == '--name' else name, value if word in ('-o', '--output') else form
        is_all, is_quiet = is_all or word in ('-a', '--all'), is_quiet or word in ('-q', '--quiet')
    found = [one for one in map(_container, containers.listed())
             if (is_all or one['state'] == 'CONTAINER_RUNNING') and re.search(name, one['metadata']['name'])
             and all(one['labels'].get(key) == value for key, value in labels.items())]
    if form == 'json':
        out(json.dumps({'containers': found}, indent=2))
        return
    if not is_quiet:
        out('CONTAINER           IMAGE               CREATED             STATE               NAME                ATTEMPT             POD ID              '
            'POD                 NAMESPACE')
    for one in found:
        out(one['id'] if is_quiet else one['id'][:13])


def _container(one):
    name, attempt = one['name'], one['attempt']
    labels = {'io.kubernetes.container.name': name, 'io.kubernetes.pod.name': f'{name}-{os.uname().nodename}', 'io.kubernetes.pod.namespace': 'kube-system'}
    return {'id': one['id'], 'metadata': {'name': name, 'attempt': attempt}, 'state': one['state'], 'createdAt': one['createdAt'], 'labels': labels}


def _stop(runtime, version, rest):
    """The process that stands in for the containers ends one, and starts it again when there is a kubelet."""
    failed = False
    for identifier in rest[1:]:
        if containers.stop(identifier, 30):
            out(identifier)
        else:
            _log('error', f'StopContainer for "{identifier}" failed: rpc error: code = NotFound desc = an error occurred when try to find container '
                 f'"{identifier}": not found')
            failed = True
    if failed:
        sys.exit(1)


def _pods(runtime, version, rest):
    if 'json' in ' '.join(rest):
        out('{\n  "items": []\n}')
    elif '-q' not in rest:
        out('POD ID              CREATED             STATE               NAME                NAMESPACE           ATTEMPT             RUNTIME')


def _inspecti(runtime, version, rest):
    """As seen with 1.34.0 of an image that is not there."""
    found = next((one for one in runtime.images() if rest[-1] in one['repoTags']), None)
    if found is None:
        raise cri.CriError(f'no such image "{rest[-1]}" present')
    out(json.dumps({'status': found}, indent=2))


def _pull(runtime, version, rest):
    """Says that the image is there; nothing is pulled."""
    import hashlib
    image = rest[-1]
    if settings.OPTIONS.get('imagePull') == 'fails':
        raise cri.CriError(f'pulling image: rpc error: code = Unknown desc = failed to pull and unpack image "{image}": no such host')
    settings.pause(0.5)
    out(f'Image is up to date for sha256:{hashlib.sha256(image.encode()).hexdigest()}')


def _unknown(runtime, version, rest):
    _log('fatal', f'No help topic for \'{rest[0]}\'')
    sys.exit(3)


_COMMANDS = {'version': _version, 'info': _info, 'images': _images, 'image': _images, 'img': _images, 'ps': _ps, 'pods': _pods, 'pull': _pull,
             'inspecti': _inspecti, 'stop': _stop}
