const KUBEADM = "is kubeadm's";

/**
 * Files that slipway, kubeadm or the kubelet write themselves: two that write one file would never come to an end.
 * The first that fits counts.
 */
const OWN_PATHS: readonly (readonly [path: RegExp, whose: string])[] = [
  [/^\/etc\/kubernetes\/manifests\//, 'is run by the kubelet as soon as it is there: use addons.manifests'],
  [/^\/etc\/kubernetes\/(patches\/|tmp\/|[^/]+\.conf$)/, KUBEADM],
  [/^\/etc\/kubernetes\/scheduler\/configuration\.yaml$/, 'is written of kubernetes.scheduler.config'],
  [
    /^\/etc\/kubernetes\/pki\/(etcd\/[^/]+|(front-proxy-)?ca|sa|apiserver[^/]*|front-proxy-client)\.(crt|key|pub)$/,
    KUBEADM,
  ],
  [
    /^\/var\/lib\/kubelet\/(pki\/.*|config\.yaml|instance-config\.yaml|kubeadm-flags\.env)$/,
    'is written of kubernetes.kubelet, kubelet and kubeletExtraArgs',
  ],
  [/^\/var\/lib\/kubelet\/config\.json$/, 'is written of the logins in registries'],
  [/^\/var\/lib\/(etcd|containerd|docker|slipway)\//, 'is no place for files of others'],
  [/^\/etc\/containerd\/config\.toml$/, 'is written of runtime: use runtime.config'],
  [/^\/etc\/containerd\/runsc\.toml$/, 'is written of runtime.handlers'],
  [/^\/etc\/docker\/daemon\.json$/, 'is written of runtime: use runtime.config'],
  [/^\/etc\/(containerd|docker|containers)\/certs\.d\//, 'is written of registries'],
  [/^\/etc\/(containerd\/conf\.d|crio\/crio\.conf\.d)\/99-nvidia\.toml$/, "is NVIDIA's toolkit's"],
  [/^\/etc\/nvidia-container-runtime\/config\.toml$/, 'is written of gpu'],
  [/^\/etc\/crictl\.yaml$/, 'is written of runtime'],
  [
    /^\/etc\/(haproxy\/haproxy\.cfg|keepalived\/(keepalived\.conf|check-port\.sh))$/,
    'is written of kubernetes.loadBalancer',
  ],
  [/^\/etc\/(hosts|hostname|fstab)$/, 'is changed line by line, and has lines of others'],
  [
    /^\/etc\/cloud\/templates\/hosts\.(debian|redhat)\.tmpl$/,
    'is changed line by line, and has lines of others',
  ],
  [/^\/etc\/(sysctl\.d|modules-load\.d)\/k8s-[^/]+\.conf$/, 'has the name of a file of slipway'],
  [
    /^\/etc\/apt\/(keyrings|sources\.list\.d|preferences\.d)\/(kubernetes|docker|cri-o|libnvidia-container|nvidia-container-toolkit)[^/]*$/,
    'is written of the repositories of packages',
  ],
  [/^\/etc\/systemd\/system\/(containerd|cri-docker)\.(service|socket)$/, 'is written of runtime'],
  [/slipway/, 'has the name of a file of slipway'],
];

/** Whose a path of a host is; undefined: it may be anybody's. */
export const ownerOfPath = (path: string): string | undefined =>
  OWN_PATHS.find(([pattern]) => pattern.test(path))?.[1];
