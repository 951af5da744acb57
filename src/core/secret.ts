import { inspect } from 'node:util';

import type { Script } from './shell.ts';

const MASK = '(secret)';

/**
 * A value that must not be seen: it prints as a mask wherever it is printed by accident, and gives itself up
 * only to `reveal()`.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [inspect.custom](): string {
    return MASK;
  }
}

/** The place of a secret in a step: its name, never its value. It is filled in as the step is sent. */
export interface SecretRef {
  readonly secret: string;
}

/** Text that may have secrets in it. */
export type Content = string | readonly (string | SecretRef)[];

/** Where a secret that steps refer to comes from. */
export type SecretSource = MadeSecret | GivenSecret;

/** A secret that the inventory gives. */
export interface GivenSecret {
  readonly name: string;
  readonly value: Secret;
}

/** How a secret comes to be during a run, and how it is taken back when the run ends. */
export interface MadeSecret {
  readonly name: string;
  /** The host that makes it. */
  readonly host: string;
  readonly create: Script;
  /** Reads the secret from what `create` printed. */
  readonly read: (stdout: string) => string;
  /** Undoes `create`; absent when there is nothing to take back. */
  readonly revoke?: (value: string) => Script;
}

/**
 * Stands for a secret in text that a library writes. The library puts it into quotes, because in YAML no plain word
 * can begin with `@`.
 */
export const secretPlace = (name: string): string => `@secret:${encodeURIComponent(name)}@`;

/** The text with references to secrets in those places. */
export const withSecrets = (text: string): readonly (string | SecretRef)[] =>
  text
    .split(/@secret:([^@]+)@/)
    .map((part, index) => (index % 2 === 0 ? part : { secret: decodeURIComponent(part) }));

/** The text for people, each secret masked. */
export const maskedText = (content: Content): string =>
  typeof content === 'string'
    ? content
    : content.map((part) => (typeof part === 'string' ? part : MASK)).join('');

export const secretNames = (content: Content): readonly string[] =>
  typeof content === 'string'
    ? []
    : content.flatMap((part) => (typeof part === 'string' ? [] : [part.secret]));

/**
 * Takes secrets out of text that is about to be shown: the known values, and everything that has the form of
 * a kubeadm bootstrap token.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/bootstrap-tokens/#token-format (v1.34)
 */
export function mask(text: string, secrets: Iterable<Secret> = []): string {
  let masked = text;
  for (const secret of secrets) {
    const value = secret.reveal();
    if (value.length > 0) masked = masked.replaceAll(value, MASK);
  }
  return masked.replaceAll(/\b[a-z0-9]{6}\.[a-z0-9]{16}\b/g, MASK);
}
