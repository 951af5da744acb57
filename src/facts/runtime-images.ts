import { type Fact, type Family, fact } from '#core/fact.ts';
import { embed, type Script, sh } from '#core/shell.ts';

import { PROGRAMS } from './queues.ts';

/** Images that containerd keeps for the kubelet. */
export type ImagesAnswer =
  | { readonly state: 'silent' }
  | {
      readonly state: 'ready';
      readonly images: { readonly [name: string]: { readonly digest: string; readonly isPinned: boolean } };
      /** Digests of pieces that were asked about and are there. */
      readonly blobs: readonly string[];
    };

/** The label by which containerd keeps an image from the kubelet's clearing away. @see https://github.com/containerd/containerd/blob/v1.7.28/pkg/cri/labels/labels.go */
export const PINNED = 'io.cri-containerd.pinned';

export type ImagesQuestion = { readonly names: string[]; readonly blobs: string[] };

/** Which images are there, under which digests, and which pieces of them. */
export const containerdImages = (question: ImagesQuestion): Fact<ImagesAnswer> => fact(family, question);

const family: Family<ImagesQuestion, ImagesAnswer> = {
  name: 'containerd-images',
  patienceMs: 20_000,
  queue: PROGRAMS,
  script: () =>
    sh`command -v ctr >/dev/null || exit 0
images=$(timeout 10 ctr -n k8s.io images ls 2>/dev/null) || exit 0
echo ready
printf '%s\n' "$images" | awk 'NR > 1 { print "image", $1, $3, (index($0, "${embed(PINNED as Script)}=pinned") > 0) }'
timeout 10 ctr -n k8s.io content ls -q 2>/dev/null | sed 's/^sha256:/blob /'
:`,
  parse: (output, questions) => {
    const rows = output.split('\n');
    const images = new Map(
      rows.flatMap((row) => {
        const [, name = '', digest = '', pinned] =
          /^image (\S+) (sha256:[0-9a-f]{64}) ([01])$/.exec(row) ?? [];
        return name === '' ? [] : [[name, { digest, isPinned: pinned === '1' }] as const];
      }),
    );
    const blobs = new Set(rows.flatMap((row) => /^blob ([0-9a-f]{64})$/.exec(row)?.[1] ?? []));
    return questions.map((asked): ImagesAnswer => {
      if (!rows.includes('ready')) return { state: 'silent' };
      const known = asked.names.flatMap((name) => {
        const found = images.get(name);
        return found === undefined ? [] : [[name, found] as const];
      });
      return {
        state: 'ready',
        images: Object.fromEntries(known),
        blobs: asked.blobs.filter((blob) => blobs.has(blob)),
      };
    });
  },
  bare: () => ({ state: 'silent' }),
};
