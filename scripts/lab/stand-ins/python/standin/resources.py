"""The kinds of the API, and how kubectl's words for them resolve."""

# group/version: kind, plural, namespaced, short names
_TABLE = '''
v1 Node nodes - no
v1 Namespace namespaces - ns
v1 Pod pods + po
v1 ConfigMap configmaps + cm
v1 Secret secrets +
v1 ServiceAccount serviceaccounts + sa
v1 Service services + svc
v1 Endpoints endpoints + ep
v1 Event events + ev
v1 PersistentVolume persistentvolumes - pv
v1 PersistentVolumeClaim persistentvolumeclaims + pvc
v1 LimitRange limitranges + limits
v1 ResourceQuota resourcequotas + quota
v1 ReplicationController replicationcontrollers + rc
apps/v1 Deployment deployments + deploy
apps/v1 DaemonSet daemonsets + ds
apps/v1 ReplicaSet replicasets + rs
apps/v1 StatefulSet statefulsets + sts
batch/v1 Job jobs +
batch/v1 CronJob cronjobs + cj
policy/v1 PodDisruptionBudget poddisruptionbudgets + pdb
rbac.authorization.k8s.io/v1 Role roles +
rbac.authorization.k8s.io/v1 RoleBinding rolebindings +
rbac.authorization.k8s.io/v1 ClusterRole clusterroles -
rbac.authorization.k8s.io/v1 ClusterRoleBinding clusterrolebindings -
certificates.k8s.io/v1 CertificateSigningRequest certificatesigningrequests - csr
apiextensions.k8s.io/v1 CustomResourceDefinition customresourcedefinitions - crd,crds
coordination.k8s.io/v1 Lease leases +
storage.k8s.io/v1 StorageClass storageclasses - sc
storage.k8s.io/v1 CSIDriver csidrivers -
storage.k8s.io/v1 CSINode csinodes -
scheduling.k8s.io/v1 PriorityClass priorityclasses - pc
networking.k8s.io/v1 NetworkPolicy networkpolicies + netpol
networking.k8s.io/v1 Ingress ingresses + ing
networking.k8s.io/v1 IngressClass ingressclasses -
node.k8s.io/v1 RuntimeClass runtimeclasses -
discovery.k8s.io/v1 EndpointSlice endpointslices +
events.k8s.io/v1 Event events +
autoscaling/v2 HorizontalPodAutoscaler horizontalpodautoscalers + hpa
admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration validatingwebhookconfigurations -
admissionregistration.k8s.io/v1 MutatingWebhookConfiguration mutatingwebhookconfigurations -
admissionregistration.k8s.io/v1 ValidatingAdmissionPolicy validatingadmissionpolicies -
admissionregistration.k8s.io/v1 ValidatingAdmissionPolicyBinding validatingadmissionpolicybindings -
apiregistration.k8s.io/v1 APIService apiservices -
'''


class Resource:
    """One kind: where its objects are, and what it is called."""

    def __init__(self, api_version, kind, plural, namespaced, short=()):
        self.api_version, self.kind, self.plural, self.namespaced, self.short = api_version, kind, plural, namespaced, short
        self.group, _, self.version = api_version.rpartition('/')
        self.singular = kind.lower()

    @property
    def dotted(self):
        """`deployments.apps`, `nodes`: how messages name the resource."""
        return f'{self.plural}.{self.group}' if self.group else self.plural

    @property
    def slashed(self):
        """`deployment.apps`, `node`: how results name an object's kind."""
        return f'{self.singular}.{self.group}' if self.group else self.singular

    def path(self, namespace=None, name=None):
        """The URL path of a collection or an object."""
        root = f'/apis/{self.api_version}' if self.group else f'/api/{self.version}'
        middle = f'/namespaces/{namespace}' if self.namespaced and namespace else ''
        return f'{root}{middle}/{self.plural}' + (f'/{name}' if name else '')


def _builtin():
    found = []
    for line in _TABLE.strip().split('\n'):
        api_version, kind, plural, namespaced, *short = line.split()
        found.append(Resource(api_version, kind, plural, namespaced == '+', short[0].split(',') if short else ()))
    return found


BUILTIN = _builtin()
BY_KIND = {(resource.api_version, resource.kind): resource for resource in BUILTIN}
BY_PLURAL = {(resource.api_version, resource.plural): resource for resource in BUILTIN}


def by_word(word, resources=BUILTIN):
    """The kind that a word on kubectl's command line means, or None."""
    word = word.lower()
    name, _, group = word.partition('.')
    for resource in resources:
        if name in (resource.plural, resource.singular, *resource.short) and (
                not group or group in (resource.group, f'{resource.version}.{resource.group}')):
            return resource
    return None


def of_definition(definition):
    """The resources that a CustomResourceDefinition adds."""
    spec = definition.get('spec') or {}
    names = spec.get('names') or {}
    return [Resource(f"{spec.get('group')}/{version.get('name')}", names.get('kind', ''), names.get('plural', ''),
                     spec.get('scope') == 'Namespaced', tuple(names.get('shortNames') or ()))
            for version in spec.get('versions') or [] if version.get('served', True)]
