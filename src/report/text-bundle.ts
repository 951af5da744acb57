import type { BundleDiff } from '#bundle/diff-bundles.ts';
import type { BundleFault } from '#bundle/open-bundle.ts';
import { blobsOf, type BundleIndex } from '#core/bundle.ts';
import { painter } from '#report/text/paint.ts';

interface Look {
  readonly color: boolean;
}

/** What is in a bundle, for people. */
export function renderBundle(index: BundleIndex, { color }: Look): string {
  const paint = painter(color);
  const { kubernetes, architectures, files, images, repositories } = index;
  const heading = (text: string): string => paint('bold', text);
  return [
    `Kubernetes ${kubernetes.version} for ${architectures.join(', ')}, made by slipway ${index.slipway}; ${describeBundle(index)}`,
    '',
    heading('Images'),
    ...images.map(
      ({ name, root, on }) =>
        `  ${name} ${paint('dim', `sha256:${root.sha256.slice(0, 12)}${on === 'all' ? '' : ', control planes'}`)}`,
    ),
    '',
    heading('Files'),
    ...files.map(({ location, sha256 }) => `  ${location} ${paint('dim', `sha256:${sha256.slice(0, 12)}`)}`),
    ...repositories.flatMap(({ release, architecture, wanted, packages }) => [
      '',
      heading(`Packages for ${release}, ${architecture}: ${wanted.join(', ')}`),
      ...packages.map(({ name, version }) => `  ${name} ${paint('dim', version)}`),
    ]),
    '',
  ].join('\n');
}

/** `12 images, 5 files, 250 packages, 1.2 GiB`. */
export function describeBundle(index: BundleIndex): string {
  const { files, images, repositories } = index;
  const packages = new Set(repositories.flatMap((one) => one.packages.map(({ sha256 }) => sha256)));
  const size = blobsOf(index).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return `${images.length} images, ${files.length} files, ${packages.size} packages, ${sizeText(size)}`;
}

export const renderFaults = (path: string, faults: readonly BundleFault[]): string =>
  faults.length === 0
    ? `${path} is whole: every piece has the digest that its index says.\n`
    : `${faults.map(({ what, fault }) => `${what} ${fault}`).join('\n')}\n`;

/** What changes from one bundle to the next. */
export function renderBundleDiff({ differences, freshBytes }: BundleDiff, { color }: Look): string {
  const paint = painter(color);
  if (differences.length === 0) return 'Both have the same.\n';
  const rows = differences.map(({ kind, name, from, to }) => {
    if (from === null) return paint('green', `+ ${kind} ${name} ${to}`);
    if (to === null) return paint('red', `- ${kind} ${name} ${from}`);
    return paint('yellow', `~ ${kind} ${name} ${from} -> ${to}`);
  });
  return [
    ...rows,
    '',
    `${differences.length} differences; ${sizeText(freshBytes)} are in the second one alone.`,
    '',
  ].join('\n');
}

function sizeText(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB'];
  const step = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), units.length - 1);
  return `${(bytes / 1024 ** step).toFixed(step === 0 ? 0 : 1)} ${units[step]}`;
}
