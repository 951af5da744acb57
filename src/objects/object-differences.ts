import type { Difference } from '#core/resource.ts';

/**
 * What `kubectl diff` prints, as one difference for each object that changes, with the lines around the change as they
 * are and as they will be. All new objects are one difference, which begins with their names.
 */
export function objectDifferences(diff: string): readonly Difference[] {
  const sections = diff.split(/^diff -u .*\n/m).slice(1);
  const objects = sections.map(readSection);
  const added = objects.filter(({ isNew }) => isNew);
  const changed = objects.filter(({ isNew }) => !isNew);
  return [
    ...changed.map(({ name, from, to }) => ({ what: name, from, to })),
    ...(added.length === 0
      ? []
      : [
          {
            what: 'new objects',
            from: null,
            to: [...added.map(({ name }) => `${name}\n`), ...added.map(({ to }) => `---\n${to}`)].join(''),
          },
        ]),
  ];
}

interface ObjectDifference {
  readonly name: string;
  readonly isNew: boolean;
  readonly from: string;
  readonly to: string;
}

/** The API server counts the changes of an object there; that count is not a difference. */
const COUNTED = /^[-+] {2}generation: \d+$/;

function readSection(text: string): ObjectDifference {
  const [head = '', ...hunks] = text.split(/^@@ .*\n/m);
  const file = /^\+\+\+ MERGED\/(.*)$/m.exec(head)?.[1] ?? '';
  const lines = hunks.map((hunk) =>
    hunk.split('\n').filter((line) => /^[-+ ]/.test(line) && !COUNTED.test(line)),
  );
  const side = (other: string): string =>
    lines
      .map((hunk) =>
        hunk
          .filter((line) => !line.startsWith(other))
          .map((line) => `${line.slice(1)}\n`)
          .join(''),
      )
      .join('...\n');
  return { name: objectName(file), isNew: /^@@ -0,0 /m.test(text), from: side('+'), to: side('-') };
}

/**
 * `Deployment kube-system/metrics-server`, of kubectl's name of a file: `apps.v1.Deployment.kube-system.metrics-server`,
 * with nothing between two dots where there is no namespace.
 *
 * @see https://github.com/kubernetes/kubectl/blob/v0.34.0/pkg/cmd/diff/diff.go (InfoObject.Name)
 */
function objectName(file: string): string {
  const [, kind = '', namespace = '', name = ''] =
    /^(?:.*?\.)?v\d+(?:(?:alpha|beta)\d+)?\.([A-Z][A-Za-z0-9]*)\.([^.]*)\.(.+)$/.exec(file) ?? [];
  if (kind === '') return file;
  return `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`;
}
