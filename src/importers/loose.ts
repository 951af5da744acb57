import { bracketed } from '#core/bracketed.ts';
import { parse } from 'yaml';

import { EXIT } from '#core/exit-code.ts';
import { isJsonObject, type Json, type JsonObject } from '#core/json.ts';
import { SlipwayError } from '#core/slipway-error.ts';

import { type Source, SOURCES } from './sources.ts';

const NOTHING: JsonObject = {};

/** What is read is never shown: it may hold secrets. */
export const unreadable = (what: string, source: Source): SlipwayError =>
  new SlipwayError(`this is not ${what}`, {
    code: 'import-unreadable',
    exitCode: EXIT.usage,
    hint: `what is read is the output of: ${SOURCES[source]}`,
  });

/** The map that a text in JSON or YAML holds. @throws {SlipwayError} where it holds none. */
export function mapIn(text: string, what: string, source: Source): JsonObject {
  let value: Json;
  try {
    value = parse(text, { logLevel: 'silent' }) as Json;
  } catch {
    throw unreadable(what, source);
  }
  if (!isJsonObject(value)) throw unreadable(what, source);
  return value;
}

export const mapOf = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : NOTHING);

export const listOf = (value: Json | undefined): readonly Json[] =>
  Array.isArray(value) ? (value as readonly Json[]) : [];

/** A text or a number, as text; undefined where it is neither, is empty, or is a template that nobody filled in. */
export function textOf(value: Json | undefined): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && text !== '' && !text.includes('{{') ? text : undefined;
}

export function portOf(value: Json | undefined): number | undefined {
  const port = Number(textOf(value));
  return Number.isInteger(port) && port > 0 && port !== 22 ? port : undefined;
}

/** The first of the keys that has a text. */
export const firstText = (map: JsonObject, keys: readonly string[]): string | undefined =>
  keys.map((key) => textOf(map[key])).find((text) => text !== undefined);

/** `1.34.9` of `v1.34.9+k0s.0`. */
export const versionOf = (value: Json | undefined): string | undefined =>
  /^v?(\d+\.\d+\.\d+)/.exec(textOf(value) ?? '')?.[1];

export function endpointOf(address: string | undefined, port: string | undefined): string | undefined {
  if (address === undefined) return undefined;
  return `${bracketed(address)}:${port ?? '6443'}`;
}

/** Where it is the domain of the cluster as well, it says nothing. */
export function clusterNameOf(value: Json | undefined): string | undefined {
  const name = textOf(value);
  return name === 'cluster.local' ? undefined : name;
}
