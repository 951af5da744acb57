"""The fields of the kinds in kubeadm's configuration files, for strict decoding."""

# A struct is a dict with its Go name under ''; 's' text, 'i' number, 'b' bool, 'd' duration, '*' anything, [x] a list.
ARG_V4 = [{'': 'Arg', 'name': 's', 'value': 's'}]
ENV = ['*']
VOLUMES = [{'': 'HostPathMount', 'name': 's', 'hostPath': 's', 'mountPath': 's', 'readOnly': 'b', 'pathType': 's'}]
TIMEOUTS = {'': 'Timeouts', **{name: 'd' for name in (
    'controlPlaneComponentHealthCheck', 'kubeletHealthCheck', 'kubernetesAPICall', 'etcdAPICall', 'tlsBootstrap', 'discovery', 'upgradeManifests')}}
TOKENS = [{'': 'BootstrapToken', 'token': 'token', 'description': 's', 'ttl': 'd', 'expires': 's', 'usages': ['s'], 'groups': ['s']}]
ENDPOINT = {'': 'APIEndpoint', 'advertiseAddress': 's', 'bindPort': 'i'}
PATCHES = {'': 'Patches', 'directory': 's'}


def _kinds(version):
    newer = version == 'v1beta4'
    arguments = ARG_V4 if newer else {'*': 's'}
    component = {'': 'ControlPlaneComponent', 'extraArgs': arguments, 'extraVolumes': VOLUMES, **({'extraEnvs': ENV} if newer else {})}
    registration = {'': 'NodeRegistrationOptions', 'name': 's', 'criSocket': 's', 'taints': ['*'], 'kubeletExtraArgs': arguments,
                    'ignorePreflightErrors': ['s'], 'imagePullPolicy': 's', **({'imagePullSerial': 'b'} if newer else {})}
    local = {'': 'LocalEtcd', 'imageRepository': 's', 'imageTag': 's', 'dataDir': 's', 'extraArgs': arguments,
             **({'extraEnvs': ENV} if newer else {}), 'serverCertSANs': ['s'], 'peerCertSANs': ['s']}
    api_server = {**component, '': 'APIServer', 'certSANs': ['s'], **({} if newer else {'timeoutForControlPlane': 'd'})}
    cluster = {'': 'ClusterConfiguration', 'etcd': {'': 'Etcd', 'local': local, 'external': {
                   '': 'ExternalEtcd', 'endpoints': ['s'], 'caFile': 's', 'certFile': 's', 'keyFile': 's'}},
               'networking': {'': 'Networking', 'serviceSubnet': 's', 'podSubnet': 's', 'dnsDomain': 's'},
               'kubernetesVersion': 's', 'controlPlaneEndpoint': 's', 'apiServer': api_server, 'controllerManager': component,
               'scheduler': component, 'dns': {'': 'DNS', 'imageRepository': 's', 'imageTag': 's', **({'disabled': 'b'} if newer else {})},
               'certificatesDir': 's', 'imageRepository': 's', 'featureGates': {'*': 'b'}, 'clusterName': 's',
               **({'proxy': {'': 'Proxy', 'disabled': 'b'}, 'encryptionAlgorithm': 's', 'certificateValidityPeriod': 'd',
                   'caCertificateValidityPeriod': 'd'} if newer else {})}
    init = {'': 'InitConfiguration', 'bootstrapTokens': TOKENS, 'nodeRegistration': registration, 'localAPIEndpoint': ENDPOINT,
            'certificateKey': 's', 'skipPhases': ['s'], 'patches': PATCHES,
            **({'dryRun': 'b', 'timeouts': TIMEOUTS} if newer else {})}
    join = {'': 'JoinConfiguration', 'nodeRegistration': registration, 'caCertPath': 's', 'skipPhases': ['s'], 'patches': PATCHES,
            'discovery': {'': 'Discovery', 'bootstrapToken': {'': 'BootstrapTokenDiscovery', 'token': 's', 'apiServerEndpoint': 's',
                                                              'caCertHashes': ['s'], 'unsafeSkipCAVerification': 'b'},
                          'file': {'': 'FileDiscovery', 'kubeConfigPath': 's'}, 'tlsBootstrapToken': 's', **({} if newer else {'timeout': 'd'})},
            'controlPlane': {'': 'JoinControlPlane', 'localAPIEndpoint': ENDPOINT, 'certificateKey': 's'},
            **({'dryRun': 'b', 'timeouts': TIMEOUTS} if newer else {})}
    found = {'InitConfiguration': init, 'ClusterConfiguration': cluster, 'JoinConfiguration': join}
    if newer:
        found['ResetConfiguration'] = {'': 'ResetConfiguration', 'cleanupTmpDir': 'b', 'certificatesDir': 's', 'criSocket': 's', 'dryRun': 'b',
                                       'force': 'b', 'ignorePreflightErrors': ['s'], 'skipPhases': ['s'], 'unmountFlags': ['s'], 'timeouts': TIMEOUTS}
        found['UpgradeConfiguration'] = {'': 'UpgradeConfiguration', 'apply': '*', 'diff': '*', 'node': '*', 'plan': '*', 'timeouts': TIMEOUTS}
    return found


