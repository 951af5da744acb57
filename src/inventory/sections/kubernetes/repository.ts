import { minorOf } from '#catalog/kubernetes.ts';
import { KEY_FINGERPRINTS, kubernetesRepository, keyUrlOf } from '#catalog/repositories.ts';
import type { Kubernetes } from '#core/cluster.ts';
import { fingerprint, map, url } from '#core/schema.ts';
import type { Section } from '#inventory/section.ts';
import { quoteValue } from '#inventory/text/problem.ts';
import { packageRepository } from '#inventory/values/package-repository.ts';
import { withoutV } from '#inventory/values/version.ts';

const schema = map(
  {
    url: url({
      description: 'A mirror of the package repository; deb/ and rpm/ lie below it. There is one a minor.',
      default: 'https://pkgs.k8s.io/core:/stable:/v<minor>',
      examples: ['https://mirrors.aliyun.com/kubernetes-new/core/stable/v1.34'],
    }),
    keyUrl: url({
      description: 'Where the ASCII-armoured public key is; by default <url>/deb/Release.key.',
    }),
    fingerprint: fingerprint({
      description:
        'The fingerprint the key must have; by default that of pkgs.k8s.io, which mirrors carry too.',
      default: KEY_FINGERPRINTS.kubernetes,
    }),
  },
  'Where kubeadm, kubelet and kubectl come from.',
);

export const repository: Section<typeof schema, Pick<Kubernetes, 'repository'>> = {
  schema,
  /** A repository holds one minor, and mostly says so in its URL. */
  check: (written, { document: { kubernetes } }, path) => {
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
