import type { Cluster } from '#core/cluster.ts';
import type { KindContext, Phase } from '#core/phase.ts';
import { isExempt } from '#core/proxy.ts';
import { packageProxy } from '#resources/packages/package-proxy.ts';

/** A phase of its own, because all that installs packages goes by it. */
export const proxy: Phase = {
  name: 'proxy',
  summary: 'the package manager goes through the proxy of the inventory',
  needs: () => ['preflight'],
  common: ({ cluster, host }) => [packageProxy(cluster.proxy, exemptHosts(cluster, host))],
};

/** Repositories of the inventory in a domain that is reached without the proxy. */
function exemptHosts(
  { proxy: wanted, kubernetes, gpu }: Cluster,
  { runtime }: KindContext['host'],
): readonly string[] {
  if (wanted === null) return [];
  const repositories = [
    kubernetes.repository,
    ...(runtime.source.from === 'repository' ? [runtime.source.repository] : []),
    ...(gpu.toolkit === null ? [] : [gpu.toolkit.repository]),
  ];
  return repositories.map(({ url }) => new URL(url).hostname).filter((name) => isExempt(wanted, name));
}
