/** Ends the line that is slipway's. */
const MARK = '# Written by slipway';

/** What of /etc/hosts is about a name: the text with the name at this address alone, and whether others had it. */
export interface EditedHosts {
  readonly text: string;
  /** Lines of others' that named it, with another address. */
  readonly others: readonly string[];
}

/**
 * /etc/hosts in which a name has one address.
 *
 * @see https://man7.org/linux/man-pages/man5/hosts.5.html
 */
export function editHosts(text: string, name: string, address: string): EditedHosts {
  const others: string[] = [];
  const kept = text.split('\n').flatMap((line) => {
    if (line.endsWith(MARK)) return [];
    const [said = '', ...comment] = line.split('#');
    const [where, ...names] = said.split(/\s+/).filter((word) => word !== '');
    if (where === undefined || !names.includes(name)) return [line];
    others.push(line);
    const rest = names.filter((one) => one !== name);
    return rest.length === 0 ? [] : [[where, ...rest, ...comment.map((part) => `#${part}`)].join(' ')];
  });
  const body = kept.join('\n').replace(/\n*$/, '');
  return { text: `${body === '' ? '' : `${body}\n`}${address} ${name} ${MARK}\n`, others };
}
