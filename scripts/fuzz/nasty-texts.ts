import type { Random } from './random.ts';

/** A directory that stays empty unless a shell runs what was meant as a value. */
export const CANARIES = '/canary';

const touch = (name: string): string => `touch ${CANARIES}/${name}`;

/** Values that a shell would run, a program would take for an option, or a file's format for its own marks. */
export const CANARY_TEXTS: readonly string[] = [
  `$(${touch('dollar')})`,
  `\`${touch('backtick')}\``,
  `'; ${touch('quote')}; '`,
  `"; ${touch('double')}; "`,
  `'"$(${touch('both')})"'`,
  `; ${touch('semicolon')} #`,
  `| ${touch('pipe')}`,
  `&& ${touch('and')}`,
  `x\n${touch('newline')}\n`,
  `x\r\n${touch('crlf')}\r\n`,
  `\${IFS}$(${touch('ifs')})`,
  `\\'$(${touch('escaped')})\\`,
  `>${CANARIES}/redirected`,
  `%s%n$(${touch('percent')})`,
  `-o${CANARIES}/option`,
  `--option=${CANARIES}/long`,
  `s/x/y/e;w ${CANARIES}/sed`,
  `\u001b]0;${touch('terminal')}\u0007`,
];

const OTHER_TEXTS: readonly string[] = [
  '',
  ' ',
  '\t',
  '\0',
  'a\0b',
  'a\nb',
  '\r',
  '\u007f',
  '\u0085',
  '\u2028',
  '\u202e',
  '\ufeff',
  '\ud800',
  'ünïcödé',
  '节点-1',
  '👩‍💻',
  'e\u0301',
  'a b',
  ' a',
  'a ',
  '~',
  '~/x',
  '../../../etc/passwd',
  '/',
  '//',
  '/dev/null',
  '/proc/self/mem',
  '.',
  '..',
  '-',
  '--',
  '*',
  '?',
  '[a-z]',
  '{a,b}',
  '!x',
  '#x',
  '@x',
  '%x',
  'true',
  'null',
  'on',
  '0x10',
  '010',
  '1_000',
  '1e3',
  '.inf',
  'NaN',
  '<<',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '${HOME}',
  '${NOT_SET}',
  '${}',
  '${',
  '$$',
  '{{ x }}',
  '!value x',
  '1.34.99999999999999999999',
  '999.999.999.999',
  '0.0.0.0/0',
  '::/0',
  'fe80::1%eth0',
  'http://',
  'https://[::1',
  'https://user:pass@host/',
  'file:///etc/passwd',
  'http://a b',
  'https://x/%zz',
  'javascript:0',
  'w[1:99999999]',
  'w[9:1]',
  'w[a:b]',
  'w[]',
  '(cluster)',
  'a'.repeat(300),
];

const NUMBERS: readonly number[] = [
  0,
  -0,
  -1,
  1,
  0.5,
  65_535,
  65_536,
  2 ** 31,
  2 ** 53,
  1e300,
  Infinity,
  -Infinity,
  NaN,
];

/** Long enough that what takes the square of the time is seen. */
const LONG = 200_000;

export function nastyText(random: Random): string {
  if (random.oneIn(3)) return random.pick(CANARY_TEXTS);
  if (random.oneIn(60))
    return random.pick(['a', '-', ' ', '.', '[', 'a:', '${', '\n', '"', '1', '/']).repeat(LONG);
  return random.pick(OTHER_TEXTS);
}

/** A value of any type. */
export function nastyValue(random: Random, depth = 0): unknown {
  switch (random.below(depth > 2 ? 4 : 7)) {
    case 0:
      return null;
    case 1:
      return random.pick([true, false]);
    case 2:
      return random.pick(NUMBERS);
    case 3:
    case 4:
      return nastyText(random);
    case 5:
      return Array.from({ length: random.below(4) }, () => nastyValue(random, depth + 1));
    default:
      return Object.fromEntries(
        Array.from({ length: random.below(4) }, () => [nastyText(random), nastyValue(random, depth + 1)]),
      );
  }
}

/** Something of a canary's put into a text that is good otherwise. */
export function spliced(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  const insert = random.oneIn(4) ? nastyText(random) : random.pick(CANARY_TEXTS);
  return text.slice(0, at) + insert + text.slice(at);
}
