import { EXIT } from '#core/exit-code.ts';
import { SlipwayError } from '#core/slipway-error.ts';

/** A finding as a list to spread, where there is a fault. */
export const findIf = (fault: string | undefined, path: Path, got?: string): readonly Finding[] =>
  fault === undefined ? [] : [{ path, message: fault, ...(got !== undefined && { got: quoteValue(got) }) }];

/** A key that says nothing beside what else is written. */
export const meaningless = (path: Path, why: string): Finding => ({
  path,
  isKey: true,
  message: `"${path.at(-1)}" has no meaning ${why}`,
});

/** Keeps the first finding of each path: hosts of a range mostly share a fault, which is reported once. */
export function isFirstAtPath(): (finding: Finding) => boolean {
  const seen = new Set<string>();
  return ({ path }) => {
    const key = path.join('/');
    return !seen.has(key) && seen.add(key) !== undefined;
  };
}

/** Where something stands in the document: keys of maps and indices of lists, from the top. */
export type Path = readonly (string | number)[];

/** Something wrong with a value of the document, before it is known where the value stands in the file. */
export interface Finding {
  readonly path: Path;
  /** The key itself is to blame, and not its value. */
  readonly isKey?: boolean;
  /** What is wrong, without a full stop. */
  readonly message: string;
  /** What would be right; for programs, the message says it in words. */
  readonly wanted?: string;
  /** What was found, quoted; never a secret. */
  readonly got?: string;
  /** What was probably meant. */
  readonly suggestion?: string;
}

/** A finding with its place in the file. */
export interface Problem extends Omit<Finding, 'path' | 'isKey'> {
  /** The file, as it was named. */
  readonly path: string;
  /** Starts at 1. */
  readonly line: number;
  /** Starts at 1. */
  readonly column: number;
  /** `hosts[2].labels`; empty for the document as a whole. */
  readonly pointer: string;
}

/** Lines that a message has; somebody who sees more of them does not read on. */
const MAX_LINES = 500;

/** The inventory is wrong; its message lists what is, a line each, file by file, in the order of their lines. */
export class InventoryError extends SlipwayError {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const files = [...new Set(problems.map(({ path }) => path))].toSorted();
    const fileOf = ({ path }: Problem): number => files.indexOf(path);
    const sorted = problems.toSorted(
      (left, right) => fileOf(left) - fileOf(right) || left.line - right.line || left.column - right.column,
    );
    const more = sorted.length - MAX_LINES;
    const lines = sorted.slice(0, MAX_LINES).map(formatProblem);
    super([...lines, ...(more > 0 ? [`and ${more} more`] : [])].join('\n'), {
      code: 'inventory-invalid',
      exitCode: EXIT.usage,
    });
    this.name = 'InventoryError';
    this.problems = sorted;
  }
}

/** `inventory.yaml:12:5: hosts[2].port: must be an integer from 1 to 65535 (got "22x")`. */
export function formatProblem(problem: Problem): string {
  const { path, line, column, pointer, message, wanted, got, suggestion } = problem;
  const isWantedSaid = wanted === undefined || message.includes(wanted);
  const details = [
    ...(isWantedSaid ? [] : [`wanted ${wanted}`]),
    ...(got === undefined ? [] : [`got ${got}`]),
  ];
  const said = [
    pointer === '' ? '' : `${pointer}: `,
    message,
    details.length === 0 ? '' : ` (${details.join(', ')})`,
    suggestion === undefined ? '' : `, did you mean ${JSON.stringify(suggestion)}?`,
  ].join('');
  return `${path}:${line}:${column}: ${onOneLine(said)}`;
}

/** Characters that a line says; keys and values may have millions. */
const MAX_SAID = 2000;

/**
 * A message repeats what stands in the file: nothing in it breaks its line, steers a terminal, or turns round the order in
 * which it is read.
 */
const onOneLine = (text: string): string =>
  (text.length > MAX_SAID ? `${text.slice(0, MAX_SAID - 3)}...` : text).replaceAll(
    /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** The fields that hold secrets. */
export const SECRET_FIELDS = ['password', 'passphrase', 'becomePassword'] as const;

/** What stands there is never repeated in a message. */
export const isSecretPath = (path: Path): boolean =>
  path.some((part) => part === 'secret' || (SECRET_FIELDS as readonly unknown[]).includes(part));

/** `hosts[2].labels`, and `labels["a.b/c"]` where a key is not a plain word. */
export function formatPath(path: Path): string {
  return path
    .map((part, index) => {
      if (typeof part === 'number') return `[${part}]`;
      if (!/^[\w-]+$/.test(part)) return `[${JSON.stringify(part)}]`;
      return index === 0 ? part : `.${part}`;
    })
    .join('');
}

/** A value as it is shown in a message: one line, and not too long. */
export function quoteValue(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'a map';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}..."` : text;
}
