import type { Host } from './cluster.ts';
import { globSource } from './glob.ts';
import { numberRange } from './number-range.ts';

/** What of a host a selector looks at. */
export type Selectable = Pick<Host, 'name' | 'role' | 'labels' | 'group'>;

/**
 * Whether a host is one of those that a text stands for: `w*` or `w[1:5]` by name, `group:gpu`, `role:worker`, or by a
 * label of the inventory, `label:pool=batch`; without a value, by its key. In all of them `*` is any text, `?` any
 * character, and `[1:5]` or `[1-5]` a number from a range. What {@link selectorFault} finds fault with stands for none.
 */
export function hostSelector(text: string): (host: Selectable) => boolean {
  if (selectorFault(text) !== undefined) return () => false;
  const [, kind, wanted = ''] = /^(group|role|label):(.*)$/s.exec(text) ?? [];
  const expression = expressionOf(kind === undefined ? text : wanted);
  if (kind === 'group') return ({ group }) => group !== undefined && expression.test(group);
  if (kind === 'role') return ({ role }) => expression.test(role);
  if (kind === 'label') {
    const hasValue = wanted.includes('=');
    return ({ labels }) =>
      Object.entries(labels).some(([key, value]) => expression.test(hasValue ? `${key}=${value}` : key));
  }
  return ({ name }) => expression.test(name);
}

/** What is wrong with a selector whatever the hosts are; completes "the selector". */
export const selectorFault = (text: string): string | undefined =>
  rangesOf(text).find((range) => typeof range === 'string');

/** All words that a single host, a group, a role or a label can be selected by, without patterns. */
export const selectorsOf = (hosts: readonly Selectable[]): readonly string[] => [
  ...new Set([
    ...hosts.map(({ name }) => name),
    ...hosts.flatMap(({ group }) => (group === undefined ? [] : [`group:${group}`])),
    ...hosts.map(({ role }) => `role:${role}`),
    ...hosts.flatMap(({ labels }) => Object.entries(labels).map(([key, value]) => `label:${key}=${value}`)),
  ]),
];

/** How one is written, for messages. */
export const SELECTOR = 'a name, a pattern such as w* or w[1:5], group:NAME, role:worker, or label:KEY=VALUE';

const BRACKETS = /\[[^\][]*\]/g;

/** As the inventory writes ranges; a hyphen in place of the colon is what others write. */
const withColons = (text: string): string => text.replaceAll(/\[(\d+)-(\d+)\]/g, '[$1:$2]');

const rangesOf = (text: string): readonly (readonly string[] | string)[] =>
  (withColons(text).match(BRACKETS) ?? []).map(numberRange);

function expressionOf(pattern: string): RegExp {
  const [first = '', ...rest] = withColons(pattern).split(BRACKETS).map(globSource);
  const numbers = rangesOf(pattern).map((range) => (typeof range === 'string' ? [] : range));
  const source = rest.map((text, index) => `(?:${numbers[index]?.join('|')})${text}`).join('');
  return new RegExp(`^${first}${source}$`, 's');
}
