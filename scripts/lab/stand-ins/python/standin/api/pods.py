"""Pods: eviction and logs."""
from .. import resources
from ..text import rfc3339
from .selectors import selects
from .status import Failure, not_found

PODS = resources.by_word('pods')
BUDGETS = resources.by_word('pdb')


def is_ready(pod):
    return any(c['type'] == 'Ready' and c['status'] == 'True' for c in (pod.get('status') or {}).get('conditions') or [])


def eviction(store, request):
    """Delete a pod unless a disruption budget forbids it."""
    with store.lock:
        pod = store.get(PODS, request.namespace, request.name)
        if pod is None:
            raise not_found(PODS, request.name)
        labels = pod['metadata'].get('labels')
        for budget in store.list(BUDGETS, request.namespace):
            if selects(budget['spec'].get('selector') or {}, labels) and allowed_disruptions(store, budget) < 1:
                raise Failure(429, 'TooManyRequests', "Cannot evict pod as it would violate the pod's disruption budget.")
        store.put(PODS, {**pod, 'metadata': {**pod['metadata'], 'deletionTimestamp': rfc3339(), 'deletionGracePeriodSeconds': 30}})
    return 201, {'kind': 'Status', 'apiVersion': 'v1', 'metadata': {}, 'status': 'Success'}


def allowed_disruptions(store, budget):
    """How many of a budget's pods may go now; less than nothing where too many are away already."""
    spec = budget['spec']
    pods = [pod for pod in store.list(PODS, budget['metadata']['namespace'])
            if selects(spec.get('selector') or {}, pod['metadata'].get('labels'))]
    ready = sum(1 for pod in pods if is_ready(pod) and 'deletionTimestamp' not in pod['metadata'])
    if 'maxUnavailable' in spec:
        return _count(spec['maxUnavailable'], len(pods)) - (len(pods) - ready)
    return ready - _count(spec.get('minAvailable', 1), len(pods))


def _count(value, total):
    return -(-int(value[:-1]) * total // 100) if isinstance(value, str) and value.endswith('%') else int(value)


def log(store, request):
    """A pod's log: one line that says what this is."""
    with store.lock:
        if store.get(PODS, request.namespace, request.name) is None:
            raise not_found(PODS, request.name)
    return 200, f'{request.name}: no container runs here, this cluster is a stand-in\n'.encode()
