import { type Document, isMap, isSeq, parseDocument } from 'yaml';

/**
 * Puts a label on every object of a manifest.
 *
 * The label is written into the text, so that a manifest of a megabyte takes milliseconds, and a plan shows one line
 * more for each object. Only documents that are not written in the usual way are parsed and written anew.
 */
export function labelManifest(manifest: string, key: string, value: string): string {
  return manifest
    .split(/^(---(?:[ \t].*)?\n)/m)
    .map((part) =>
      part.startsWith('---') || !/^[^#\s]/m.test(part) ? part : labelDocument(part, key, value),
    )
    .join('');
}

function labelDocument(text: string, key: string, value: string): string {
  return labelText(text, key, value) ?? labelParsed(text, key, value);
}

/** Undefined where the document is not written in the usual way. */
function labelText(text: string, key: string, value: string): string | undefined {
  if (/^kind:.*List\s*$/m.test(text) || !/^kind:/m.test(text) || text.includes('\r')) return undefined;
  const start = /^metadata:[ \t]*(?:#.*)?\n/m.exec(text);
  if (start === null) return undefined;
  const bodyAt = start.index + start[0].length;
  const body = /^(?:(?:[ \t].*|#.*)?\n)*/.exec(text.slice(bodyAt))?.[0] ?? '';
  const indent = /^( +)[^\s#]/m.exec(body)?.[1];
  if (indent === undefined) return undefined;
  const line = `${key}: ${JSON.stringify(value)}\n`;
  const insert = (at: number, words: string): string => text.slice(0, at) + words + text.slice(at);
  const labels = new RegExp(String.raw`^${indent}["']?labels["']?:(.*)\n(?:[ \t]*(?:#.*)?\n)*( *)`, 'm').exec(
    body,
  );
  if (labels === null) return insert(bodyAt, `${indent}labels:\n${indent}  ${line}`);
  const [, rest = '', below = ''] = labels;
  const isBlock = /^[ \t]*(?:#.*)?$/.test(rest) && below.length > indent.length;
  if (!isBlock || body.includes(`${below}${key}:`)) return undefined;
  return insert(bodyAt + labels.index + labels[0].indexOf('\n') + 1, `${below}${line}`);
}

function labelParsed(text: string, key: string, value: string): string {
  const document: Document = parseDocument(text, { intAsBigInt: true });
  // What cannot be read is left for the API server to refuse.
  if (document.errors.length > 0 || !isMap(document.contents)) return text;
  const items = document.get('items');
  const kind = document.get('kind');
  const isList = typeof kind === 'string' && kind.endsWith('List') && isSeq(items);
  const objects: readonly (readonly (string | number)[])[] = isList
    ? items.items.map((_, index) => ['items', index])
    : [[]];
  for (const path of objects) {
    for (const parent of [
      [...path, 'metadata'],
      [...path, 'metadata', 'labels'],
    ]) {
      if (!isMap(document.getIn(parent))) document.setIn(parent, document.createNode({}));
    }
    document.setIn([...path, 'metadata', 'labels', key], value);
  }
  return document.toString({ lineWidth: 0 });
}
