import { blobsOf, type BundleIndex, compare } from '#core/bundle.ts';

/** A thing that two bundles do not both have in the same way. */
export interface BundleDifference {
  readonly kind: 'file' | 'image' | 'package';
  readonly name: string;
  /** Its digest, or its version; null where the bundle does not have it. */
  readonly from: string | null;
  readonly to: string | null;
}

export interface BundleDiff {
  readonly differences: readonly BundleDifference[];
  /** What the second one has and the first one has not: what would have to be carried over. */
  readonly freshBytes: number;
}

/** What is in one bundle and not in the other, or is another there. */
export function diffBundles(from: BundleIndex, to: BundleIndex): BundleDiff {
  const old = new Set(blobsOf(from).map(({ sha256 }) => sha256));
  const fresh = new Map(
    blobsOf(to).flatMap(({ sha256, sizeBytes }) => (old.has(sha256) ? [] : [[sha256, sizeBytes]])),
  );
  return {
    differences: [
      ...compared('file', filesOf(from), filesOf(to)),
      ...compared('image', imagesOf(from), imagesOf(to)),
      ...compared('package', packagesOf(from), packagesOf(to)),
    ],
    freshBytes: [...fresh.values()].reduce((sum, size) => sum + size, 0),
  };
}

type Things = ReadonlyMap<string, { readonly shown: string; readonly sha256: string }>;

function compared(kind: BundleDifference['kind'], from: Things, to: Things): readonly BundleDifference[] {
  const names = [...new Set([...from.keys(), ...to.keys()])].toSorted(compare);
  return names.flatMap((name) => {
    const [left, right] = [from.get(name), to.get(name)];
    if (left?.sha256 === right?.sha256) return [];
    const isSameVersion = left !== undefined && left.shown === right?.shown;
    const shown = (one: typeof left): string | null => {
      if (one === undefined) return null;
      return isSameVersion ? `${one.shown} (${one.sha256.slice(0, 12)})` : one.shown;
    };
    return [{ kind, name, from: shown(left), to: shown(right) }];
  });
}

const digestShown = (sha256: string): string => `sha256:${sha256.slice(0, 12)}`;

const filesOf = ({ files }: BundleIndex): Things =>
  new Map(files.map(({ location, sha256 }) => [location, { shown: digestShown(sha256), sha256 }]));

const imagesOf = ({ images }: BundleIndex): Things =>
  new Map(images.map(({ name, root: { sha256 } }) => [name, { shown: digestShown(sha256), sha256 }]));

const packagesOf = ({ repositories }: BundleIndex): Things =>
  new Map(
    repositories.flatMap(({ release, architecture, packages }) =>
      packages.map(({ name, version, sha256 }) => [
        `${name} (${release}, ${architecture})`,
        { shown: version, sha256 },
      ]),
    ),
  );
