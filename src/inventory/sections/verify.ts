import type { Cluster } from '#core/cluster.ts';
import { integer, map, text } from '#core/schema.ts';
import type { Section } from '#inventory/section.ts';

/** @see https://hub.docker.com/_/nginx (the stable branch) */
const defaults = { image: 'docker.io/library/nginx:1.28-alpine', timeout: 120 };

const schema = map(
  {
    image: text(
      "What the pods of slipway verify run: an image with sh, wget, nslookup, and nginx or busybox' httpd.",
      {
        wanted: 'an image',
        pattern: '^[^\\s]+$',
        default: defaults.image,
        examples: [defaults.image, 'docker.io/library/busybox:1.37'],
      },
    ),
    timeout: integer('Seconds that its pods may take to come up.', {
      minimum: 5,
      maximum: 3600,
      default: defaults.timeout,
    }),
  },
  'How slipway verify proves that the cluster works.',
);

export const verify: Section<typeof schema, Pick<Cluster, 'verify'>> = {
  schema,
  build: (written) => {
    const { image, timeout } = { ...defaults, ...written };
    return { verify: { image, timeoutMs: timeout * 1000 } };
  },
};
