/**
 * dpkg's order of versions: epoch, upstream version and revision, each in turn.
 *
 * @returns a negative number where the first version is the older one, 0 where neither is.
 * @see https://www.debian.org/doc/debian-policy/ch-controlfields.html#version (4.7)
 */
export function compareDebVersions(left: string, right: string): number {
  const [fields, others] = [fieldsOf(left), fieldsOf(right)];
  return fields.map((field, index) => compareFields(field, others[index] ?? '')).find(Boolean) ?? 0;
}

const fieldsOf = (version: string): readonly string[] =>
  (/^(?:(\d+):)?(.*?)(?:-([^-]*))?$/.exec(version) ?? []).slice(1).map((field?: string) => field ?? '');

const PARTS = /^(\D*)(\d*)(.*)$/;

/** Compares text, then a number, then text again, and so on; what one side lacks counts as empty text or as 0. */
function compareFields(left: string, right: string): number {
  if (left === right) return 0;
  const [, text = '', digits = '', rest = ''] = PARTS.exec(left) ?? [];
  const [, otherText = '', otherDigits = '', otherRest = ''] = PARTS.exec(right) ?? [];
  return (
    compareTexts(text, otherText) ||
    Number(BigInt(digits) - BigInt(otherDigits)) ||
    compareFields(rest, otherRest)
  );
}

const compareTexts = (left: string, right: string): number =>
  left === right ? 0 : weight(left[0]) - weight(right[0]) || compareTexts(left.slice(1), right.slice(1));

/** A tilde sorts before the end of the text, the end before letters, and letters before all else. */
function weight(character: string | undefined): number {
  if (character === undefined) return 0;
  if (character === '~') return -1;
  return character.charCodeAt(0) + (/[A-Za-z]/.test(character) ? 0 : 256);
}
