/**
 * Shell text that is safe by construction: what is interpolated is quoted, what is not was written here.
 *
 * The brand keeps a plain string from being taken for a program.
 */
export type Script = string & { readonly __script: unique symbol };

/** One word for a POSIX shell, whatever is in it. */
export function quote(word: string): string {
  if (word.includes('\0')) throw new TypeError('a shell word cannot hold a NUL byte');
  return word !== '' && !NEEDS_QUOTES.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/**
 * A character that a shell may read as more than itself. Within a word, as in a version of Debian's, a tilde
 * stands for itself. (It looks for one, as an expression that repeats over a whole word of some MB runs out of
 * stack.)
 */
const NEEDS_QUOTES = /[^A-Za-z0-9_@%+=:,./~-]|(?<![A-Za-z0-9.+-])~/;

/** Words as one simple command. */
export const command = (...argv: readonly string[]): Script => argv.map(quote).join(' ') as Script;

/**
 * A shell program as a template: strings and numbers become one quoted word each, arrays several, and a
 * `Script` made by this module stands as it is.
 *
 * @example sh`grep -Hs '' ${paths}`
 */
export function sh(strings: TemplateStringsArray, ...values: readonly ShellValue[]): Script {
  return String.raw({ raw: strings.raw }, ...values.map(render)) as Script;
}

export type ShellValue = string | number | readonly string[] | { readonly script: Script };

/** Marks a script for `sh` to place unquoted. */
export const embed = (script: Script): { readonly script: Script } => ({ script });

export const lines = (...scripts: readonly Script[]): Script => scripts.join('\n') as Script;

function render(value: ShellValue): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number') return String(value);
  if ('script' in value) return value.script;
  return value.map(quote).join(' ');
}
