import type { Json } from '../../src/core/json.ts';
import type { Schema } from '../../src/core/schema.ts';
import { resolved } from '../../src/inventory/text/schema-faults.ts';
import { code, markdownTable, plain } from './markdown.ts';

/** All keys of the inventory, by section, as its schema says. */
export function inventoryReference({ properties = {}, required = [] }: Schema): string {
  const sections = Object.entries(properties).flatMap(([name, section]) => [
    `## ${name}`,
    `${plain(resolved(section).description ?? '')}${required.includes(name) ? ' It must be there.' : ''}`,
    ...tableOf(rowsOf(section, name)),
  ]);
  return `# Inventory

Every key, made of the schema that \`slipway validate\` goes by and that editors read. \`*\` stands for a name of yours, \`[]\`
for each entry of a list. A key without a default may be left out, unless it must be there.

${sections.join('\n\n')}
`;
}

interface Row {
  readonly key: string;
  readonly schema: Schema;
  readonly isRequired: boolean;
}

/** A row for each key below, in the order of the schema. */
function rowsOf(reference: Schema, path: string): readonly Row[] {
  const { properties = {}, required = [], additionalProperties, items, anyOf = [] } = resolved(reference);
  return [
    ...Object.entries(properties).flatMap(([name, below]) => {
      const key = `${path}.${name}`;
      return [{ key, schema: resolved(below), isRequired: required.includes(name) }, ...rowsOf(below, key)];
    }),
    ...(typeof additionalProperties === 'object' ? rowsOf(additionalProperties, `${path}.*`) : []),
    ...(items === undefined ? [] : rowsOf(items, `${path}[]`)),
    ...anyOf.flatMap((one) => rowsOf(one, path)),
  ];
}

function tableOf(rows: readonly Row[]): readonly string[] {
  // A key that is accepted in several forms stands there once.
  const each = [...new Map(rows.toReversed().map((row) => [row.key, row])).values()].toReversed();
  const cells = each.map((row) => [code(row.key), meaningOf(row.schema), defaultOf(row)]);
  return cells.length === 0 ? [] : [markdownTable(['key', 'is', 'default'], cells)];
}

function meaningOf({ description = '', enum: choices, minimum, maximum }: Schema): string {
  const range = [
    ...(minimum === undefined ? [] : [`from ${minimum}`]),
    ...(maximum === undefined ? [] : [`to ${maximum}`]),
  ];
  return [
    plain(description),
    ...(choices === undefined ? [] : [`One of ${choices.map(valueOf).join(', ')}.`]),
    ...(range.length === 0 ? [] : [`A number ${range.join(' ')}.`]),
  ].join(' ');
}

function defaultOf({ schema, isRequired }: Row): string {
  const { default: preset, examples = [] } = schema;
  const [example] = examples;
  if (isRequired) return 'it must be there';
  if (preset !== undefined) return valueOf(preset);
  return example === undefined ? '' : `none; for example ${valueOf(example)}`;
}

const valueOf = (value: Json): string => code(typeof value === 'string' ? value : JSON.stringify(value));
