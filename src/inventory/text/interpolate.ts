import type { Environment } from '#core/environment.ts';

import { type Finding, isSecretPath, type Path } from './problem.ts';

export interface Interpolated {
  readonly value: unknown;
  readonly findings: readonly Finding[];
  /** Paths of strings that came from the environment, as JSON; messages do not repeat their values. */
  readonly references: ReadonlySet<string>;
}

const REFERENCE = /\$\$\{|\$\{([^}]*)(\})?/g;
const REFERENCE_BODY = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s;

/** Fills `${NAME}` and `${NAME:-default}` into every string value; `$${` stands for `${`. */
export function interpolate(document: unknown, env: Environment): Interpolated {
  const findings: Finding[] = [];
  const references = new Set<string>();

  const walk = (value: unknown, path: Path): unknown => {
    if (typeof value === 'string') return fill(value, path);
    if (typeof value === 'number' && !Number.isFinite(value)) {
      findings.push({ path, message: 'must be a finite number' });
      return 0;
    }
    if (Array.isArray(value)) return value.map((item, index) => walk(item, [...path, index]));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => {
        const isInlineSecret = typeof member === 'string' && isSecretPath([key]);
        return [key, isInlineSecret ? member : walk(member, [...path, key])];
      }),
    );
  };

  const fill = (text: string, path: Path): string => {
    if (!text.includes('${')) return text;
    return text.replaceAll(REFERENCE, (match, body?: string, close?: string) => {
      if (match === '$${') return '${';
      const [, name, fallback] = (close && REFERENCE_BODY.exec(body ?? '')) || [];
      if (name === undefined) {
        findings.push({
          path,
          message: 'has a reference that is not ${NAME} or ${NAME:-default}; write $${ for a plain ${',
        });
        return match;
      }
      references.add(JSON.stringify(path));
      const found = env[name];
      if (fallback !== undefined) return found === undefined || found === '' ? fallback : found;
      if (found === undefined)
        findings.push({ path, message: `the environment variable ${name} is not set` });
      return found ?? match;
    });
  };

  return { value: walk(document, []), findings, references };
}
