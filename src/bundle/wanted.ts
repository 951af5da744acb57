import { CALICO_RELEASES, calicoOperatorImages } from '#catalog/calico.ts';
import type { ArtifactRef } from '#core/artifact.ts';
import { compare, type ImagePlace } from '#core/bundle.ts';
import type { Cluster, Host } from '#core/cluster.ts';
import type { PackageRepository } from '#core/package-repository.ts';
import { EXIT } from '#core/exit-code.ts';
import type { GraphNode } from '#core/graph.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import type { FileRef } from '#core/step.ts';
import { IMAGE_COPIER, type PackageSupply } from '#core/supplies.ts';
import type { DistributionFamily, PackageQuestion } from '#distributions/distribution-family.ts';
import { distributionFamilyOf, freshMachineOf, supportedReleases } from '#distributions/supported.ts';

import { readImageName } from './image-name.ts';

/** What hosts would fetch from outside, as the resources of a graph say. */
export interface Wanted {
  /** What the controller fetches, or has a program make. */
  readonly artifacts: readonly ArtifactRef[];
  readonly files: readonly FileRef[];
  /** By their whole names; those of kubeadm's own are not among them. */
  readonly images: ReadonlyMap<string, ImagePlace>;
  readonly packages: readonly WantedPackages[];
}

/** What hosts of one release want that have the same to do. */
export interface WantedPackages {
  readonly release: string;
  readonly family: DistributionFamily;
  /** By name. */
  readonly packages: readonly PackageQuestion[];
  readonly repositories: readonly { readonly name: string; readonly source: PackageRepository }[];
  readonly hosts: readonly string[];
}

export interface WantedOptions {
  readonly cluster: Cluster;
  readonly nodes: readonly GraphNode[];
  readonly artifacts: readonly ArtifactRef[];
  /** In Go's words. */
  readonly architectures: readonly string[];
  /** What hosts run of which the inventory does not say it. */
  readonly release: string | undefined;
  /** False: packages come from elsewhere. */
  readonly hasPackages: boolean;
  /** Images beside those that are found. */
  readonly moreImages?: readonly string[];
}

export function wantedOf(options: WantedOptions): Wanted {
  const { cluster, nodes, architectures } = options;
  refuseUnknowable(cluster);
  const supplies = nodes.flatMap(({ resource }) => resource.supplies ?? []);
  const files = new Map(
    supplies
      .flatMap((one) => architectures.flatMap((architecture) => one.files?.[architecture] ?? []))
      .map((file) => [file.sha256, file]),
  );
  const images = imagesOf(cluster, [
    ...new Set([...supplies.flatMap((one) => one.images?.() ?? []), ...(options.moreImages ?? [])]),
  ]);
  refuseUnkept(cluster, [...images.keys()]);
  return {
    artifacts: options.artifacts.filter(
      ({ location, from }) => typeof from === 'object' || /^https?:/.test(location),
    ),
    files: [...files.values()],
    images,
    packages: options.hasPackages ? packagesOf(options) : [],
  };
}

/** Images of the cluster's objects may run anywhere. */
export function imagesOf(cluster: Cluster, named: readonly string[]): ReadonlyMap<string, ImagePlace> {
  const { kubernetes, verify, gpu, hosts } = cluster;
  const { loadBalancer } = kubernetes;
  const everywhere = [
    ...named,
    ...hosts.map(({ runtime }) => runtime.sandboxImage),
    verify.image,
    ...(gpu.vectorAddImage !== undefined && hosts.some((host) => host.gpu !== false)
      ? [gpu.vectorAddImage]
      : []),
  ];
  const controlPlanes = loadBalancer.type === 'kube-vip' ? [loadBalancer.image] : [];
  return new Map([
    ...controlPlanes.map((name) => [wholeName(name), 'control-planes'] as const),
    ...everywhere.map((name) => [wholeName(name), 'all'] as const),
  ]);
}

/** @throws {SlipwayError} for what no image can be called. */
export function wholeName(name: string): string {
  try {
    return readImageName(name).text;
  } catch (cause) {
    throw new SlipwayError(cause instanceof Error ? cause.message : String(cause), {
      code: 'image-name',
      exitCode: EXIT.usage,
      cause,
    });
  }
}

/** What only a running cluster finds out: a bundle that lacks it would be found out too late. */
export function refuseUnknowable({ network, addons, gpu, hosts }: Cluster): void {
  const isByOperator = network.plugin === 'calico' && network.install.by === 'operator';
  if (isByOperator && calicoOperatorImages(network.version) === undefined) {
    throw notInBundle(
      `what the Tigera operator of Calico ${network.version} runs, which is known of other releases alone`,
      `take one of ${CALICO_RELEASES.map(({ version }) => version).join(', ')}, or install Calico by its manifest: network.install: manifest`,
    );
  }
  for (const set of addons.sets) {
    if (set.kind !== 'chart' || set.runsOn === 'controller') continue;
    throw notInBundle(
      `the chart ${set.name}, which is rendered on a control plane`,
      'set runsOn: controller for it: it is then rendered where the bundle is made',
    );
  }
  const isHami = gpu.devicePlugin.type === 'hami' && gpu.devicePlugin.runsOn !== 'controller';
  if (isHami && hosts.some((host) => host.gpu !== false))
    throw notInBundle(
      'the chart of HAMi, which is rendered on a control plane',
      'set its runsOn: controller',
    );
}

