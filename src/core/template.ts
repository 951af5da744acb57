import { packageFile } from './package-file.ts';

/** Texts that land on a host or in a cluster. */
const texts = new Map<string, string>();

/** The text of a file in `templates`; read when it is first asked for. */
export function template(path: string): string {
  const text = texts.get(path) ?? packageFile(`../templates/${path}`);
  texts.set(path, text);
  return text;
}

/** Texts of several files, one after the other. */
export const templates = (...paths: readonly string[]): string =>
  paths.map((path) => template(path)).join('');

/**
 * The text with values in place of `{{ name }}`, for formats that have no parser here.
 *
 * @throws {TypeError} when a place has no value, or a value no place.
 */
export function filledTemplate(path: string, values: Readonly<Record<string, string>>): string {
  const missing = new Set(Object.keys(values));
  const text = template(path).replaceAll(/\{\{ (\w+) \}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new TypeError(`templates/${path} wants a value for ${name}`);
    missing.delete(name);
    return value;
  });
  if (missing.size > 0) throw new TypeError(`templates/${path} has no place for ${[...missing].join(', ')}`);
  return text;
}
