import { type Document, parseAllDocuments, stringify } from 'yaml';

import type { Json } from '#core/json.ts';
import { template } from '#core/template.ts';

type Values = Readonly<Record<string, Json>>;

/**
 * The Kubernetes objects of a file in `templates`, with values where it says `!value name`.
 *
 * @throws {TypeError} when a place has no value, or a value no place.
 */
export function objectTemplates(path: string, values: Values = {}): readonly Document[] {
  const unused = new Set(Object.keys(values));
  const resolve = (name: string): unknown => {
    if (!Object.hasOwn(values, name)) throw new TypeError(`there is no value for ${name}`);
    unused.delete(name);
    return values[name];
  };
  const documents = parseAllDocuments(template(path), { customTags: [{ tag: '!value', resolve }] });
  const [fault] = [...documents].flatMap(({ errors }) => errors);
  if (fault !== undefined) throw new TypeError(`templates/${path}: ${fault.message}`);
  if (unused.size > 0) throw new TypeError(`templates/${path} has no place for ${[...unused].join(', ')}`);
  return documents as readonly Document[];
}

/** The first object of such a file. @throws {TypeError} as `objectTemplates` does. */
export function objectTemplate(path: string, values: Values = {}): Document {
  const [document] = objectTemplates(path, values);
  if (document === undefined) throw new TypeError(`templates/${path} has no object`);
  return document;
}

/** Objects as a manifest holds them. */
export const writeObjects = (objects: readonly Document[]): string =>
  objects.map((object) => stringify(object.toJS(), { lineWidth: 0 })).join('---\n');
