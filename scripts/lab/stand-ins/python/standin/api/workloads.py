"""DaemonSets, Deployments and the scheduler; the kubelets run the pods."""
import hashlib
import json
import time

from .. import resources, settings
from ..text import parse_rfc3339, random_name, rfc3339
from .pods import is_ready
from .selectors import selects

NODES, PODS, SETS, DEPLOYMENTS, REPLICAS = (resources.by_word(word) for word in ('nodes', 'pods', 'ds', 'deploy', 'rs'))
_DAEMON_TOLERATIONS = [{'key': f'node.kubernetes.io/{key}', 'operator': 'Exists'} for key in (
    'not-ready', 'unreachable', 'disk-pressure', 'memory-pressure', 'pid-pressure', 'unschedulable', 'network-unavailable')]
# A Node is quarantined for 40 s before its pods are collected, and PodGC looks every 20 s (pkg/controller/podgc, 1.34).
_COLLECTED_AFTER = 50


class Workloads:
    """Pods of DaemonSets and Deployments, their status, and where they run."""

    def __init__(self, store):
        self.store, self.seen, self.leaving, self.missed = store, None, False, {}

    def tick(self):
        if self.seen == self.store.version and not self.leaving:
            return
        self._finish_deletions()
        self._daemon_sets()
        self._deployments()
        self._schedule()
        self.seen = self.store.version

    def _finish_deletions(self):
        """Pods take a moment to stop. On a Node that is gone nobody stops them: they are as they were until they are collected."""
        self.leaving, now = False, time.time()
        nodes = {node['metadata']['name'] for node in self.store.list(NODES)}
        pods = self.store.list(PODS)
        lost = {pod['spec'].get('nodeName') or '' for pod in pods} - nodes - {''}
        self.missed = {name: self.missed.get(name, now) for name in lost}
        for pod in pods:
            metadata, name = pod['metadata'], pod['spec'].get('nodeName')
            if name in self.missed:
                is_over = now - self.missed[name] >= settings.scaled(_COLLECTED_AFTER, at_least=40)
            elif 'deletionTimestamp' in metadata:
                is_over = now - parse_rfc3339(metadata['deletionTimestamp']) >= settings.scaled(2)
            else:
                continue
            if is_over:
                self.store.delete(PODS, metadata['namespace'], metadata['name'])
            else:
                self.leaving = True

    def _owned(self, owner):
        uid = owner['metadata']['uid']
        return [pod for pod in self.store.list(PODS, owner['metadata']['namespace'])
                if any(ref.get('uid') == uid for ref in pod['metadata'].get('ownerReferences') or [])]

    def _on_nodes(self, daemon):
        """Its pods; those of a Node that is gone are left to PodGC, and not counted."""
        return [pod for pod in self._owned(daemon) if pod['spec'].get('nodeName') not in self.missed]

    def _daemon_sets(self):
        nodes = self.store.list(NODES)
        for daemon in self.store.list(SETS):
            template = daemon['spec']['template']
            tolerations = (template['spec'].get('tolerations') or []) + _DAEMON_TOLERATIONS
            wanted = [n['metadata']['name'] for n in nodes if _fits(n, template['spec'], tolerations)]
            pods, hashed = self._on_nodes(daemon), _hash(template)
            for pod in pods:
                if pod['spec'].get('nodeName') not in wanted or pod['metadata']['labels'].get('controller-revision-hash') != hashed:
                    self.store.delete(PODS, pod['metadata']['namespace'], pod['metadata']['name'])
            pods = self._on_nodes(daemon)
            placed = {pod['spec'].get('nodeName') for pod in pods}
            for name in wanted:
                if name not in placed:
                    pods.append(self._create(daemon, SETS, template, {'controller-revision-hash': hashed}, tolerations, name))
            ready, count = sum(map(is_ready, pods)), len(wanted)
            self._status(SETS, daemon, {
                'currentNumberScheduled': len(pods), 'desiredNumberScheduled': count, 'numberMisscheduled': 0, 'numberReady': ready,
                'updatedNumberScheduled': len(pods), **({'numberAvailable': ready} if ready else {}),
                **({'numberUnavailable': count - ready} if count - ready else {}),
                'observedGeneration': daemon['metadata'].get('generation', 1)})

    def _deployments(self):
        for deployment in self.store.list(DEPLOYMENTS):
            template, wanted = deployment['spec']['template'], deployment['spec'].get('replicas', 1)
            hashed = _hash(template)
            current = self._replica_set(deployment, template, hashed, wanted)
            for old in self.store.list(REPLICAS, deployment['metadata']['namespace']):
                if old['metadata']['name'] != current['metadata']['name'] and any(
                        ref['uid'] == deployment['metadata']['uid'] for ref in old['metadata'].get('ownerReferences') or []):
                    for pod in self._owned(old):
                        self.store.delete(PODS, pod['metadata']['namespace'], pod['metadata']['name'])
            pods = [pod for pod in self._owned(current) if 'deletionTimestamp' not in pod['metadata']]
            for pod in pods[wanted:]:
                self.store.delete(PODS, pod['metadata']['namespace'], pod['metadata']['name'])
            pods = pods[:wanted]
            while len(pods) < wanted:
                pods.append(self._create(current, REPLICAS, template, {'pod-template-hash': hashed}, template['spec'].get('tolerations') or [], None))
            ready = sum(map(is_ready, pods))
            counts = {'replicas': len(pods), **({'readyReplicas': ready, 'availableReplicas': ready} if ready else {})}
            missing = {'unavailableReplicas': wanted - ready} if wanted > ready else {}
            available = 'True' if not missing else 'False'
            self._status(REPLICAS, current, {**counts, 'observedGeneration': current['metadata'].get('generation', 1)})
            self._status(DEPLOYMENTS, deployment, {
                **counts, 'updatedReplicas': len(pods), **missing, 'observedGeneration': deployment['metadata'].get('generation', 1),
                'conditions': [{'type': 'Available', 'status': available, 'reason': 'MinimumReplicasAvailable' if not missing
                                else 'MinimumReplicasUnavailable', 'message': 'Deployment has minimum availability.' if not missing
                                else 'Deployment does not have minimum availability.'},
                               {'type': 'Progressing', 'status': 'True', 'reason': 'NewReplicaSetAvailable'}]})
        self._orphans()

    def _orphans(self):
        """Pods and replica sets whose owner is gone go as well."""
        alive = {value['metadata']['uid'] for resource in (SETS, DEPLOYMENTS, REPLICAS) for value in self.store.list(resource)}
        for resource in (REPLICAS, PODS):
            for value in self.store.list(resource):
                owners = [ref for ref in value['metadata'].get('ownerReferences') or [] if ref['kind'] in ('DaemonSet', 'Deployment', 'ReplicaSet')]
                if owners and not any(ref['uid'] in alive for ref in owners):
                    self.store.delete(resource, value['metadata']['namespace'], value['metadata']['name'])
                    alive.discard(value['metadata']['uid'])

    def _replica_set(self, deployment, template, hashed, wanted):
        metadata = deployment['metadata']
        name = f"{metadata['name']}-{hashed}"
        current = self.store.get(REPLICAS, metadata['namespace'], name)
        if current is None:
            labels = {**(template['metadata'].get('labels') or {}), 'pod-template-hash': hashed}
            current = self.store.put(REPLICAS, {'apiVersion': 'apps/v1', 'kind': 'ReplicaSet', 'metadata': {
                'name': name, 'namespace': metadata['namespace'], 'labels': labels, 'generation': 1,
                'ownerReferences': [_owner(deployment)]}, 'spec': {'replicas': wanted, 'selector': {'matchLabels': labels},
                                                                  'template': template}, 'status': {'replicas': 0}})
        return current

    def _create(self, owner, resource, template, labels, tolerations, node):
        metadata = template.get('metadata') or {}
        spec = {**template['spec'], 'tolerations': tolerations, **({'nodeName': node} if node else {})}
        return self.store.put(PODS, {'apiVersion': 'v1', 'kind': 'Pod', 'metadata': {
            'name': f"{owner['metadata']['name']}-{random_name(5)}", 'generateName': f"{owner['metadata']['name']}-",
            'namespace': owner['metadata']['namespace'], 'labels': {**(metadata.get('labels') or {}), **labels},
            **({'annotations': metadata['annotations']} if metadata.get('annotations') else {}),
            'ownerReferences': [_owner(owner)]}, 'spec': spec,
            'status': {'phase': 'Pending', 'qosClass': 'BestEffort',
                       **({'conditions': [_scheduled()]} if node else {})}})

    def _status(self, resource, value, status):
        if value.get('status') != status:
            self.store.put(resource, {**value, 'status': status})

    def _unwanted_neighbours(self, pod):
        """Nodes of the pods that it would rather not be beside."""
        terms = ((pod['spec'].get('affinity') or {}).get('podAntiAffinity') or {}).get('preferredDuringSchedulingIgnoredDuringExecution') or []
        return {other['spec'].get('nodeName') for other in self.store.list(PODS, pod['metadata']['namespace']) for term in terms
                if selects(term['podAffinityTerm'].get('labelSelector') or {}, other['metadata'].get('labels'))}

    def _schedule(self):
        nodes = self.store.list(NODES)
        for pod in self.store.list(PODS):
            if pod['spec'].get('nodeName') or 'deletionTimestamp' in pod['metadata']:
                continue
            willing = [n for n in nodes if _fits(n, pod['spec'], pod['spec'].get('tolerations') or [])]
            asked = _extended(pod['spec'])
            fitting = [n for n in willing if not self._lacking(n, asked)] if asked else willing
            if fitting:
                load = {n['metadata']['name']: 0 for n in fitting}
                for other in self.store.list(PODS):
                    if other['spec'].get('nodeName') in load:
                        load[other['spec']['nodeName']] += 1
                crowd = self._unwanted_neighbours(pod)
                chosen = min(load, key=lambda name: (name in crowd, load[name]))
                self.store.put(PODS, {**pod, 'spec': {**pod['spec'], 'nodeName': chosen},
                                      'status': {**pod['status'], 'conditions': [_scheduled()]}})
            elif not (pod.get('status') or {}).get('conditions'):
                self.store.put(PODS, {**pod, 'status': {**pod['status'], 'conditions': [{
                    'type': 'PodScheduled', 'status': 'False', 'reason': 'Unschedulable', 'lastTransitionTime': rfc3339(),
                    'message': f"0/{len(nodes)} nodes are available: {', '.join(self._reasons(nodes, willing, pod['spec'], asked))}."}]}})

    def _lacking(self, node, asked):
        """Extended resources of which a node has too few left."""
        offered = (node.get('status') or {}).get('allocatable') or {}
        on_node = [_extended(pod['spec']) for pod in self.store.list(PODS) if pod['spec'].get('nodeName') == node['metadata']['name']
                   and (pod.get('status') or {}).get('phase') not in ('Succeeded', 'Failed')]
        return [name for name, count in asked.items()
                if int(offered.get(name, 0)) - sum(other.get(name, 0) for other in on_node) < count]

    def _reasons(self, nodes, willing, spec, asked):
        """As kube-scheduler 1.34 words and sorts them."""
        tainted = sum(not _is_tolerated(n, spec.get('tolerations') or []) for n in nodes)
        elsewhere = len(nodes) - len(willing) - tainted
        lacking = [name for n in willing for name in self._lacking(n, asked)]
        told = [f'{lacking.count(name)} Insufficient {name}' for name in dict.fromkeys(lacking)]
        if tainted:
            told.append(f'{tainted} node(s) had untolerated taint(s)')
        if elsewhere:
            told.append(f"{elsewhere} node(s) didn't match Pod's node affinity/selector")
        return sorted(told)


