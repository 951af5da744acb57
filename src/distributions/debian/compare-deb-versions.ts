/**
 * dpkg's order of versions: epoch, upstream version and revision, each in turn.
 *
 * @returns a negative number where the first version is the older one, 0 where neither is.
 * @see https://www.debian.org/doc/debian-policy/ch-controlfields.html#version (4.7)
 */
export const compareDebVersions = (left: string, right: string): number => {
  const [one, other] = [split(left), split(right)];
  return (
    one.epoch - other.epoch ||
    compareParts(one.upstream, other.upstream) ||
    compareParts(one.revision, other.revision)
  );
};

interface DebVersion {
  readonly epoch: number;
  readonly upstream: string;
  readonly revision: string;
}

function split(version: string): DebVersion {
  const [, epoch = '0', upstream = '', revision = ''] = /^(?:(\d+):)?(.*?)(?:-([^-]*))?$/.exec(version) ?? [];
  return { epoch: Number(epoch), upstream, revision };
}

/** Compares text, then a number, then text again, and so on; what one side lacks counts as empty text or as 0. */
function compareParts(left: string, right: string): number {
  const [ones, others] = [left, right].map((text) => [...text.matchAll(/(\D*)(\d*)/g)]);
  for (let index = 0; index < Math.max(ones?.length ?? 0, others?.length ?? 0); index += 1) {
    const [, text = '', digits = ''] = ones?.[index] ?? [];
    const [, otherText = '', otherDigits = ''] = others?.[index] ?? [];
    const order = compareTexts(text, otherText) || Number(BigInt(digits) - BigInt(otherDigits));
    if (order !== 0) return order;
  }
  return 0;
}

function compareTexts(left: string, right: string): number {
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const order = weight(left[index]) - weight(right[index]);
    if (order !== 0) return order;
  }
  return 0;
}

/** A tilde sorts before the end of the text, the end before letters, and letters before all else. */
function weight(character: string | undefined): number {
  if (character === undefined) return 0;
  if (character === '~') return -1;
  const code = character.charCodeAt(0);
  return /[A-Za-z]/.test(character) ? code : code + 256;
}
