const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\n': '&#10;',
};

/** Text for XML, in an element or an attribute; control characters have no place in XML 1.0, escaped or not. */
export const escaped = (text: string): string =>
  text
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replaceAll(/[&<>"'\n]/g, (character) => ENTITIES[character] ?? '');

/** Markup, which is not escaped again. */
export interface Markup {
  readonly markup: string;
}

/** An element with its attributes and children; whatever is text is escaped. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  ...children: readonly (string | Markup)[]
): Markup {
  const given = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(String(value))}"`);
  const content = children.map((child) => (typeof child === 'string' ? escaped(child) : child.markup));
  return { markup: `<${name}${given.join('')}>${content.join('')}</${name}>` };
}