/**
 * What Docker is loaded with has no name but its tags.
 *
 * @see https://github.com/moby/moby/blob/v20.10.24/image/tarexport/load.go (RepoTags: a reference with a tag)
 */
export function refuseUnkept({ hosts }: Cluster, images: readonly string[]): void {
  const host = hosts.find(({ runtime }) => runtime.type === 'docker');
  const image = images.find((name) => name.includes('@'));
  if (host === undefined || image === undefined) return;
  throw notInBundle(
    `${image} for ${host.name}: Docker keeps no image by its digest that it has not pulled itself`,
    'name the image by a tag (bundles compare digests anyway), or choose runtime.type containerd for the host',
  );
}

const notInBundle = (what: string, hint: string): SlipwayError =>
  new SlipwayError(`a bundle cannot have ${what}`, { code: 'bundle-unknowable', exitCode: EXIT.usage, hint });

interface Own {
  readonly packages: Map<string, PackageQuestion>;
  readonly repositories: Map<string, PackageRepository>;
}

function packagesOf({ cluster, nodes, release }: WantedOptions): readonly WantedPackages[] {
  const groups = new Map<string, WantedPackages>();
  for (const host of cluster.hosts) {
    const runs = host.os?.release ?? release;
    if (runs === undefined) throw unsaid(host);
    const its = releaseOf(runs);
    if (its === undefined) throw unsupported(runs);
    const { family } = its;
    const { repositories } = suppliesOf(host, its, nodes);
    const packages = packagesFor(host, its, nodes);
    const key = JSON.stringify([runs, packages]);
    const known = groups.get(key);
    groups.set(key, {
      release: runs,
      family,
      packages,
      repositories: [...repositories].map(([name, source]) => ({ name, source })),
      hosts: [...(known?.hosts ?? []), host.name],
    });
  }
  return [...groups.values()];
}

/** All packages that the resources of a host want, by name. */
export const packagesFor = (
  host: Host,
  { family, id }: Release,
  nodes: readonly GraphNode[],
): readonly PackageQuestion[] =>
  [...suppliesOf(host, { family, id }, nodes).packages.values()].toSorted((left, right) =>
    compare(left.name, right.name),
  );

/** What packages depend on of a release. */
export interface Release {
  readonly family: DistributionFamily;
  /** Of os-release. */
  readonly id: string;
}

/** Undefined for a release that is not supported. */
export function releaseOf(release: string): Release | undefined {
  if (!supportedReleases().includes(release)) return undefined;
  const os = freshMachineOf(release);
  const family = distributionFamilyOf(os);
  return family === undefined ? undefined : { family, id: os.id };
}

function suppliesOf({ name, runtime }: Host, release: Release, nodes: readonly GraphNode[]): Own {
  const own: Own = { packages: new Map(), repositories: new Map() };
  // Only hosts that go by a bundle want it, and the graph is made without one.
  if (runtime.type === 'cri-o') own.packages.set(IMAGE_COPIER.name, IMAGE_COPIER);
  for (const { runsOn, resource } of nodes) {
    if (runsOn !== name || resource.supplies === undefined) continue;
    const { packages = [], repository } = resource.supplies;
    for (const one of packages.flatMap((supply) => namedBy(release, supply))) {
      const known = own.packages.get(one.name);
      // The same package may be wanted at a version by one resource and at any by another.
      if (known === undefined || known.version === null) own.packages.set(one.name, one);
    }
    if (repository !== undefined) own.repositories.set(repository.name, repository.source);
  }
  return own;
}

function namedBy({ family, id }: Release, supply: PackageSupply): readonly PackageQuestion[] {
  const { software, isPackageName, nodePackages, holding } = family;
  const { version } = supply;
  if ('beside' in supply) {
    const nodes = nodePackages?.isFor({ id }) === true ? nodePackages.names : [];
    return (supply.beside === 'nodes' ? nodes : (holding?.({ id }) ?? [])).map((name) => ({ name, version }));
  }
  if ('name' in supply) return isPackageName(supply.name) ? [{ name: supply.name, version }] : [];
  const names = software[supply.software as keyof typeof software];
  return names.map((name) => ({ name, version }));
}

const unsaid = ({ name }: Host): SlipwayError =>
  new SlipwayError(`a bundle has packages for what its hosts run, and nobody says what ${name} runs`, {
    code: 'release-unknown',
    exitCode: EXIT.usage,
    hint: 'say it in the inventory, under defaults or at the host (os: debian 12), or for all of them: --release "debian 12"',
  });

const unsupported = (release: string): SlipwayError =>
  new SlipwayError(`a bundle has packages for releases that are supported, and ${release} is none`, {
    code: 'release-unknown',
    exitCode: EXIT.usage,
    hint: `use one of ${supportedReleases().join(', ')}`,
  });
