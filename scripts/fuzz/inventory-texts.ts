import { readdirSync, readFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';

import type { Schema } from '#core/schema.ts';
import { inventory } from '#inventory/inventory.ts';
import { resolved } from '#inventory/text/schema-faults.ts';

import { brokenBytes } from './broken-bytes.ts';
import { nastyText, nastyValue, spliced } from './nasty-texts.ts';
import type { Random } from './random.ts';

const ROOT = new URL('../../', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, ROOT), 'utf8');

/** The example, and those of the documentation. */
const REAL: readonly string[] = [
  read('inventory.yaml'),
  read('scripts/bench/recorded/inventory.yaml'),
  ...['README.md', ...readdirSync(new URL('docs/', ROOT)).map((name) => `docs/${name}`)]
    .filter((name) => name.endsWith('.md'))
    .flatMap((name) => [...read(name).matchAll(/^```yaml\n(# inventory\.yaml\n[\s\S]*?)^```$/gm)])
    .map(([, block = '']) => block),
];

/** An inventory that something is wrong with, or strange about. */
export function fuzzedInventory(random: Random): Buffer {
  const text = random.pick(REAL);
  // As people wrote it, comments and all.
  if (random.oneIn(4)) return brokenBytes(text, random);
  const root = { value: random.oneIn(4) ? valueOf(inventory.schema, random) : (parse(text) as unknown) };
  if (random.oneIn(2)) {
    // Good but for one place, so that much of it is accepted, and planned with.
    const good = { value: parse(text) as unknown };
    spliceOne(good, random);
    return Buffer.from(stringify(good.value));
  }
  for (let more = 1 + random.below(3); more > 0; more -= 1) mutate(root, random);
  const written = stringify(root.value, { lineWidth: random.pick([0, 80]), aliasDuplicateObjects: true });
  return random.oneIn(3) ? brokenBytes(written, random) : Buffer.from(written);
}

/** Something that the schema accepts, but for now and then. */
function valueOf(reference: Schema, random: Random, depth = 0): unknown {
  const schema = resolved(reference);
  if (random.oneIn(40)) return nastyValue(random);
  const given = [...(schema.examples ?? []), ...(schema.default === undefined ? [] : [schema.default])];
  if (given.length > 0 && !random.oneIn(3)) return structuredClone(random.pick(given));
  if (schema.enum !== undefined) return random.pick(schema.enum);
  if (schema.anyOf !== undefined) return valueOf(random.pick(schema.anyOf), random, depth);
  switch (schema.type) {
    case 'string':
      return given.length > 0 ? spliced(JSON.stringify(random.pick(given)), random) : nastyText(random);
    case 'boolean':
      return random.oneIn(2);
    case 'integer':
    case 'number':
      return random.pick([schema.minimum ?? 0, schema.maximum ?? 1, (schema.minimum ?? 0) + 1]);
    case 'array':
      return Array.from({ length: random.below(3) + (schema.minItems ?? 0) }, () =>
        valueOf(schema.items ?? {}, random, depth + 1),
      );
    case 'object':
      return objectOf(schema, random, depth);
    default:
      return nastyValue(random, depth);
  }
}

function objectOf(schema: Schema, random: Random, depth: number): object {
  const { properties = {}, additionalProperties, required = [] } = schema;
  const named = Object.entries(properties).filter(
    ([name]) => required.includes(name) || random.oneIn(depth < 2 ? 2 : 4),
  );
  const others =
    typeof additionalProperties === 'object' || additionalProperties === true
      ? Array.from({ length: random.below(3) }, () => nastyText(random))
      : [];
  return Object.fromEntries([
    ...named.map(([name, member]) => [name, valueOf(member, random, depth + 1)] as const),
    ...others.map(
      (name) =>
        [
          name,
          valueOf(typeof additionalProperties === 'object' ? additionalProperties : {}, random, depth + 1),
        ] as const,
    ),
  ]);
}

/** A member of a map or a list, by what holds it. */
interface Place {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

function placesIn(value: unknown, holder: Record<string, unknown>, key: string): readonly Place[] {
  const own = { holder, key };
  if (typeof value !== 'object' || value === null) return [own];
  const members = value as Record<string, unknown>;
  return [own, ...Object.keys(members).flatMap((name) => placesIn(members[name], members, name))];
}

function spliceOne(root: { value: unknown }, random: Random): void {
  const texts = placesIn(root.value, root as Record<string, unknown>, 'value').filter(
    ({ holder, key }) => typeof holder[key] === 'string',
  );
  const { holder, key } = random.pick(texts);
  holder[key] = random.oneIn(4) ? nastyText(random) : spliced(String(holder[key]), random);
}

function mutate(root: { value: unknown }, random: Random): void {
  const { holder, key } = random.pick(placesIn(root.value, root as Record<string, unknown>, 'value'));
  const value = holder[key];
  const isInMap = !Array.isArray(holder) && holder !== (root as object);
  const rename = (name: string): void => {
    delete holder[key];
    Object.defineProperty(holder, name, { value, enumerable: true, configurable: true, writable: true });
  };
  switch (random.below(9)) {
    case 0:
      holder[key] = nastyValue(random);
      break;
    case 1:
      if (isInMap) rename(misspelt(key, random));
      break;
    case 2:
      if (isInMap) rename(nastyText(random));
      break;
    case 3:
      if (isInMap) delete holder[key];
      break;
    case 4:
      if (Array.isArray(value)) value.push(...(value as unknown[]), nastyValue(random));
      break;
    case 5:
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
        (value as Record<string, unknown>)[nastyText(random)] = nastyValue(random);
      }
      break;
    case 6:
      holder[key] = [value];
      break;
    default:
      if (typeof value === 'string') holder[key] = spliced(value, random);
      else if (typeof value === 'number')
        holder[key] = random.pick([String(value), -value, value * 1e9, value + 0.5]);
  }
}

function misspelt(word: string, random: Random): string {
  const at = random.below(word.length + 1);
  return random.pick([
    word.slice(0, at) + word.slice(at + 1),
    word.slice(0, at) + 'x' + word.slice(at),
    word.toUpperCase(),
    word.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    `${word}s`,
    `x-${word}`,
  ]);
}
