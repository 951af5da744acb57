import type { Cluster } from '#core/cluster.ts';
import { EXIT } from '#core/exit-code.ts';
import { globExpression } from '#core/glob.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import { listed, suggest } from './text/suggestion.ts';

/**
 * The hosts that names and patterns stand for, in inventory order; `*` is any text and `?` any character.
 *
 * @throws {SlipwayError} with exit code 3 when one stands for no host.
 */
export function selectHosts(
  { hosts }: Cluster,
  patterns: readonly string[] | undefined,
): readonly string[] | undefined {
  if (patterns === undefined) return undefined;
  const names = hosts.map(({ name }) => name);
  const matchers = patterns.map((pattern) => ({ pattern, expression: globExpression(pattern) }));
  const missing = matchers.find(({ expression }) => !names.some((name) => expression.test(name)));
  if (missing !== undefined) {
    const near = suggest(missing.pattern, names);
    throw new SlipwayError(`--limit ${missing.pattern}: the inventory has no such host`, {
      code: 'unknown-host',
      exitCode: EXIT.usage,
      hint: near === undefined ? `its hosts are ${listed(names)}` : `did you mean ${near}`,
    });
  }
  return names.filter((name) => matchers.some(({ expression }) => expression.test(name)));
}
