import { Type } from 'typebox';

import { closed, flagMap, freeMap, oneOf, text, textList, textMap } from './schema-fields.ts';

const component = (program: string, extraArgs: string) =>
  Type.Object(
    {
      extraArgs: Type.Optional(
        textMap({ description: `Flags of ${program}, without dashes.`, examples: [{ [extraArgs]: 'true' }] }),
      ),
    },
    closed(`Settings of ${program}.`),
  );

const HTTP_URL = '^https?://[^\\s/]+[^\\s]*$';

const repositorySchema = Type.Object(
  {
    url: Type.Optional(
      text({
        description: 'A mirror of the package repository; deb/ and rpm/ lie below it. There is one a minor.',
        wanted: 'an http(s) URL',
        pattern: HTTP_URL,
        default: 'https://pkgs.k8s.io/core:/stable:/v<minor>',
        examples: ['https://mirrors.aliyun.com/kubernetes-new/core/stable/v1.34'],
      }),
    ),
    keyUrl: Type.Optional(
      text({
        description: 'Where the ASCII-armoured public key is; by default <url>/deb/Release.key.',
        wanted: 'an http(s) URL',
        pattern: HTTP_URL,
      }),
    ),
    fingerprint: Type.Optional(
      text({
        description:
          'The fingerprint the key must have; by default that of pkgs.k8s.io, which mirrors carry too.',
        wanted: '40 hexadecimal digits',
        pattern: '^([0-9A-Fa-f]{4} *){10}$',
        default: 'DE15B14486CD377B9E876E1A234654DA9A296436',
      }),
    ),
  },
  closed('Where kubeadm, kubelet and kubectl come from.'),
);

const networkingSchema = Type.Object(
  {
    podSubnet: Type.Optional(
      text({
        description:
          'Addresses of pods; two with a comma for dual stack. It must not overlap with any network of yours.',
        wanted: 'a CIDR such as 10.244.0.0/16',
        default: '10.244.0.0/16',
        examples: ['10.244.0.0/16', '10.244.0.0/16,fd00:10:244::/56'],
      }),
    ),
    serviceSubnet: Type.Optional(
      text({
        description: 'Addresses of services; two with a comma for dual stack.',
        wanted: 'a CIDR such as 10.96.0.0/12',
        default: '10.96.0.0/12',
        examples: ['10.96.0.0/12', '10.96.0.0/12,fd00:10:96::/112'],
      }),
    ),
    dnsDomain: Type.Optional(
      text({ description: 'The DNS domain of services.', wanted: 'a DNS domain', default: 'cluster.local' }),
    ),
  },
  closed("The cluster's own networks."),
);

export const kubernetesSchema = Type.Object(
  {
    version: text({
      description: 'The version of Kubernetes: minor and patch, in quotes.',
      wanted: 'a full version such as 1.34.9',
      examples: ['1.36.4', '1.35.8', '1.34.11'],
    }),
    repository: Type.Optional(repositorySchema),
    imageRepository: Type.Optional(
      text({
        description: 'Where the images of the control plane come from.',
        wanted: 'an image repository such as registry.k8s.io',
        pattern: '^[a-z0-9.-]+(:[0-9]+)?(/[a-z0-9._-]+)*/?$',
        default: 'registry.k8s.io',
        examples: ['registry.k8s.io', 'registry.aliyuncs.com/google_containers'],
      }),
    ),
    controlPlaneEndpoint: Type.Optional(
      text({
        description:
          'host:port by which all nodes reach the API server: a load balancer, a virtual IP or a DNS name. Needed for several control planes, and hard to change later; by default the address of the first control plane.',
        wanted: 'host:port',
        examples: ['api.example.com:6443', '10.0.0.10:6443'],
      }),
    ),
    networking: Type.Optional(networkingSchema),
    apiServer: Type.Optional(
      Type.Object(
        {
          certSANs: Type.Optional(
            textList({
              description: 'Further names and addresses the API server is reached by.',
              wanted: 'a list of names and addresses',
              item: 'a name or an address',
              examples: [['api.example.com']],
            }),
          ),
          extraArgs: Type.Optional(
            textMap({
              description: 'Flags of kube-apiserver, without dashes.',
              examples: [{ 'audit-log-maxage': '30' }],
            }),
          ),
        },
        closed('Settings of kube-apiserver.'),
      ),
    ),
    controllerManager: Type.Optional(component('kube-controller-manager', 'terminated-pod-gc-threshold')),
    scheduler: Type.Optional(component('kube-scheduler', 'profiling')),
    etcd: Type.Optional(component('etcd', 'quota-backend-bytes')),
    featureGates: Type.Optional(
      flagMap({
        description:
          "kubeadm's own feature gates. Those of the components go into their extraArgs as feature-gates, those of the kubelet into kubelet.featureGates.",
        examples: [{ NodeLocalCRISocket: true }],
      }),
    ),
    kubelet: Type.Optional(
      freeMap({
        description:
          "Fields of KubeletConfiguration (kubelet.config.k8s.io/v1beta1), merged over slipway's own.",
        examples: [{ maxPods: 250 }],
      }),
    ),
    kubeProxy: Type.Optional(
      Type.Object(
        {
          mode: Type.Optional(
            oneOf(['iptables', 'ipvs', 'nftables'], {
              description:
                'How services are made. Kubernetes deprecates ipvs since 1.35; nftables is stable since 1.33.',
              default: 'iptables',
            }),
          ),
          config: Type.Optional(
            freeMap({
              description: 'Further fields of KubeProxyConfiguration (kubeproxy.config.k8s.io/v1alpha1).',
              examples: [{ metricsBindAddress: '0.0.0.0:10249' }],
            }),
          ),
        },
        closed('Settings of kube-proxy.'),
      ),
    ),
    ignorePreflightErrors: Type.Optional(
      textList({
        description: "kubeadm's own preflight checks that may fail, by kubeadm's names.",
        wanted: 'a list of names',
        item: 'the name of a check',
        examples: [['NumCPU', 'Mem']],
      }),
    ),
  },
  closed("Kubernetes, in kubeadm's words."),
);
