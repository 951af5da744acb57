import { type Document, isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments } from 'yaml';

import { SlipwayError } from '#core/slipway-error.ts';

/**
 * Finds what no API server would take in a file of the operator's, before any is asked: YAML that cannot be read,
 * and documents that are no objects.
 *
 * @throws {SlipwayError} naming file, line and object.
 */
export function validateManifest(path: string, text: string): void {
  const lineCounter = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter });
  const wrong = (offset: number, what: string): SlipwayError =>
    new SlipwayError(`${path}:${lineCounter.linePos(offset).line}: ${what}`, {
      code: 'manifest-invalid',
      hint: 'mend the file; nothing was applied',
    });
  for (const document of documents as readonly Document.Parsed[]) {
    const [error] = document.errors;
    if (error !== undefined) throw wrong(error.pos[0], error.message.split(' at line ')[0] ?? '');
    const { contents } = document;
    const isEmpty = contents === null || (isScalar(contents) && contents.value === null);
    if (!isEmpty) validateObject(contents, wrong);
  }
}

function validateObject(node: Node, wrong: (offset: number, what: string) => SlipwayError): void {
  const offset = node.range?.[0] ?? 0;
  if (!isMap(node)) throw wrong(offset, 'a Kubernetes object must be a map');
  const [kind, apiVersion, items] = ['kind', 'apiVersion', 'items'].map((key) => node.get(key));
  if (typeof kind !== 'string') throw wrong(offset, 'an object without a kind');
  if (typeof apiVersion !== 'string') throw wrong(offset, `a ${kind} without an apiVersion`);
  if (kind.endsWith('List') && isSeq(items)) {
    for (const item of items.items) validateObject(item as Node, wrong);
    return;
  }
  const name = node.getIn(['metadata', 'name']);
  if (typeof name !== 'string') throw wrong(offset, `a ${kind} without a name, which metadata.name gives`);
}
