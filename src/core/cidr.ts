import ipaddr from 'ipaddr.js';

import { ipFamily } from './ip-family.ts';

/** A block of addresses: those whose first `prefix` bits are those of `address`. */
export interface Cidr {
  readonly family: 4 | 6;
  readonly address: ipaddr.IPv4 | ipaddr.IPv6;
  readonly prefix: number;
}

/** The block of a single address; nothing where the text is no address, or one with a zone. */
export function addressBlock(text: string): Cidr | undefined {
  const family = ipFamily(text);
  // ipFamily() is stricter: ipaddr.js 2.5 reads 10.1 and 012.0.0.1 as addresses too, and ::1.2.3.4 as ::ffff:1.2.3.4.
  if (family === 0 || text.includes('%')) return undefined;
  const address = ipaddr.parse(text.replace(/^::(?=\d+\.)/, '0::'));
  return { family, address, prefix: family === 4 ? 32 : 128 };
}

/** Reads `10.244.0.0/16`, and `10.244.3.4/16` as well: see `masked`. */
export function parseCidr(text: string): Cidr | undefined {
  const [, address = '', length] = /^([^/]*)\/(0|[1-9]\d{0,2})$/.exec(text) ?? [];
  const block = addressBlock(address);
  const prefix = Number(length);
  return block !== undefined && prefix <= block.prefix ? { ...block, prefix } : undefined;
}

/** The block as it is written where its address has no bits behind the prefix. */
export function masked(cidr: Cidr): Cidr {
  const kind = cidr.family === 4 ? ipaddr.IPv4 : ipaddr.IPv6;
  return { ...cidr, address: kind.networkAddressFromCIDR(formatCidr(cidr)) };
}

/** An address of a block, counted from its first one; for numbers below 16, and blocks that are at least as large. */
export function addressIn(cidr: Cidr, number: number): string {
  const bytes = masked(cidr).address.toByteArray();
  return ipaddr.fromByteArray([...bytes.slice(0, -1), (bytes.at(-1) ?? 0) + number]).toString();
}

/** Whether two blocks have an address in common: one of them then holds the other. */
export const overlaps = (left: Cidr, right: Cidr): boolean =>
  left.family === right.family && left.address.match(right.address, Math.min(left.prefix, right.prefix));

export const formatCidr = ({ address, prefix }: Cidr): string => `${address.toString()}/${prefix}`;
