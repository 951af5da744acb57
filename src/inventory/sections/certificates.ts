import type { Cluster } from '#core/cluster.ts';
import { map, text } from '#core/schema.ts';
import type { Section } from '#inventory/section.ts';
import { quoteValue } from '#inventory/text/problem.ts';

const WANTED = 'days or hours, such as 30d or 720h';
const HOUR_MS = 3_600_000;
const MAX_DAYS = 180;

const schema = map(
  {
    renewBefore: text(
      "How long before their end kubeadm's certificates are renewed, one control plane after another. Without it, a plan only tells which end within 30 days. What has ended is renewed in any case.",
      { wanted: WANTED, pattern: '^[1-9][0-9]{0,4}[dh]$', examples: ['30d', '720h'] },
    ),
  },
  'Certificates of the control plane, which are valid for a year.',
);

export const certificates: Section<typeof schema, Pick<Cluster, 'certificates'>> = {
  schema,
  validate: (written, _, path) => {
    const { renewBefore } = written ?? {};
    if (renewBefore === undefined || millisecondsOf(renewBefore) <= MAX_DAYS * 24 * HOUR_MS) return [];
    const wanted = `at most ${MAX_DAYS}d`;
    return [
      {
        path: [...path, 'renewBefore'],
        message: `must be ${wanted}: a certificate is valid for a year`,
        wanted,
        got: quoteValue(renewBefore),
      },
    ];
  },
  build: (written) => {
    const { renewBefore } = written ?? {};
    return { certificates: renewBefore === undefined ? {} : { renewBeforeMs: millisecondsOf(renewBefore) } };
  },
};

/** Of `30d` or `720h`. */
const millisecondsOf = (written: string): number =>
  Number(written.slice(0, -1)) * (written.endsWith('d') ? 24 : 1) * HOUR_MS;
