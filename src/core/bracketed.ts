import { ipFamily } from './ip-family.ts';

/** An address as it stands before a port: `10.0.0.11`, `[fd00::11]`. */
export const bracketed = (address: string): string => (ipFamily(address) === 6 ? `[${address}]` : address);
