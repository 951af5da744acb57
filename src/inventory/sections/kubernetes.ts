import type { Cluster, Kubernetes } from '#core/cluster.ts';
import { flagMap, required, type Schema, text, textList } from '#core/schema.ts';
import { type ClusterSource, type Section, sectionOf } from '#inventory/section.ts';
import { sorted } from '#inventory/values/sorted.ts';

import { apiServer, controllerManager, etcd, scheduler } from './kubernetes/components.ts';
import { controlPlaneEndpoint } from './kubernetes/control-plane-endpoint.ts';
import { kubeProxy } from './kubernetes/kube-proxy.ts';
import { kubelet } from './kubernetes/kubelet.ts';
import { networking } from './kubernetes/networking.ts';
import { repository } from './kubernetes/repository.ts';
import { version } from './kubernetes/version.ts';

const IMAGE_REPOSITORY = 'registry.k8s.io';

const imageRepository: Section<Schema<string>, Pick<Kubernetes, 'imageRepository'>> = {
  schema: text({
    description: 'Where the images of the control plane come from.',
    wanted: 'an image repository such as registry.k8s.io',
    pattern: '^[a-z0-9.-]+(:[0-9]+)?(/[a-z0-9._-]+)*/?$',
    default: IMAGE_REPOSITORY,
    examples: [IMAGE_REPOSITORY, 'registry.aliyuncs.com/google_containers'],
  }),
  build: (written = IMAGE_REPOSITORY) => ({ imageRepository: written.replace(/\/$/, '') }),
};

const featureGates: Section<Schema<Readonly<Record<string, boolean>>>, Pick<Kubernetes, 'featureGates'>> = {
  schema: flagMap({
    description:
      "kubeadm's own feature gates. Those of the components go into their extraArgs as feature-gates, those of the kubelet into kubelet.featureGates.",
    examples: [{ NodeLocalCRISocket: true }],
  }),
  build: (written = {}) => ({ featureGates: sorted(written) }),
};

const ignorePreflightErrors: Section<Schema<readonly string[]>, Pick<Kubernetes, 'ignorePreflightErrors'>> = {
  schema: textList({
    description: "kubeadm's own preflight checks that may fail, by kubeadm's names.",
    wanted: 'a list of names',
    item: 'the name of a check',
    examples: [['NumCPU', 'Mem']],
  }),
  build: (written = []) => ({ ignorePreflightErrors: written }),
};

const whole = sectionOf(
  {
    version,
    repository,
    imageRepository,
    controlPlaneEndpoint,
    networking,
    apiServer,
    controllerManager,
    scheduler,
    etcd,
    featureGates,
    kubelet: kubelet(
      "Fields of KubeletConfiguration (kubelet.config.k8s.io/v1beta1), merged over slipway's own.",
      { maxPods: 250 },
    ),
    kubeProxy,
    ignorePreflightErrors,
  },
  "Kubernetes, in kubeadm's words.",
);

/** For sections that depend on it. */
export const kubernetesOf = (source: ClusterSource): Kubernetes =>
  whole.build(source.document.kubernetes, source);

const schema = required(whole.schema);

export const kubernetes: Section<typeof schema, Pick<Cluster, 'kubernetes'>> = {
  ...whole,
  schema,
  build: (_, source) => ({ kubernetes: kubernetesOf(source) }),
};