def _scheduled():
    return {'type': 'PodScheduled', 'status': 'True', 'lastTransitionTime': rfc3339(), 'lastProbeTime': None}


def _owner(value):
    return {'apiVersion': value['apiVersion'], 'kind': value['kind'], 'name': value['metadata']['name'],
            'uid': value['metadata']['uid'], 'controller': True, 'blockOwnerDeletion': True}


def _hash(template):
    return hashlib.sha256(json.dumps(template, sort_keys=True).encode()).hexdigest()[:10]


def _extended(spec):
    """What a pod asks for beside CPU and memory, which nobody counts here."""
    found = {}
    for container in spec.get('containers') or []:
        for name, count in ((container.get('resources') or {}).get('limits') or {}).items():
            if '/' in name:
                found[name] = found.get(name, 0) + int(count)
    return found


def _is_selected(node, spec):
    labels = node['metadata'].get('labels') or {}
    if any(labels.get(key) != value for key, value in (spec.get('nodeSelector') or {}).items()):
        return False
    required = ((spec.get('affinity') or {}).get('nodeAffinity') or {}).get('requiredDuringSchedulingIgnoredDuringExecution')
    if required and not any(_term(labels, term) for term in required.get('nodeSelectorTerms') or []):
        return False
    return True


def _fits(node, spec, tolerations):
    """Whether a node has the labels a pod wants and no taint it does not tolerate."""
    return _is_selected(node, spec) and _is_tolerated(node, tolerations)


def _is_tolerated(node, tolerations):
    taints = (node.get('spec') or {}).get('taints') or []
    return all(taint['effect'] == 'PreferNoSchedule' or any(_tolerates(t, taint) for t in tolerations) for taint in taints)


def _term(labels, term):
    return selects({'matchExpressions': term.get('matchExpressions')}, labels)


def _tolerates(toleration, taint):
    if toleration.get('key') and toleration['key'] != taint['key']:
        return False
    if toleration.get('effect') and toleration['effect'] != taint['effect']:
        return False
    if not toleration.get('key') or toleration.get('operator') == 'Exists':
        return toleration.get('operator') == 'Exists'
    return toleration.get('value', '') == taint.get('value', '')
