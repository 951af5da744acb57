import type { Volcano } from '#core/addons.ts';

/**
 * Volcano as its project publishes it. Its admission job carries the version in its name, or the digest of a file
 * of the operator's: a job cannot be changed, so that of another version is another job, as the chart's hook would
 * make it.
 *
 * @see https://github.com/volcano-sh/volcano/blob/v1.15.1/installer/volcano-development.yaml
 */
export const renderVolcano = (manifest: string, { version, sources, isOwn }: Volcano): string =>
  manifest
    .split(/^(---(?:[ \t].*)?\n)/m)
    .map((text) =>
      /^kind: Job$/m.test(text)
        ? text.replace(
            /^ {2}name: volcano-admission-init$/m,
            `$&-${isOwn ? sources[0]?.sha256.slice(0, 8) : version?.replaceAll('.', '-')}`,
          )
        : text,
    )
    .join('');
