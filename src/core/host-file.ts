import type { Secret } from './secret.ts';

/** A file that the inventory puts on a host. */
export interface HostFile {
  /** Absolute. */
  readonly path: string;
  readonly source: HostFileSource;
  /** Permission bits. */
  readonly mode: number;
  /** `user:group`. */
  readonly owner: string;
}

/** The name of a secret tells those of the inventory apart. */
export type HostFileSource =
  | { readonly text: string }
  | { readonly localFile: string }
  | { readonly secret: string; readonly value: Secret };
