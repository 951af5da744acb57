import { isIP, isIPv4 } from 'node:net';

export type IpFamily = 4 | 6;

/** A block of addresses: those whose first `prefix` bits are those of `base`. */
export interface Cidr {
  readonly family: IpFamily;
  readonly base: bigint;
  readonly prefix: number;
}

const bitsOf = (family: IpFamily): number => (family === 4 ? 32 : 128);

/** An address as a number; nothing where the text is no address. */
export function parseAddress(
  text: string,
): { readonly family: IpFamily; readonly value: bigint } | undefined {
  const family = isIP(text);
  if (family === 4) return { family, value: ipv4Value(text) };
  if (family !== 6 || text.includes('%')) return undefined;
  return { family: 6, value: ipv6Value(text) };
}

const ipv4Value = (text: string): bigint =>
  text.split('.').reduce((value, octet) => value * 256n + BigInt(octet), 0n);

function ipv6Value(text: string): bigint {
  const last = text.slice(text.lastIndexOf(':') + 1);
  const pure = isIPv4(last) ? text.slice(0, -last.length) + hexGroups(ipv4Value(last)) : text;
  const [head = '', tail] = pure.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  const groups = tail === undefined ? before : [...before, ...zeros, ...after];
  return groups.reduce((value, group) => value * 65_536n + BigInt(`0x${group}`), 0n);
}

const hexGroups = (value: bigint): string =>
  `${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`;

/** Reads `10.244.0.0/16`; host bits are kept, see `hasHostBits`. */
export function parseCidr(text: string): Cidr | undefined {
  const [address = '', length, ...rest] = text.split('/');
  const parsed = parseAddress(address);
  if (parsed === undefined || length === undefined || rest.length > 0) return undefined;
  if (!/^(0|[1-9]\d{0,2})$/.test(length)) return undefined;
  const prefix = Number(length);
  if (prefix > bitsOf(parsed.family)) return undefined;
  return { family: parsed.family, base: parsed.value, prefix };
}

/** A block that starts where its prefix says. */
export function masked({ family, base, prefix }: Cidr): Cidr {
  const hostBits = BigInt(bitsOf(family) - prefix);
  return { family, base: (base >> hostBits) << hostBits, prefix };
}

export const hasHostBits = (cidr: Cidr): boolean => masked(cidr).base !== cidr.base;

/** Whether two blocks have an address in common: one of them then holds the other. */
export function overlaps(left: Cidr, right: Cidr): boolean {
  if (left.family !== right.family) return false;
  const hostBits = BigInt(bitsOf(left.family) - Math.min(left.prefix, right.prefix));
  return left.base >> hostBits === right.base >> hostBits;
}

/** The block of a single address. */
export function addressBlock(text: string): Cidr | undefined {
  const address = parseAddress(text);
  return address && { family: address.family, base: address.value, prefix: bitsOf(address.family) };
}

/** How many bits of an address a block leaves free. */
export const freeBits = ({ family, prefix }: Cidr): number => bitsOf(family) - prefix;

export function formatCidr({ family, base, prefix }: Cidr): string {
  if (family === 4) {
    const octets = [24n, 16n, 8n, 0n].map((shift) => (base >> shift) & 255n);
    return `${octets.join('.')}/${prefix}`;
  }
  const groups = Array.from({ length: 8 }, (_, index) =>
    ((base >> BigInt(112 - 16 * index)) & 0xffffn).toString(16),
  );
  return `${compress(groups)}/${prefix}`;
}

/** The longest run of zero groups becomes `::` (RFC 5952). */
function compress(groups: readonly string[]): string {
  const runs = [...groups.join(':').matchAll(/(?<![\da-f])0(:0)+(?![\da-f])/g)];
  const [longest] = runs.toSorted((left, right) => right[0].length - left[0].length);
  if (longest === undefined) return groups.join(':');
  const text = groups.join(':');
  const before = text.slice(0, longest.index).replace(/:$/, '');
  const after = text.slice(longest.index + longest[0].length).replace(/^:/, '');
  return `${before}::${after}`;
}
