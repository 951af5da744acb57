import { isIPv4, isIPv6 } from 'node:net';

/**
 * 4 or 6; 0 for what is no IP address. Node takes 3 ms to make its expression for those of IPv6, so only what has a colon is
 * held against it.
 */
export function ipFamily(text: string): 0 | 4 | 6 {
  if (isIPv4(text)) return 4;
  return text.includes(':') && isIPv6(text) ? 6 : 0;
}
