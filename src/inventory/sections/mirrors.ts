import { calicoManifest, CALICO_RELEASES } from '#catalog/calico.ts';
import { MIRROR_PRESETS, type MirrorPresetName } from '#catalog/mirror-presets.ts';
import { RELEASES } from '#catalog/releases.ts';
import type { Cluster, Mirrors } from '#core/cluster.ts';
import type { JsonObject } from '#core/json.ts';
import { mergeObjects } from '#core/merge-objects.ts';
import { eitherOf, map, mapOf, oneOf, text, url } from '#core/schema.ts';
import type { Section, ValidDocument } from '#inventory/section.ts';
import { withoutV } from '#inventory/values/release.ts';

const NAMES = Object.keys(MIRROR_PRESETS) as readonly MirrorPresetName[];

const own = map(
  {
    file: text('A file of this machine with what can stand here; what does stand here counts more.', {
      wanted: 'a path',
      examples: ['mirrors.yaml'],
    }),
    preset: oneOf(NAMES, 'What the other keys do not say.'),
    kubernetes: url(
      'The packages of Kubernetes, laid out as at pkgs.k8s.io/core:/stable: below it are v1.36 and other minors.',
      { examples: ['https://mirror.example.com/kubernetes/core/stable'] },
    ),
    imageRepository: text('The images of the control plane.', {
      wanted: 'a registry, and a path there if need be',
      pattern: '^[^\\s/]+(/[^\\s/]+)*$',
      examples: ['registry.example.com/kubernetes'],
    }),
    docker: url("Docker's packages, laid out as at download.docker.com/linux.", {
      examples: ['https://mirror.example.com/docker-ce/linux'],
    }),
    registries: mapOf(
      url('Its mirror.'),
      'Mirrors of registries, by the names that images give these. What else there is to say of one, such as a login, is said in registries.',
      { wanted: 'a map of http(s) URLs', examples: [{ 'docker.io': 'https://docker.example.com' }] },
    ),
    files: url("What stands before the addresses of GitHub's files, in the place of https://.", {
      examples: ['https://files.example.com/'],
    }),
  },
  'Mirrors of your own, or changes to a preset.',
);

const schema = eitherOf(
  [oneOf(NAMES, "A region's."), own],
  'Fills in where packages, images, registries and release files come from, as far as the inventory does not say so itself. china: mirrors of Alibaba Cloud and DaoCloud; a map: your own.',
  { wanted: `${NAMES.join(', ')}, or a map of your own mirrors` },
);

/** What it says is in other sections, see `withMirrors`; it is kept to be shown. */
export const mirrors: Section<typeof schema, Pick<Cluster, 'mirrors'>> = {
  schema,
  build: (written) => ({ mirrors: mirrorsOf(written) ?? null }),
};

/** The document with what its mirrors stand for; what is written wins. */
export function withMirrors(written: ValidDocument): ValidDocument {
  const found = mirrorsOf(written.mirrors);
  return found === undefined ? written : mergeObjects(filledIn(found, written), written);
}

function mirrorsOf(written: ValidDocument['mirrors']): Mirrors | undefined {
  if (written === undefined) return undefined;
  if (typeof written === 'string') return MIRROR_PRESETS[written];
  const { preset, file: _, ...others } = written;
  const below: Mirrors | undefined = preset && MIRROR_PRESETS[preset];
  return { ...below, ...others, registries: { ...below?.registries, ...others.registries } };
}

function filledIn(found: Mirrors, written: ValidDocument): JsonObject {
  const { kubernetes, runtime, network } = written;
  const { files } = found;
  const [, minor] = /^v?(\d+\.\d+)\./.exec(kubernetes?.version ?? '') ?? [];
  return {
    kubernetes: {
      ...(found.imageRepository !== undefined && { imageRepository: found.imageRepository }),
      ...(minor !== undefined &&
        found.kubernetes !== undefined && { repository: { url: `${withSlash(found.kubernetes)}v${minor}` } }),
    },
    runtime: {
      ...(files !== undefined && {
        downloads: Object.fromEntries(
          Object.entries(RELEASES).map(([name, release]) => [name, { url: through(files, release.url) }]),
        ),
      }),
      // Of CRI-O's repository it has none.
      ...(runtime?.type !== 'cri-o' && found.docker !== undefined && { repository: { url: found.docker } }),
    },
    registries: Object.fromEntries(
      Object.entries(found.registries)
        // Docker knows mirrors of its own registry alone.
        .filter(([name]) => name === 'docker.io' || !hasDocker(written))
        .map(([name, mirror]) => [name, { mirrors: [{ url: mirror }] }]),
    ),
    ...(files !== undefined && {
      addons: { mirror: through(files, 'https://raw.githubusercontent.com') },
      ...(network?.plugin !== 'none' && { network: manifestsOf(files, network) }),
    }),
  };
}

const hasDocker = ({ runtime, defaults, groups = {}, hosts = [] }: ValidDocument): boolean =>
  [{ runtime }, defaults, ...Object.values(groups), ...hosts].some((one) => one?.runtime?.type === 'docker');

const through = (files: string, address: string): string => address.replace('https://', withSlash(files));

const withSlash = (address: string): string => address.replace(/\/*$/, '/');

/** Of a release that slipway knows. Of another one the inventory says itself where it is. */
function manifestsOf(files: string, network: ValidDocument['network']): JsonObject {
  const version = withoutV(network?.version ?? CALICO_RELEASES[0].version);
  const of = (file?: Parameters<typeof calicoManifest>[1]): JsonObject => {
    const found = calicoManifest(version, file);
    return found?.sha256 === undefined ? {} : { url: through(files, found.location), sha256: found.sha256 };
  };
  if (calicoManifest(version) === undefined) return {};
  return network?.install === 'operator'
    ? { operator: { crds: of('operator-crds.yaml'), manifest: of('tigera-operator.yaml') } }
    : { manifest: of() };
}
