import { EXIT } from '#core/exit-code.ts';
import { SlipwayError } from '#core/slipway-error.ts';

import type { Writing } from './write-inventory.ts';

/**
 * What stands before the API servers, as a person types it.
 *
 * @throws {SlipwayError} where it is none of the forms.
 */
export function beforeApiServers(text: string): Pick<Writing, 'endpoint' | 'loadBalancer'> {
  if (text === 'local') return { loadBalancer: { type: 'local' } };
  const [, type, address] = /^(keepalived|kube-vip)=(\S+)$/.exec(text) ?? [];
  if (type !== undefined) return { loadBalancer: { type: type as 'keepalived' | 'kube-vip', address } };
  if (/^[^\s=]+:\d+$/.test(text)) return { endpoint: text };
  throw new SlipwayError(`${JSON.stringify(text)} is nothing to stand before API servers`, {
    code: 'invalid-load-balancer',
    exitCode: EXIT.usage,
    hint: `it is ${FORMS}`,
  });
}

export const FORMS =
  'local (haproxy on every host), keepalived=ADDRESS or kube-vip=ADDRESS (a virtual address), or host:port (a load balancer of your own)';
