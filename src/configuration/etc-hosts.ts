/** A name, and the address that it stands for. */
export interface HostsEntry {
  readonly name: string;
  readonly address: string;
}

/** Ends the line that is slipway's. */
const MARK = '# Written by slipway';

/** /etc/hosts without the lines that are slipway's. */
export const withoutOwnHosts = (text: string): string => without(text, [MARK, HOST_MARK]);

/** Ends each of the lines with names of hosts; those of other lines are not touched by it. */
const HOST_MARK = '# A host of the cluster, written by slipway';

const without = (text: string, marks: readonly string[]): string =>
  text
    .split('\n')
    .filter((line) => !marks.some((mark) => line.endsWith(mark)))
    .join('\n');

/** /etc/hosts with lines for these hosts, and with no other line of theirs that is slipway's. */
export function withHosts(text: string, hosts: readonly HostsEntry[]): string {
  const kept = without(text, [HOST_MARK]).replace(/\n*$/, '');
  const own = hosts.map(({ name, address }) => `${address} ${name} ${HOST_MARK}\n`).join('');
  return `${kept === '' ? '' : `${kept}\n`}${own}`;
}

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
