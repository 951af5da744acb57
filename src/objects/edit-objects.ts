import { type Document, parseDocument } from 'yaml';

/** A manifest in which the objects of one kind are changed; all others stay as they were written. */
export const editObjects = (manifest: string, kind: string, edit: (object: Document) => void): string =>
  manifest
    .split(/^(---(?:[ \t].*)?\n)/m)
    .map((text) => {
      if (!new RegExp(`^kind: ${kind}$`, 'm').test(text)) return text;
      const object = parseDocument(text, { intAsBigInt: true });
      edit(object);
      return object.toString({ lineWidth: 0 });
    })
    .join('');
