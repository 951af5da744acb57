import type { Cluster } from '#core/cluster.ts';
import { EXIT } from '#core/exit-code.ts';
import { hostSelector, type Selectable, selectorFault, selectorsOf } from '#core/host-selector.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import { listed, suggest } from './text/suggestion.ts';

/**
 * The hosts that selectors stand for, in inventory order. One with `!` in front takes hosts away: from those that the
 * others stand for, or from all where there are no others.
 *
 * @throws {SlipwayError} with exit code 3 when one stands for no host, or when no host is left.
 */
export function selectHosts(
  { hosts, leaving }: Cluster,
  words: readonly string[] | undefined,
): readonly string[] | undefined {
  if (words === undefined) return undefined;
  const all = [...hosts, ...leaving];
  const [wanted = [], unwanted = []] = [false, true].map((isUnwanted) =>
    words.filter((word) => word.startsWith('!') === isUnwanted).map((word) => hostsOf(word, all)),
  );
  const out = new Set(unwanted.flat());
  const chosen = new Set(wanted.length === 0 ? all : wanted.flat());
  const left = all.filter((host) => chosen.has(host) && !out.has(host));
  if (left.length > 0) return left.map(({ name }) => name);
  throw new SlipwayError(`--limit ${words.join(',')} leaves no host`, {
    code: 'no-hosts-left',
    exitCode: EXIT.usage,
    hint: 'what has ! in front is taken away from the rest, in whatever order they are written',
  });
}

function hostsOf<Known extends Selectable>(word: string, all: readonly Known[]): readonly Known[] {
  const selector = word.replace(/^!/, '');
  const found = all.filter(hostSelector(selector));
  if (found.length > 0) return found;
  const fault = selectorFault(selector);
  throw new SlipwayError(`--limit ${word}: ${fault ?? nobody(selector)}`, {
    code: 'unknown-host',
    exitCode: EXIT.usage,
    hint: fault === undefined ? whatThereIs(selector, all) : 'write it as w[1:5] or w[01-16]',
  });
}

const KIND = /^(group|role|label):/;

const NOBODY = {
  group: 'no host of the inventory is in such a group',
  role: 'no host of the inventory has such a role',
  label: 'no host of the inventory has such a label',
  host: 'the inventory has no such host',
} as const;

const kindOf = (selector: string): keyof typeof NOBODY =>
  (KIND.exec(selector)?.[1] as keyof typeof NOBODY | undefined) ?? 'host';

const nobody = (selector: string): string => NOBODY[kindOf(selector)];

function whatThereIs(selector: string, hosts: readonly Selectable[]): string {
  const words = selectorsOf(hosts);
  const kind = kindOf(selector);
  const ofKind = words.filter((word) => kindOf(word) === kind);
  const near = ofItsName(selector, words) ?? suggest(selector, ofKind) ?? suggest(selector, words);
  if (near !== undefined) return `did you mean ${near}`;
  if (ofKind.length === 0) return `its hosts have no ${kind}s; their names are ${listed(namesOf(hosts))}`;
  return `its ${kind}s are ${listed(ofKind.map((word) => word.replace(KIND, '')))}`;
}

const namesOf = (hosts: readonly Selectable[]): readonly string[] => hosts.map(({ name }) => name);

/** `gpu` for `group:gpu`, `workers` for `role:worker`. */
const ofItsName = (selector: string, words: readonly string[]): string | undefined =>
  words.find(
    (word) => KIND.test(word) && [selector, selector.replace(/s$/, '')].includes(word.replace(KIND, '')),
  );
