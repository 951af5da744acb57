import { BUNDLE_FORMAT } from '#core/bundle.ts';

/** What is wrong with an index that was read; undefined where it has the shape of one. */
export function bundleIndexFault(said: unknown): string | undefined {
  if (!isMap(said)) return 'is no JSON object';
  if (typeof said['format'] !== 'string') return 'says no format';
  // Of another form nobody knows what belongs into it.
  if (said['format'] !== BUNDLE_FORMAT) return `is of the form ${said['format']}, wanted ${BUNDLE_FORMAT}`;
  const { kubernetes, architectures, files, images, repositories } = said;
  if (!isMap(kubernetes) || !areTexts(kubernetes, ['version', 'imageRepository']))
    return 'says no kubernetes';
  if (!isListOf(architectures, (one) => typeof one === 'string')) return 'says no architectures';
  if (!isListOf(files, (one) => isBlob(one) && areTexts(one, ['location', 'pin']))) return 'has a wrong file';
  if (!isListOf(images, isImage)) return 'has a wrong image';
  if (!isListOf(repositories, isRepository)) return 'has a wrong repository';
  return undefined;
}

type Loose = Readonly<Record<string, unknown>>;

const isMap = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isListOf = (value: unknown, isOne: (one: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(isOne);

const areTexts = (value: Loose, names: readonly string[]): boolean =>
  names.every((name) => typeof value[name] === 'string');

const isBlob = (value: unknown): value is Loose =>
  isMap(value) &&
  typeof value['sha256'] === 'string' &&
  /^[0-9a-f]{64}$/.test(value['sha256']) &&
  Number.isSafeInteger(value['sizeBytes']);

const isImage = (value: unknown): boolean =>
  isMap(value) &&
  areTexts(value, ['name', 'mediaType', 'on']) &&
  isBlob(value['root']) &&
  isListOf(value['blobs'], isBlob) &&
  isListOf(value['platforms'], isPlatform);

const isPlatform = (value: unknown): boolean =>
  isMap(value) &&
  areTexts(value, ['architecture', 'manifest', 'config']) &&
  ['layers', 'diffIds'].every((name) => isListOf(value[name], (one) => typeof one === 'string'));

/** The name of a file is used in paths on hosts. */
const isPackage = (value: unknown): boolean =>
  isBlob(value) &&
  areTexts(value, ['name', 'version', 'file', 'control']) &&
  /^[A-Za-z0-9][A-Za-z0-9+._~^%-]*$/.test(String(value['file']));

const isRepository = (value: unknown): boolean =>
  isMap(value) &&
  areTexts(value, ['release', 'architecture']) &&
  isListOf(value['wanted'], (one) => typeof one === 'string') &&
  isListOf(value['packages'], isPackage);
