import type { ArtifactRef } from '#core/artifact.ts';
import { type BundleIndex, wantedLine } from '#core/bundle.ts';
import type { Cluster, ClusterBundle, Host } from '#core/cluster.ts';
import { EXIT } from '#core/exit-code.ts';
import type { GraphNode } from '#core/graph.ts';
import type { Runtime } from '#core/runtime.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import type { FileRef } from '#core/step.ts';
import { FAMILIES } from '#distributions/families.ts';

import { ALTERED, type OpenBundle, verifyBundle } from './open-bundle.ts';
import { imagesOf, packagesFor, refuseUnkept, refuseUnknowable, releaseOf } from './wanted.ts';

/** More than that is a bundle of something else. */
const NAMED = 20;

export interface HoldOptions {
  readonly cluster: Cluster;
  /** Of the whole workflow, made without the bundle, with the bundle's artifacts. */
  readonly nodes: readonly GraphNode[];
  readonly artifacts: readonly ArtifactRef[];
  readonly bundle: OpenBundle;
}

/**
 * The cluster as it is to be made out of a bundle. Everything that it wants from outside has to be there.
 *
 * @throws {SlipwayError} that names all that the bundle lacks.
 */
export function holdAgainst({ cluster, nodes, artifacts, bundle }: HoldOptions): Cluster {
  refuseUnknowable(cluster);
  const { index } = bundle;
  const wanted = Object.fromEntries(cluster.hosts.map((host) => [host.name, wantedBy(host, nodes, index)]));
  const lacking = [
    ...lackingFiles(artifacts, nodes, bundle),
    ...lackingImages(cluster, nodes, bundle),
    ...lackingPackages(wanted, bundle),
  ];
  if (lacking.length > 0) throw incomplete(bundle, lacking);
  refuseUnkept(
    cluster,
    index.images.map(({ name }) => name),
  );
  const { id } = bundle;
  const held: ClusterBundle = { id, images: index.images, repositories: index.repositories, wanted };
  return { ...cluster, hosts: cluster.hosts.map(outOfBundle), bundle: held };
}

/** @throws {SlipwayError} that names what is altered or missing. */
export async function refuseAltered(bundle: OpenBundle, signal: AbortSignal): Promise<void> {
  const faults = await verifyBundle(bundle, { signal });
  if (faults.length === 0) return;
  const list = faults.slice(0, NAMED).map(({ what, fault }) => `  ${what} ${fault}`);
  throw new SlipwayError(
    `the bundle ${bundle.path} is not as it was made:\n${[...list, ...more(faults.length)].join('\n')}`,
    { code: 'bundle-altered', exitCode: EXIT.usage, hint: ALTERED },
  );
}

/** By each release that a host may run: that of the inventory, or one of those that the bundle has packages for. */
function wantedBy(
  host: Host,
  nodes: readonly GraphNode[],
  { repositories }: BundleIndex,
): Readonly<Record<string, readonly string[]>> {
  const there = new Set(repositories.map(({ release }) => release));
  const releases = host.os !== undefined ? [host.os.release] : there.size > 0 ? [...there] : [UNSAID];
  return Object.fromEntries(
    releases.flatMap((release) => {
      const its = releaseOf(release);
      return its === undefined ? [] : [[release, packagesFor(host, its, nodes).map(wantedLine)]];
    }),
  );
}

/** What a host is taken for where nobody says what it runs. */
const [UNSAID = ''] = FAMILIES[0].releases;

/** What hosts would fetch themselves is streamed. */
const outOfBundle = (host: Host): Host => ({ ...host, runtime: streamed(host.runtime) });

function streamed(runtime: Runtime): Runtime {
  if (runtime.type === 'docker')
    return { ...runtime, criDockerd: { ...runtime.criDockerd, fetch: 'controller' } };
  if (runtime.type !== 'containerd' || runtime.source.from !== 'upstream') return runtime;
  const { containerd, runc, cniPlugins } = runtime.source;
  const fetch = 'controller' as const;
  return {
    ...runtime,
    source: {
      from: 'upstream',
      containerd: { ...containerd, fetch },
      runc: { ...runc, fetch },
      cniPlugins: { ...cniPlugins, fetch },
    },
  };
}

