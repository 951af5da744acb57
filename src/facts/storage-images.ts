import { type Fact, type Family, fact } from '#core/fact.ts';
import { sh } from '#core/shell.ts';

/** Images in the storage that CRI-O shares with skopeo and podman. */
export type StorageImagesAnswer =
  /** Without skopeo nobody can say. */
  | { readonly state: 'silent' }
  /** The digest of the manifest that is there, by name, of those that were asked about. */
  | { readonly state: 'ready'; readonly images: { readonly [name: string]: string } };

/** @see https://github.com/containers/skopeo/blob/v1.9.3/docs/skopeo-inspect.1.md (--raw) */
export const storageImages = (names: readonly string[]): Fact<StorageImagesAnswer> =>
  fact(family, [...names]);

const family: Family<string[], StorageImagesAnswer> = {
  name: 'storage-images',
  patienceMs: 30_000,
  script: (questions) =>
    sh`command -v skopeo >/dev/null || exit 0
echo ready
found=$(mktemp) || exit 1
for name in ${[...new Set(questions.flat())]}; do
  if timeout 10 skopeo inspect --raw containers-storage:"$name" >"$found" 2>/dev/null; then
    echo "image $name $(sha256sum <"$found")"
  fi
done
rm -f "$found"
:`,
  parse: (output, questions) => {
    const rows = output.split('\n');
    const images = new Map(
      rows.flatMap((row) => {
        const [, name = '', digest = ''] = /^image (\S+) ([0-9a-f]{64})/.exec(row) ?? [];
        return name === '' ? [] : [[name, digest] as const];
      }),
    );
    return questions.map((names): StorageImagesAnswer => {
      if (!rows.includes('ready')) return { state: 'silent' };
      const known = names.flatMap((name) => {
        const found = images.get(name);
        return found === undefined ? [] : [[name, found] as const];
      });
      return { state: 'ready', images: Object.fromEntries(known) };
    });
  },
  bare: () => ({ state: 'silent' }),
};
