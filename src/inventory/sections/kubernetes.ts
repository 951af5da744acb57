import { isNewerThanKnown, KUBERNETES_MINORS, kubernetesMinor, minorOf } from '#catalog/kubernetes.ts';
import { KEY_FINGERPRINTS, keyUrlOf, kubernetesRepository } from '#catalog/repositories.ts';
import type { Cluster } from '#core/cluster.ts';
import type { Kubernetes } from '#core/kubernetes.ts';
import { sorted } from '#core/json.ts';
import { fingerprint, flag, flagMap, map, required, type Schema, text, textList, url } from '#core/schema.ts';
import { type BuildContext, type Section, sectionOf } from '#inventory/section.ts';
import { quoteValue } from '#inventory/text/problem.ts';
import { kubeadmGateFindings } from '#inventory/values/kubernetes-setting-findings.ts';
import { packageRepository, withoutV } from '#inventory/values/release.ts';

import { apiServer, controllerManager, kubelet, kubeProxy } from './kubernetes/components.ts';
import { etcd } from './kubernetes/etcd.ts';
import { kubeadm, skipPhases } from './kubernetes/kubeadm.ts';
import { controlPlaneEndpoint } from './kubernetes/control-plane-endpoint.ts';
import { loadBalancer } from './kubernetes/load-balancer.ts';
import { networking } from './kubernetes/networking.ts';
import { patches } from './kubernetes/patches.ts';
import { scheduler } from './kubernetes/scheduler.ts';

const VERSION = 'a full version such as 1.35.8';

const versionSchema = required(
  text('The version of Kubernetes: minor and patch, in quotes.', {
    wanted: VERSION,
    examples: ['1.36.4', '1.35.8', '1.34.11'],
  }),
);

const version: Section<typeof versionSchema, Pick<Kubernetes, 'version'>> = {
  schema: versionSchema,
  validate: (written, { document }, path) => {
    if (written === undefined) return [];
    const plain = withoutV(written);
    const known = kubernetesMinor(plain);
    const got = quoteValue(written);
    if (!/^\d+\.\d+\.\d+$/.test(plain)) {
      const suggestion = known !== undefined && minorOf(plain) === plain && { suggestion: known.patch };
      return [{ path, message: `must be ${VERSION}`, wanted: VERSION, got, ...suggestion }];
    }
    if (known !== undefined) return [];
    if (isNewerThanKnown(plain)) {
      if (document.kubernetes?.allowUntested === true) return [];
      const newest = KUBERNETES_MINORS.at(-1)?.minor;
      const message = `Kubernetes ${minorOf(plain)} is newer than what slipway was tried with: allowUntested: true beside it has it done as ${newest}`;
      return [{ path, message, wanted: `at most ${newest}`, got }];
    }
    const minors = `${KUBERNETES_MINORS[0]?.minor} to ${KUBERNETES_MINORS.at(-1)?.minor}`;
    return [{ path, message: `Kubernetes ${minorOf(plain)} is not supported`, wanted: minors, got }];
  },
  build: (written) => ({ version: withoutV(written) }),
};

const allowUntested: Section<Schema<boolean>, object> = {
  schema: flag(
    'Whether a minor of Kubernetes may be newer than all that slipway was tried with; it is then done as the newest that slipway knows. A newer patch needs no word.',
    { default: false },
  ),
};

const repositorySchema = map(
  {
    url: url('A mirror of the package repository; deb/ and rpm/ lie below it. There is one a minor.', {
      default: 'https://pkgs.k8s.io/core:/stable:/v<minor>',
      examples: ['https://mirrors.aliyun.com/kubernetes-new/core/stable/v1.34'],
    }),
    keyUrl: url('Where the ASCII-armoured public key is; by default <url>/deb/Release.key.'),
    fingerprint: fingerprint(
      'The fingerprint the key must have; by default that of pkgs.k8s.io, which mirrors carry too.',
      { default: KEY_FINGERPRINTS.kubernetes },
    ),
  },
  'Where kubeadm, kubelet and kubectl come from.',
);

const repository: Section<typeof repositorySchema, Pick<Kubernetes, 'repository'>> = {
  schema: repositorySchema,
  /** A repository holds one minor, and mostly says so in its URL. */
  validate: (written, { document: { kubernetes } }, path) => {
    if (kubernetes?.version === undefined) return [];
    const minor = minorOf(withoutV(kubernetes.version));
    return (['url', 'keyUrl'] as const).flatMap((field) => {
      const found = /\/v(1\.\d+)(\/|$)/.exec(written?.[field] ?? '')?.[1];
      if (found === undefined || found === minor) return [];
      const message = `is of Kubernetes ${found}, and the version is of ${minor}`;
      return [{ path: [...path, field], message, got: quoteValue(written?.[field]) }];
    });
  },
  build: (written, { document }) => {
    const known = kubernetesRepository(minorOf(withoutV(document.kubernetes.version)));
    return { repository: packageRepository(written, known, keyUrlOf) };
  },
};

const IMAGE_REPOSITORY = 'registry.k8s.io';

const imageRepository: Section<Schema<string>, Pick<Kubernetes, 'imageRepository'>> = {
  schema: text('Where the images of the control plane come from.', {
    wanted: 'an image repository such as registry.k8s.io',
    pattern: '^[a-z0-9.-]+(:[0-9]+)?(/[a-z0-9._-]+)*/?$',
    default: IMAGE_REPOSITORY,
    examples: [IMAGE_REPOSITORY, 'registry.aliyuncs.com/google_containers'],
  }),
  build: (written = IMAGE_REPOSITORY) => ({ imageRepository: written.replace(/\/$/, '') }),
};

const featureGates: Section<Schema<Readonly<Record<string, boolean>>>, Pick<Kubernetes, 'featureGates'>> = {
  schema: flagMap(
    "kubeadm's own feature gates. Those of the components go into their extraArgs as feature-gates, those of the kubelet into kubelet.featureGates.",
    { examples: [{ NodeLocalCRISocket: true }] },
  ),
  validate: (written = {}, { document }, path) =>
    kubeadmGateFindings(Object.keys(written), document.kubernetes?.version, path),
  build: (written = {}) => ({ featureGates: sorted(written) }),
};

const ignorePreflightErrors: Section<Schema<readonly string[]>, Pick<Kubernetes, 'ignorePreflightErrors'>> = {
  schema: textList("kubeadm's own preflight checks that may fail, by kubeadm's names.", {
    wanted: 'a list of names',
    item: 'the name of a check',
    examples: [['NumCPU', 'Mem']],
  }),
  build: (written = []) => ({ ignorePreflightErrors: written }),
};

const whole = sectionOf(
  {
    version,
    allowUntested,
    repository,
    imageRepository,
    controlPlaneEndpoint,
    loadBalancer,
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
    skipPhases,
    patches,
    kubeadm,
    ignorePreflightErrors,
  },
  "Kubernetes, in kubeadm's words.",
);

/** For sections that depend on it. */
export const kubernetesOf = (source: BuildContext): Kubernetes =>
  whole.build(source.document.kubernetes, source);

const schema = required(whole.schema);

export const kubernetes: Section<typeof schema, Pick<Cluster, 'kubernetes'>> = {
  ...whole,
  schema,
  build: (_, source) => ({ kubernetes: kubernetesOf(source) }),
};
