import fc from 'fast-check';

/** Half a character of UTF-16, which no text has alone. */
const isSurrogate = (point: number): boolean => point >= 0xd8_00 && point <= 0xdf_ff;

const character = fc.oneof(
  fc.integer({ min: 0, max: 0x7f }),
  fc.integer({ min: 0, max: 0x10_ff_ff }).filter((point) => !isSurrogate(point)),
);

/** Text of any characters, many of them of ASCII. To make them, fast-check's own unit `binary` reads tables for seconds. */
export const anyText = (length: fc.ArrayConstraints = {}): fc.Arbitrary<string> =>
  fc.array(character, length).map((points) => String.fromCodePoint(...points));
