"""version, config, api-resources, auth, logs and cluster-info."""
import json
import os

from .. import kubeconfig, resources, settings, yaml_print
from ..api.health import version_info
from ..http import ApiError, Unreachable
from ..text import err, out
from . import tables
from .client import Client
from .errors import KubectlError, worded


def version(words, flags):
    """Without a server it prints its own version and fails."""
    kustomize, form = 'v5.7.1', flags.get('-o') or flags.get('--output')
    value = {'clientVersion': version_info(settings.VERSION), 'kustomizeVersion': kustomize}
    problem = None
    if not flags.get('--client'):
        try:
            client = Client(flags)
            value['serverVersion'] = client.api.get('/version')
        except (ApiError, Unreachable) as error:
            problem = worded(error, client.api.address)
        except KubectlError as error:
            problem = str(error)
    if form == 'json':
        out(json.dumps(value, indent=2))
    elif form == 'yaml':
        out(yaml_print.dump(value), end='')
    else:
        out(f'Client Version: v{settings.VERSION}')
        out(f'Kustomize Version: {kustomize}')
        if 'serverVersion' in value:
            out(f"Server Version: {value['serverVersion']['gitVersion']}")
    if problem:
        err(problem)
        return 1
    return 0


def config(words, flags):
    path = flags.get('--kubeconfig') or os.environ.get('KUBECONFIG', '').split(':')[0] or os.path.expanduser('~/.kube/config')
    value = kubeconfig.read(path) if os.path.exists(path) else {'apiVersion': 'v1', 'kind': 'Config', 'clusters': None, 'contexts': None,
                                                               'current-context': '', 'users': None}
    if words[:1] == ['current-context']:
        if not value.get('current-context'):
            raise KubectlError('error: current-context is not set')
        out(value['current-context'])
        return 0
    if words[:1] != ['view']:
        raise KubectlError(f'error: unknown command "config {" ".join(words)}"')
    if flags.get('--minify'):
        context = next((c for c in value.get('contexts') or [] if c['name'] == value.get('current-context')), None)
        if context is None:
            raise KubectlError('error: current-context must exist in order to minify')
        value['contexts'] = [context]
        value['clusters'] = [c for c in value['clusters'] if c['name'] == context['context']['cluster']]
        value['users'] = [u for u in value['users'] if u['name'] == context['context']['user']]
    if not flags.get('--raw'):
        for entry in value.get('clusters') or []:
            if entry['cluster'].get('certificate-authority-data'):
                entry['cluster']['certificate-authority-data'] = 'DATA+OMITTED'
        for entry in value.get('users') or []:
            for key in ('client-certificate-data', 'client-key-data'):
                if entry['user'].get(key):
                    entry['user'][key] = 'DATA+OMITTED'
            if entry['user'].get('token'):
                entry['user']['token'] = 'REDACTED'
    form = flags.get('-o') or 'yaml'
    if form == 'json':
        out(json.dumps(value, indent=4))
    elif form.startswith('jsonpath'):
        from . import jsonpath
        out(jsonpath.render(form.partition('=')[2], value), end='')
    else:
        out(yaml_print.dump(value), end='')
    return 0


def api_resources(client, words, flags):
    every = resources.BUILTIN + client.custom_resources()
    if flags.get('--api-group') is not None:
        every = [r for r in every if r.group == flags['--api-group']]
    if (flags.get('-o') or flags.get('--output')) == 'name':
        out('\n'.join(r.dotted for r in every))
        return 0
    rows = [[r.plural, ','.join(r.short), r.api_version, str(r.namespaced).lower(), r.kind] for r in every]
    out(tables.text(['NAME', 'SHORTNAMES', 'APIVERSION', 'NAMESPACED', 'KIND'], rows, bool(flags.get('--no-headers'))))
    return 0


def auth(client, words, flags):
    if words[:1] != ['can-i'] or len(words) < 3:
        raise KubectlError(f'error: unknown command "auth {" ".join(words)}"')
    resource = client.resource(words[2])
    if not resource.namespaced:
        err(f"Warning: resource '{resource.plural}' is not namespace scoped\n")
    try:
        client.api.get(client.path(resource) + '?limit=1')
        may = True
    except ApiError as error:
        may = error.code != 403
    out('yes' if may else 'no - No Object name found' if words[1] in ('get', 'list') else 'no')
    return 0 if may else 1


def logs(client, words, flags):
    if not words:
        raise KubectlError('error: expected \'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]\'.\nPOD or TYPE/NAME is a required argument for the logs command')
    name = words[0].split('/', 1)[1] if '/' in words[0] else words[0]
    resource = resources.by_word(words[0].split('/')[0]) if '/' in words[0] else resources.by_word('pods')
    if resource.kind != 'Pod':
        owner = client.api.get(client.path(resource, name))
        pods = client.api.get(f'/api/v1/namespaces/{client.namespace}/pods')['items']
        mine = [p for p in pods if any(ref['name'].startswith(owner['metadata']['name']) for ref in p['metadata'].get('ownerReferences') or [])]
        if not mine:
            raise KubectlError('error: timed out waiting for the condition')
        name = mine[0]['metadata']['name']
    code, data = client.api.raw('GET', f'/api/v1/namespaces/{client.namespace}/pods/{name}/log')
    if code >= 400:
        raise ApiError(code, json.loads(data))
    out(data.decode(), end='')
    return 0


def cluster_info(client, words, flags):
    client.api.get('/api/v1/namespaces/kube-system')
    out(f'Kubernetes control plane is running at {client.api.server}')
    out(f'CoreDNS is running at {client.api.server}/api/v1/namespaces/kube-system/services/kube-dns:dns/proxy')
    out("\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.")
    return 0


