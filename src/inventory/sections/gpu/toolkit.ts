import { NVIDIA_RELEASES, NVIDIA_REPOSITORY } from '#catalog/nvidia.ts';
import type { Gpu } from '#core/gpu.ts';
import { fingerprint, map, text, url } from '#core/schema.ts';
import type { Section } from '#inventory/section.ts';
import { packageRepository } from '#inventory/values/package-repository.ts';
import { withoutV } from '#inventory/values/version.ts';

/** Versions of what NVIDIA releases. */
export const NVIDIA_VERSION = '^v?[0-9]+\\.[0-9]+\\.[0-9]+(-[0-9A-Za-z.]+)?$';

const defaults = { version: NVIDIA_RELEASES.toolkit };

const schema = map(
  {
    version: text('The version of the NVIDIA Container Toolkit; its four packages are held there.', {
      wanted: 'a version such as 1.20.0',
      pattern: NVIDIA_VERSION,
      default: defaults.version,
    }),
    repository: map(
      {
        url: url('A mirror of the package repository; deb/amd64/ and deb/arm64/ lie below it.', {
          default: NVIDIA_REPOSITORY.url,
        }),
        keyUrl: url('Where the ASCII-armoured public key is.', { default: NVIDIA_REPOSITORY.keyUrl }),
        fingerprint: fingerprint('The fingerprint the key must have.', {
          default: NVIDIA_REPOSITORY.fingerprint,
        }),
      },
      'Where the toolkit comes from.',
    ),
  },
  'The NVIDIA Container Toolkit.',
);

export const toolkit: Section<typeof schema, Pick<Gpu, 'toolkit'>> = {
  schema,
  build: (written) => ({
    toolkit: {
      version: withoutV(written?.version ?? defaults.version),
      repository: packageRepository(written?.repository, NVIDIA_REPOSITORY, () => NVIDIA_REPOSITORY.keyUrl),
    },
  }),
};
