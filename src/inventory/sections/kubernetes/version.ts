import { KUBERNETES_MINORS, kubernetesMinor, minorOf } from '#catalog/kubernetes.ts';
import type { Kubernetes } from '#core/cluster.ts';
import { required, text } from '#core/schema.ts';
import type { Section } from '#inventory/section.ts';
import { quoteValue } from '#inventory/text/problem.ts';
import { withoutV } from '#inventory/values/version.ts';

const wanted = 'a full version such as 1.34.9';

const schema = required(
  text({
    description: 'The version of Kubernetes: minor and patch, in quotes.',
    wanted,
    examples: ['1.36.4', '1.35.8', '1.34.11'],
  }),
);

export const version: Section<typeof schema, Pick<Kubernetes, 'version'>> = {
  schema,
  check: (written, _, path) => {
    if (written === undefined) return [];
    const plain = withoutV(written);
    const known = kubernetesMinor(plain);
    const got = quoteValue(written);
    if (!/^\d+\.\d+\.\d+$/.test(plain)) {
      const suggestion = known !== undefined && minorOf(plain) === plain && { suggestion: known.patch };
      return [{ path, message: `must be ${wanted}`, wanted, got, ...suggestion }];
    }
    if (known !== undefined) return [];
    const minors = `${KUBERNETES_MINORS[0]?.minor} to ${KUBERNETES_MINORS.at(-1)?.minor}`;
    return [{ path, message: `Kubernetes ${minorOf(plain)} is not supported`, wanted: minors, got }];
  },
  build: (written) => ({ version: withoutV(written) }),
};
