import { calicoManifest, CALICO_RELEASES } from '#catalog/calico.ts';
import { type MirrorPreset, MIRROR_PRESETS, type MirrorPresetName } from '#catalog/mirror-presets.ts';
import { RELEASES } from '#catalog/releases.ts';
import type { JsonObject } from '#core/json.ts';
import { mergeObjects } from '#core/merge-objects.ts';
import { oneOf, type Schema } from '#core/schema.ts';
import type { Section, ValidDocument } from '#inventory/section.ts';
import { withoutV } from '#inventory/values/release.ts';

const NAMES = Object.keys(MIRROR_PRESETS) as readonly MirrorPresetName[];

/** It has no value of its own: what it says is in other sections, see `withMirrors`. */
export const mirrors: Section<Schema<MirrorPresetName>, object> = {
  schema: oneOf(
    NAMES,
    'Fills in where packages, images, registries and release files come from, as far as the inventory does not say so itself. china: mirrors of Alibaba Cloud and DaoCloud.',
  ),
};

/** The document with what its mirrors stand for; what is written wins. */
export function withMirrors(written: ValidDocument): ValidDocument {
  const preset: MirrorPreset | undefined = written.mirrors && MIRROR_PRESETS[written.mirrors];
  return preset === undefined ? written : mergeObjects(filledIn(preset, written), written);
}

function filledIn(preset: MirrorPreset, written: ValidDocument): JsonObject {
  const { kubernetes, runtime, network } = written;
  const [, minor] = /^v?(\d+\.\d+)\./.exec(kubernetes?.version ?? '') ?? [];
  return {
    kubernetes: {
      imageRepository: preset.imageRepository,
      ...(minor !== undefined && { repository: { url: preset.kubernetes(minor) } }),
    },
    runtime: {
      downloads: Object.fromEntries(
        Object.entries(RELEASES).map(([name, { url }]) => [name, { url: through(preset, url) }]),
      ),
      // Of CRI-O's repository it has none.
      ...(runtime?.type !== 'cri-o' && { repository: { url: preset.docker } }),
    },
    registries: Object.fromEntries(
      Object.entries(preset.registries)
        // Docker knows mirrors of its own registry alone.
        .filter(([name]) => name === 'docker.io' || !hasDocker(written))
        .map(([name, url]) => [name, { mirrors: [{ url }] }]),
    ),
    addons: { mirror: through(preset, 'https://raw.githubusercontent.com') },
    ...(network?.plugin !== 'none' && { network: manifestsOf(preset, network) }),
  };
}

const hasDocker = ({ runtime, defaults, groups = {}, hosts = [] }: ValidDocument): boolean =>
  [{ runtime }, defaults, ...Object.values(groups), ...hosts].some((one) => one?.runtime?.type === 'docker');

const through = ({ files }: MirrorPreset, url: string): string => url.replace('https://', files);

/** Of a release that slipway knows. Of another one the inventory says itself where it is. */
function manifestsOf(preset: MirrorPreset, network: ValidDocument['network']): JsonObject {
  const version = withoutV(network?.version ?? CALICO_RELEASES[0].version);
  const of = (file?: Parameters<typeof calicoManifest>[1]): JsonObject => {
    const found = calicoManifest(version, file);
    return found?.sha256 === undefined ? {} : { url: through(preset, found.location), sha256: found.sha256 };
  };
  if (calicoManifest(version) === undefined) return {};
  return network?.install === 'operator'
    ? { operator: { crds: of('operator-crds.yaml'), manifest: of('tigera-operator.yaml') } }
    : { manifest: of() };
}
