import { hostSelector, type Selectable, SELECTOR, selectorsOf } from '#core/host-selector.ts';
import { type Finding, type Path, quoteValue } from '#inventory/text/problem.ts';
import { listed, suggest } from '#inventory/text/suggestion.ts';

import type { ExpandedHost } from './expand-hosts.ts';

/** What selectors look at. */
export const selectable = ({ name, group, settings: { role, labels } }: ExpandedHost): Selectable => ({
  name,
  role: role ?? 'worker',
  labels: labels ?? {},
  ...(group !== undefined && { group }),
});

/** Selectors that stand for no host: a word that was mistyped would only be found out in the middle of a run. */
export function unmatched(
  selectors: readonly (string | null)[] | undefined,
  path: Path,
  hosts: readonly Selectable[],
  noun: string,
): readonly Finding[] {
  const names = [...hosts.map(({ name }) => name), ...new Set(hosts.flatMap(groupOf))];
  return (selectors ?? []).flatMap((selector, index) => {
    if (selector === null || hosts.some(hostSelector(selector))) return [];
    const suggestion = suggest(selector, selectorsOf(hosts));
    return [
      {
        path: [...path, index],
        message: `stands for no ${noun} of the inventory`,
        wanted: `${SELECTOR}; there are ${listed(names)}`,
        got: quoteValue(selector),
        ...(suggestion !== undefined && { suggestion }),
      },
    ];
  });
}

const groupOf = ({ group }: Selectable): readonly string[] => (group === undefined ? [] : [`group:${group}`]);
