import type { Content } from './secret.ts';
import { lines, quote, type Script } from './shell.ts';

interface StepBase {
  /** What the step does, as an operator would say it: "write /etc/fstab". */
  readonly summary: string;
  /** How long it may take; the default is 60 000 ms. */
  readonly timeoutMs?: number;
  /** Tries again after a fault that is known to pass; the first that fits it says how often. */
  readonly retry?: Retry | readonly Retry[];
  /** It only keeps slipway's own records on the host: no forecast has to say so. */
  readonly isRecord?: true;
  /** Of a forecast alone: it is left out unless this turns out to be so; "the package brings one". */
  readonly onlyIf?: string;
}

/** When a failed step is worth another try. */
export interface Retry {
  /** A regular expression over the step's output that names a passing fault. */
  readonly when: string;
  /** Tries in all, the first one included. */
  readonly attempts: number;
  /** The first pause; each further one is twice as long. */
  readonly pauseMs: number;
}

/** Writes a whole file: to a temporary name with the right mode and owner, then renamed. */
export interface WriteStep extends StepBase {
  readonly do: 'write';
  readonly path: string;
  readonly content: Content;
  /** Present where a character of the content is one byte, as in the file that was there. */
  readonly encoding?: TextEncoding;
  /** Permission bits, as in 0o644. */
  readonly mode: number;
  /** `user:group`. */
  readonly owner: string;
}

/** Runs a shell program; it fails on the first command that fails (`set -e`). */
export interface RunStep extends StepBase {
  readonly do: 'run';
  readonly script: Script;
  /** It runs on the controller, as the user who runs slipway; absent: on the host, as root. */
  readonly on?: 'controller';
  /** What the program reads; for what is long or secret. */
  readonly stdin?: Content;
  /**
   * Lists of words that the script reads, as shell variables. Steps of one host with the same script are done by one run of
   * it, where they come together: their lists are put one behind the other.
   */
  readonly lists?: Readonly<Record<string, string>>;
  /** In place of `stdin`: a file that the controller fetches, checks and streams, in base64. */
  readonly file?: FileRef;
  /** In place of `stdin`: pieces of a bundle and texts, which the program reads as a tar. The step is sent by itself. */
  readonly pieces?: readonly Piece[];
}

/** A file of a tar that a program reads: a text, or a piece of the bundle by its digest. */
export type Piece = { readonly path: string } & (
  | { readonly text: string }
  | { readonly sha256: string; readonly sizeBytes: number }
);

/** Of text that is not UTF-8: each byte is one character, so that what nobody changes stays as it is. */
export type TextEncoding = 'latin1';

/** A file by what pins it. */
export interface FileRef {
  /** An http(s) URL. */
  readonly url: string;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

/**
 * Runs a program detached from the connection, as a transient systemd unit of this name, and follows it.
 * Should the unit be running already, it is followed instead of started again.
 */
export interface DetachedStep extends StepBase {
  readonly do: 'detached';
  readonly unit: string;
  readonly argv: readonly string[];
  /** It was seen running: should it have ended since, how it ended is told, and it is not started again. */
  readonly isUnderWay?: boolean;
  /** Files the program reads, below `/run/slipway`, mode 0600; removed when it has ended. */
  readonly files: Readonly<Record<string, Content>>;
}

/** A program and nothing else. */
export const run = (summary: string, script: Script): RunStep => ({ do: 'run', summary, script });

/** One thing to do on a host. A value: it can be shown, stored and compared. */
export type Step = WriteStep | RunStep | DetachedStep;

export const DEFAULT_STEP_TIMEOUT_MS = 60_000;

/** The script of a step with the lists that it reads. */
export const scriptOf = ({ script, lists = {} }: RunStep): Script =>
  lines(...Object.entries(lists).map(([name, words]) => `${name}=${quote(words)}` as Script), script);
