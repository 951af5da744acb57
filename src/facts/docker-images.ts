import { type Fact, type Family, fact } from '#core/fact.ts';
import { sh } from '#core/shell.ts';

/** Images that Docker keeps. */
export type DockerImagesAnswer =
  | { readonly state: 'silent' }
  /** Its daemon is there, and the program by which it takes images is not: Debian 13 has it in a package of its own. */
  | { readonly state: 'without-program' }
  | {
      readonly state: 'ready';
      /** Of those that were asked about. */
      readonly images: {
        readonly [name: string]: { readonly id: string; readonly layers: readonly string[] };
      };
    };

/** What Docker has under these names. */
export const dockerImages = (names: readonly string[]): Fact<DockerImagesAnswer> => fact(family, [...names]);

/** Of fields as they stand in its JSON, of which no function but `json` knows lists. */
const FORMAT = '{{.Id}} {{json .RootFS.Layers}}';

const family: Family<string[], DockerImagesAnswer> = {
  name: 'docker-images',
  patienceMs: 30_000,
  script: (questions) =>
    sh`[ -S /run/docker.sock ] || exit 0
command -v docker >/dev/null || { echo without-program; exit 0; }
timeout 10 docker version --format '{{.Server.Version}}' >/dev/null 2>&1 || exit 0
echo ready
for name in ${[...new Set(questions.flat())]}; do
  found=$(timeout 10 docker image inspect --format ${FORMAT} "$name" 2>/dev/null) && echo "image $name $found"
done
:`,
  parse: (output, questions) => {
    const rows = output.split('\n');
    const images = new Map(
      rows.flatMap((row) => {
        const [, name = '', id = '', layers = ''] =
          /^image (\S+) (sha256:[0-9a-f]{64}) ?(\S*)$/.exec(row) ?? [];
        return name === ''
          ? []
          : [[name, { id, layers: layers.match(/sha256:[0-9a-f]{64}/g) ?? [] }] as const];
      }),
    );
    return questions.map((names): DockerImagesAnswer => {
      if (rows.includes('without-program')) return { state: 'without-program' };
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
