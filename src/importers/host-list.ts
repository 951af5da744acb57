import { EXIT } from '#core/exit-code.ts';
import { ipFamily } from '#core/ip-family.ts';
import { SlipwayError } from '#core/slipway-error.ts';

import type { ImportedHost } from './imported.ts';

/** What is given of a kind of hosts: those it names, and how one without a name is called. */
export interface HostKind extends Pick<ImportedHost, 'role' | 'gpu'> {
  readonly prefix: string;
}

export const CONTROL_PLANES: HostKind = { prefix: 'cp', role: 'control-plane' };
export const WORKERS: HostKind = { prefix: 'w', role: 'worker' };
export const GPU_WORKERS: HostKind = { prefix: 'gpu', role: 'worker', gpu: true };

/**
 * Hosts as a person types them: `cp1=10.0.0.11,cp2=10.0.0.12`, `10.0.0.11`, or names that resolve.
 *
 * @throws {SlipwayError} with what is wrong with one.
 */
export function hostList(text: string, { prefix, ...kind }: HostKind): readonly ImportedHost[] {
  const words = text
    .split(/[\s,]+/)
    .map((word) => word.trim())
    .filter(Boolean);
  return words.map((word, index) => {
    const [left = '', right, ...rest] = word.split('=');
    if (rest.length > 0 || left === '' || right === '') throw malformed(word);
    if (right !== undefined) return { ...kind, name: left, address: right };
    return ipFamily(left) === 0
      ? { ...kind, name: left }
      : { ...kind, name: `${prefix}${index + 1}`, address: left };
  });
}

const malformed = (word: string): SlipwayError =>
  new SlipwayError(`${JSON.stringify(word)} is no host`, {
    code: 'invalid-host',
    exitCode: EXIT.usage,
    hint: 'as in cp1=10.0.0.11,cp2=10.0.0.12: names and addresses, with commas between; a name or an address alone will do',
  });