function lackingFiles(
  artifacts: readonly ArtifactRef[],
  nodes: readonly GraphNode[],
  { index }: OpenBundle,
): readonly string[] {
  const pins = new Map(index.files.map(({ location, pin }) => [location, pin]));
  const digests = new Set(index.files.map(({ sha256 }) => sha256));
  const files = new Map(
    nodes.flatMap(({ resource }) =>
      index.architectures.flatMap((architecture): (readonly [string, FileRef])[] => {
        const file = resource.supplies?.files?.[architecture];
        return file === undefined ? [] : [[file.sha256, file]];
      }),
    ),
  );
  return [
    ...artifacts.flatMap((ref) => {
      if (!isFromOutside(ref) || ref.isOptional === true) return [];
      const pin = pins.get(ref.location);
      if (pin === undefined) return [ref.location];
      return pin === ref.pin ? [] : [`${ref.location} (it has that of ${pin}, wanted ${ref.pin})`];
    }),
    ...[...files.values()].flatMap(({ url, sha256 }) =>
      digests.has(sha256) ? [] : [`${url} (sha256 ${sha256})`],
    ),
  ];
}

/** Files of this machine are read where they are. */
export const isFromOutside = ({ location, from }: ArtifactRef): boolean =>
  typeof from === 'object' || /^https?:/.test(location);

function lackingImages(
  cluster: Cluster,
  nodes: readonly GraphNode[],
  { index }: OpenBundle,
): readonly string[] {
  const there = new Set(index.images.map(({ name }) => name));
  const named = nodes.flatMap(({ resource }) => resource.supplies?.images?.() ?? []);
  const { version, imageRepository } = cluster.kubernetes;
  const made = index.kubernetes;
  const isOther = made.version !== version || made.imageRepository !== imageRepository;
  return [
    ...(isOther
      ? [
          `images of Kubernetes ${version} from ${imageRepository} (it has those of ${made.version} from ${made.imageRepository})`,
        ]
      : []),
    ...[...imagesOf(cluster, named).keys()].flatMap((name) => (there.has(name) ? [] : [`image ${name}`])),
  ];
}

/** Of a host that may run several releases, one will do: which it runs is seen once it says so. */
function lackingPackages(
  wanted: ClusterBundle['wanted'],
  { index: { repositories } }: OpenBundle,
): readonly string[] {
  const isThere = ([release, lines]: readonly [string, readonly string[]]): boolean =>
    repositories.some(
      (one) => one.release === release && JSON.stringify(one.wanted) === JSON.stringify(lines),
    );
  const lacking = Object.entries(wanted).flatMap(([host, its]) =>
    Object.entries(its).some(isThere) ? [] : [{ host, lines: Object.values(its)[0] ?? [] }],
  );
  const groups = Map.groupBy(lacking, ({ lines }) => lines.join(', '));
  return [...groups].map(
    ([lines, hosts]) => `packages for ${hosts.map(({ host }) => host).join(', ')}: ${lines}`,
  );
}

function incomplete({ path }: OpenBundle, lacking: readonly string[]): SlipwayError {
  const list = lacking.slice(0, NAMED).map((one) => `  ${one}`);
  return new SlipwayError(
    `the bundle ${path} lacks ${lacking.length === 1 ? 'something that this inventory wants' : `${lacking.length} things that this inventory wants`}:\n${[...list, ...more(lacking.length)].join('\n')}`,
    {
      code: 'bundle-incomplete',
      exitCode: EXIT.usage,
      hint: 'make it anew from this inventory, where the internet is: slipway bundle create',
    },
  );
}

const more = (count: number): readonly string[] => (count > NAMED ? [`  and ${count - NAMED} more`] : []);

/** Texts of artifacts out of the bundle, by location. Each has to be what its pin says, as if it had been fetched. */
export async function bundledArtifacts(
  refs: readonly ArtifactRef[],
  { index, read, path }: Pick<OpenBundle, 'index' | 'read' | 'path'>,
): Promise<ReadonlyMap<string, string>> {
  const files = new Map(index.files.map((file) => [file.location, file]));
  const found = await Promise.all(
    refs.filter(isFromOutside).map(async ({ location, faultIn }) => {
      const file = files.get(location);
      if (file === undefined) return [];
      const text = (await read(file.sha256)).toString('utf8');
      const fault = faultIn(text);
      if (fault === undefined) return [[location, text] as const];
      throw new SlipwayError(`${location} in ${path} is not the file it should be: ${fault}`, {
        code: 'artifact-mismatch',
        exitCode: EXIT.usage,
        hint: 'make the bundle anew from this inventory',
      });
    }),
  );
  return new Map(found.flat());
}
