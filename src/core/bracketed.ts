import { isIPv6 } from 'node:net';

/** An address as it stands before a port: `10.0.0.11`, `[fd00::11]`. */
export const bracketed = (address: string): string => (isIPv6(address) ? `[${address}]` : address);
