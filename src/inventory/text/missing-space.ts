/**
 * What is to be said of text in which YAML sees no key or no item, because a blank is missing: `name:cp1`, `-item`.
 * A colon that belongs to a value, as in `10.0.0.1:22` or `https://a`, is none of those.
 */
export function missingSpace(text: string): string | undefined {
  const [, dash, item = ''] = /^\s*(-)([^-\s].*)$/.exec(text) ?? [];
  if (dash !== undefined && !/^\d/.test(item))
    return `a space is missing after the dash of ${quoted(`-${item}`)}`;
  const [, key, value] = /^\s*(?:- +)?([A-Za-z][\w.-]*):([^\s:/].*)$/.exec(text) ?? [];
  return key === undefined ? undefined : `a space is missing after the colon of ${quoted(`${key}:${value}`)}`;
}

const quoted = (text: string): string =>
  JSON.stringify(text.length > 40 ? `${text.slice(0, 37)}...` : text.trimEnd());
