/**
 * rpm's order of versions: epoch, version and release, each in turn. Where one of both has no release, none is compared.
 *
 * @returns a negative number where the first version is the older one, 0 where neither is.
 * @see https://github.com/rpm-software-management/rpm/blob/rpm-4.20.1-release/rpmio/rpmver.c (rpmverCmp)
 */
export function compareRpmVersions(left: string, right: string): number {
  const [one, other] = [fieldsOf(left), fieldsOf(right)];
  const releases = [one.release, other.release];
  return (
    compareSegments(one.epoch, other.epoch) ||
    compareSegments(one.version, other.version) ||
    (releases.includes('') ? 0 : compareSegments(one.release, other.release))
  );
}

function fieldsOf(text: string): {
  readonly epoch: string;
  readonly version: string;
  readonly release: string;
} {
  const [, epoch = '0', version = '', release = ''] = /^(?:(\d+):)?([^-]*)(?:-(.*))?$/.exec(text) ?? [];
  return { epoch, version, release };
}

/**
 * A segment is digits, letters, a tilde or a caret; all else only stands between segments.
 *
 * @see https://github.com/rpm-software-management/rpm/blob/rpm-4.20.1-release/rpmio/rpmvercmp.c
 */
const segmentsOf = (text: string): readonly string[] => text.match(/[0-9]+|[A-Za-z]+|~|\^/g) ?? [];

function compareSegments(left: string, right: string): number {
  const [one, other] = [segmentsOf(left), segmentsOf(right)];
  for (let index = 0; index < Math.max(one.length, other.length); index += 1) {
    const order = compareSegment(one[index], other[index]);
    if (order !== 0) return order;
  }
  return 0;
}

function compareSegment(left: string | undefined, right: string | undefined): number {
  const kinds = rank(left) - rank(right);
  if (kinds !== 0 || left === undefined || right === undefined) return kinds;
  if (/^\d/.test(left)) return Number(BigInt(left) - BigInt(right));
  return left === right ? 0 : left < right ? -1 : 1;
}

/** A tilde sorts before the end, the end before a caret, that before letters, and letters before digits. */
function rank(segment: string | undefined): number {
  if (segment === undefined) return 1;
  if (segment === '~') return 0;
  if (segment === '^') return 2;
  return /^\d/.test(segment) ? 4 : 3;
}