_KUBELET = '''enableServer staticPodPath podLogsDir syncFrequency fileCheckFrequency httpCheckFrequency staticPodURL staticPodURLHeader address
port readOnlyPort tlsCertFile tlsPrivateKeyFile tlsCipherSuites tlsMinVersion rotateCertificates serverTLSBootstrap authentication authorization
registryPullQPS registryBurst imagePullCredentialsVerificationPolicy preloadedImagesVerificationAllowlist eventRecordQPS eventBurst
enableDebuggingHandlers enableContentionProfiling healthzPort healthzBindAddress oomScoreAdj clusterDomain clusterDNS
streamingConnectionIdleTimeout nodeStatusUpdateFrequency nodeStatusReportFrequency nodeLeaseDurationSeconds imageMinimumGCAge imageMaximumGCAge
imageGCHighThresholdPercent imageGCLowThresholdPercent volumeStatsAggPeriod kubeletCgroups systemCgroups cgroupRoot cgroupsPerQOS cgroupDriver
cpuManagerPolicy singleProcessOOMKill cpuManagerPolicyOptions cpuManagerReconcilePeriod memoryManagerPolicy topologyManagerPolicy
topologyManagerScope topologyManagerPolicyOptions qosReserved runtimeRequestTimeout hairpinMode maxPods podCIDR podPidsLimit resolvConf runOnce
cpuCFSQuota cpuCFSQuotaPeriod nodeStatusMaxImages maxOpenFiles contentType kubeAPIQPS kubeAPIBurst serializeImagePulls maxParallelImagePulls
evictionHard evictionSoft evictionSoftGracePeriod evictionPressureTransitionPeriod evictionMaxPodGracePeriod evictionMinimumReclaim
mergeDefaultEvictionSettings podsPerCore enableControllerAttachDetach protectKernelDefaults makeIPTablesUtilChains iptablesMasqueradeBit
iptablesDropBit featureGates failSwapOn memorySwap containerLogMaxSize containerLogMaxFiles containerLogMaxWorkers containerLogMonitorInterval
configMapAndSecretChangeDetectionStrategy systemReserved kubeReserved reservedSystemCPUs showHiddenMetricsForVersion systemReservedCgroup
kubeReservedCgroup enforceNodeAllocatable allowedUnsafeSysctls volumePluginDir providerID kernelMemcgNotification logging
enableSystemLogHandler enableSystemLogQuery shutdownGracePeriod shutdownGracePeriodCriticalPods shutdownGracePeriodByPodPriority reservedMemory
enableProfilingHandler enableDebugFlagsHandler seccompDefault memoryThrottlingFactor registerWithTaints registerNode tracing localStorageCapacityIsolation
containerRuntimeEndpoint imageServiceEndpoint failCgroupV1 crashLoopBackOff userNamespaces'''
_PROXY = '''featureGates clientConnection logging hostnameOverride bindAddress healthzBindAddress metricsBindAddress bindAddressHardFail
enableProfiling showHiddenMetricsForVersion mode iptables ipvs nftables winkernel detectLocalMode detectLocal clusterCIDR nodePortAddresses
oomScoreAdj conntrack configSyncPeriod portRange windowsRunAsService'''

KINDS = {**{('kubeadm.k8s.io', version, kind): fields for version in ('v1beta3', 'v1beta4') for kind, fields in _kinds(version).items()},
         ('kubelet.config.k8s.io', 'v1beta1', 'KubeletConfiguration'): {'': 'KubeletConfiguration', **dict.fromkeys(_KUBELET.split(), '*')},
         ('kubeproxy.config.k8s.io', 'v1alpha1', 'KubeProxyConfiguration'): {'': 'KubeProxyConfiguration', **dict.fromkeys(_PROXY.split(), '*')}}


class TypeProblem(Exception):
    """A value of the wrong type, worded as encoding/json words it."""


def unknown_fields(value, fields, version, path=()):
    """The paths of fields that the kind does not have; raises TypeProblem for a value of the wrong type."""
    found = []
    for key, item in value.items():
        if not path and key in ('apiVersion', 'kind'):
            continue
        if key not in fields:
            found.append('.'.join(path + (key,)))
            continue
        if item is not None:
            found += _check(item, fields[key], version, fields[''], path + (key,))
    return found


def _check(item, kind, version, struct, path):
    where = f'Go struct field {struct}.{".".join(path)} of type '
    is_number = isinstance(item, (int, float)) and not isinstance(item, bool)
    actual = 'object' if isinstance(item, dict) else 'array' if isinstance(item, list) else 'bool' if isinstance(item, bool) \
        else 'number' if is_number else 'string'
    if isinstance(kind, list):
        if actual != 'array':
            inner = f'{version}.{kind[0][""]}' if isinstance(kind[0], dict) else 'string'
            raise TypeProblem(f'json: cannot unmarshal {actual} into {where}[]{inner}')
        return [name for at, one in enumerate(item) for name in _check(one, kind[0], version, struct, path[:-1] + (f'{path[-1]}[{at}]',))]
    if isinstance(kind, dict):
        if actual != 'object':
            raise TypeProblem(f'json: cannot unmarshal {actual} into {where}' + ('map[string]string' if '*' in kind else f'{version}.{kind[""]}'))
        if '*' in kind:
            return [name for key, one in item.items() for name in _check(one, kind['*'], version, struct, path)]
        return unknown_fields(item, kind, version, path)
    if kind in ('s', 'd') and actual != 'string':
        raise TypeProblem(f'json: cannot unmarshal {actual} into {where}string')
    if kind == 'i' and actual != 'number':
        raise TypeProblem(f'json: cannot unmarshal {actual} into {where}int32')
    if kind == 'b' and actual != 'bool':
        raise TypeProblem(f'json: cannot unmarshal {actual} into {where}bool')
    if kind == 'token':
        text = item if actual == 'string' else f'{item:.10g}' if isinstance(item, float) else str(item)
        if isinstance(item, float):
            text = repr(item)[:16].rstrip('0')
        import re
        if not re.fullmatch(r'[a-z0-9]{6}\.[a-z0-9]{16}', text) or actual != 'string':
            raise TypeProblem(f'the bootstrap token "{text}" was not of the form "\\\\A([a-z0-9]{{6}})\\\\.([a-z0-9]{{16}})\\\\z"')
    return []
