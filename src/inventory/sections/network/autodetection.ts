import { parseCidr } from '#core/cidr.ts';
import { text } from '#core/schema.ts';
import { type Finding, type Path, quoteValue } from '#inventory/text/problem.ts';
import { suggest } from '#inventory/text/suggestion.ts';

const METHODS = [
  'first-found',
  'kubernetes-internal-ip',
  'interface=',
  'skip-interface=',
  'can-reach=',
  'cidr=',
];

const wanted =
  'first-found, kubernetes-internal-ip, interface=REGEX, skip-interface=REGEX, can-reach=HOST or cidr=CIDR';

export const autodetection = (description: string, examples: readonly string[]) =>
  text({ description, wanted, examples });

/** @see https://docs.tigera.io/calico/latest/reference/configure-calico-node#ip-autodetection-methods (3.32) */
export function autodetectionFindings(method: string | undefined, path: Path): readonly Finding[] {
  if (method === undefined || method === 'first-found' || method === 'kubernetes-internal-ip') return [];
  const got = quoteValue(method);
  const [, name = method, argument] = /^([^=]*=)(.*)$/s.exec(method) ?? [];
  if (argument === undefined || !METHODS.includes(name)) {
    const suggestion = suggest(name, METHODS);
    const meant = suggestion === undefined ? {} : { suggestion: `${suggestion}${argument ?? ''}` };
    return [{ path, message: `must be ${wanted}`, wanted, got, ...meant }];
  }
  const parts = argument.split(',').map((part) => part.trim());
  if (parts.includes('')) {
    return [{ path, message: `needs something after ${name} and between commas`, got }];
  }
  if (name === 'cidr=' && parts.some((part) => parseCidr(part) === undefined)) {
    return [{ path, message: 'must have CIDRs such as 10.0.0.0/24 after cidr=', got }];
  }
  return [];
}
