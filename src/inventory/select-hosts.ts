import type { Cluster } from '#core/cluster.ts';
import { EXIT } from '#core/exit-code.ts';
import { hostSelector } from '#core/host-selector.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import { listed, suggest } from './text/suggestion.ts';

/**
 * The hosts that selectors stand for, in inventory order.
 *
 * @throws {SlipwayError} with exit code 3 when one stands for no host.
 */
export function selectHosts(
  { hosts, leaving }: Cluster,
  patterns: readonly string[] | undefined,
): readonly string[] | undefined {
  if (patterns === undefined) return undefined;
  const all = [...hosts, ...leaving];
  const names = all.map(({ name }) => name);
  const selectors = patterns.map((pattern) => ({ pattern, isMeant: hostSelector(pattern) }));
  const missing = selectors.find(({ isMeant }) => !all.some(isMeant));
  if (missing !== undefined) {
    const near = suggest(missing.pattern, names);
    throw new SlipwayError(`--limit ${missing.pattern}: the inventory has no such host`, {
      code: 'unknown-host',
      exitCode: EXIT.usage,
      hint: near === undefined ? `its hosts are ${listed(names)}` : `did you mean ${near}`,
    });
  }
  return all.filter((host) => selectors.some(({ isMeant }) => isMeant(host))).map(({ name }) => name);
}
