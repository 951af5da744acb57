"""`kubectl exec`: no container runs here, so a few programs answer from the cluster's objects instead.

nslookup finds Services while a pod of cluster DNS is ready; wget fetches what the container behind a Service's
address echoes into its page, with its own environment filled in."""
import re
import time

from ..text import err, out
from .errors import KubectlError
from .. import settings


def run(client, words, flags):
    if len(words) < 2:
        raise KubectlError('error: you must specify at least one command for the container')
    pod = client.api.get(f'/api/v1/namespaces/{client.namespace}/pods/{words[0].removeprefix("pod/")}')
    if not _is_ready(pod):
        raise KubectlError(f'error: unable to upgrade connection: container not found ("{pod["spec"]["containers"][0]["name"]}")')
    program, arguments = words[1], words[2:]
    answer = {'nslookup': _nslookup, 'wget': _wget}.get(program)
    if answer is None:
        err(f'{program}: no container runs here, this cluster is a stand-in')
        return 126
    code = answer(client, arguments)
    if code:
        err(f'command terminated with exit code {code}')
    return code


def _is_ready(pod):
    return any(c['type'] == 'Ready' and c['status'] == 'True' for c in (pod.get('status') or {}).get('conditions') or [])


def _nslookup(client, arguments):
    name = arguments[-1]
    servers = [pod for pod in client.api.get('/api/v1/namespaces/kube-system/pods?labelSelector=k8s-app%3Dkube-dns')['items'] if _is_ready(pod)]
    resolver = (client.api.find('/api/v1/namespaces/kube-system/services/kube-dns') or {'spec': {}})['spec'].get('clusterIP')
    if not servers or not resolver:
        time.sleep(settings.scaled(5))
        out(';; connection timed out; no servers could be reached')
        return 1
    match = re.match(r'([^.]+)\.([^.]+)\.svc\.', name + '.')
    service = match and client.api.find(f'/api/v1/namespaces/{match.group(2)}/services/{match.group(1)}')
    out(f'Server:\t\t{resolver}\nAddress:\t{resolver}:53\n')
    if not service:
        out(f"** server can't find {name}: NXDOMAIN")
        return 1
    out(f"Name:\t{name}\nAddress: {service['spec'].get('clusterIP', '')}")
    return 0


def _wget(client, arguments):
    url = next((word for word in arguments if word.startswith('http://')), '')
    match = re.match(r'http://([^/:]+)(?::(\d+))?/', url if url.endswith('/') else url + '/')
    if not match:
        err(f'wget: bad address \'{url}\'')
        return 1
    host, port = match.group(1), int(match.group(2) or 80)
    service = _service_at(client, host, port)
    pods = [] if service is None else [pod for pod in _selected(client, service) if _is_ready(pod)]
    if not pods:
        err(f'wget: can\'t connect to remote host ({host}): Connection refused')
        return 1
    out(_page(pods[0]))
    return 0


def _service_at(client, host, port):
    nodes = [address['address'] for node in client.api.get('/api/v1/nodes')['items'] for address in (node.get('status') or {}).get('addresses') or []]
    for service in client.api.get('/api/v1/services')['items']:
        spec = service.get('spec') or {}
        for entry in spec.get('ports') or []:
            if spec.get('clusterIP') == host and entry.get('port') == port or host in nodes and entry.get('nodePort') == port:
                return service
    return None


def _selected(client, service):
    selector = (service.get('spec') or {}).get('selector') or {}
    pods = client.api.get(f"/api/v1/namespaces/{service['metadata']['namespace']}/pods")['items']
    return [pod for pod in pods if 'deletionTimestamp' not in pod['metadata']
            and selector.items() <= (pod['metadata'].get('labels') or {}).items()]


def _page(pod):
    container = pod['spec']['containers'][0]
    values = {entry['name']: entry.get('value', '') for entry in container.get('env') or []}
    values['HOSTNAME'] = pod['metadata']['name']
    text = re.search(r'echo "([^"]*)"', ' '.join(container.get('command') or []))
    return re.sub(r'\$(\w+)', lambda match: values.get(match.group(1), ''), text.group(1)) if text else ''
