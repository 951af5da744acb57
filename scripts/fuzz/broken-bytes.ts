import type { Random } from './random.ts';

/** What happens to the text of a file as a whole; most often nothing. */
export function brokenBytes(text: string, random: Random): Buffer {
  let broken = text;
  for (let more = random.below(3); more > 0; more -= 1) broken = random.pick(TEXT_FAULTS)(broken, random);
  const encoded = random.oneIn(4) ? random.pick(ENCODINGS)(broken) : Buffer.from(broken);
  return random.oneIn(10) ? random.pick(BYTE_FAULTS)(encoded, random) : encoded;
}

type TextFault = (text: string, random: Random) => string;

const at = (text: string, random: Random): number => random.below(text.length + 1);

const onLine =
  (change: (line: string, random: Random) => string): TextFault =>
  (text, random) => {
    const lines = text.split('\n');
    const index = random.below(lines.length);
    return lines.with(index, change(lines[index] ?? '', random)).join('\n');
  };

const INSERTS = [
  ':',
  ' ',
  '\t',
  '"',
  "'",
  '[',
  '{',
  ']',
  '}',
  '#',
  '&a ',
  '*a',
  '!!x ',
  '|',
  '>',
  '\\',
  '=',
  ',',
  '\u00a0',
];

const TEXT_FAULTS: readonly TextFault[] = [
  (text) => text,
  (text) => text.replaceAll('\n', '\r\n'),
  (text) => text.replaceAll('\n', '\r'),
  (text) => text.trimEnd(),
  (text) => `${text}\n\n\n`,
  (text) => `\ufeff${text}`,
  (text) => text.replaceAll('  ', '\t'),
  (text) => `# \u00fc\u00df ${text}`,
  (text, random) => text.slice(0, at(text, random)),
  (text, random) => text.slice(at(text, random)),
  (text, random) => {
    const place = at(text, random);
    return text.slice(0, place) + random.pick(INSERTS) + text.slice(place);
  },
  (text, random) => {
    const place = at(text, random);
    return text.slice(0, place) + text.slice(place + 1 + random.below(3));
  },
  onLine((line) => `${line}\n${line}`),
  onLine(() => ''),
  onLine((line) => ` ${line}`),
  onLine((line) => line.trimStart()),
  onLine((line) => `#${line}`),
  onLine((line) => `${line} # \u00fcbrig`),
  onLine((line, random) => line.replace(':', random.pick(['', ' :', '::', ':\t']))),
  onLine((line) => line.replace(': ', ': &one ')),
  onLine((line) => line.replace(/: .*/, ': *one')),
  onLine((line) => `${/^\s*/.exec(line)?.[0] ?? ''}<<: *one\n${line}`),
  (text, random) =>
    `${text}${random.pick(['#', '-', ' ', 'x', '"', '=', '['])}`.padEnd(
      text.length + 100_000,
      random.pick(['#', '-', ' ', '\t', 'x', '--a', '=', '[']),
    ),
  (text) => `${text}---\n${text}`,
];

const ENCODINGS: readonly ((text: string) => Buffer)[] = [
  (text) => Buffer.from(text, 'latin1'),
  (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
  (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
  (text) => Buffer.from(text, 'utf16le'),
  (text) => Buffer.from(`${text}\u00fc`, 'latin1'),
];

const BYTE_FAULTS: readonly ((bytes: Buffer, random: Random) => Buffer)[] = [
  (bytes, random) => {
    const changed = Buffer.from(bytes);
    if (changed.length > 0) changed[random.below(changed.length)] = random.below(256);
    return changed;
  },
  (bytes, random) => {
    const place = random.below(bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, place), Buffer.from([0]), bytes.subarray(place)]);
  },
  () => Buffer.alloc(0),
  (bytes, random) => Buffer.from(Array.from({ length: bytes.length % 500 }, () => random.below(256))),
  (bytes) => Buffer.concat([bytes, Buffer.alloc(5 * 1024 * 1024, 0x23)]),
];
