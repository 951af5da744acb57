import { type Proxy, proxyVariables } from '#core/proxy.ts';

/** Read after those of a package, and before what an administrator names to come last. */
export const proxyDropIn = (unit: string): string => `/etc/systemd/system/${unit}.d/90-slipway-proxy.conf`;

/**
 * What has a daemon pull images through the proxy. A percent sign is systemd's own, and is doubled.
 *
 * @see https://docs.docker.com/engine/daemon/proxy/#systemd-unit-file (28.x; containerd and CRI-O read the same variables)
 */
export const proxyDropInContent = (proxy: Proxy): string =>
  [
    '# Written by slipway: the proxy of the inventory.',
    '[Service]',
    ...Object.entries(proxyVariables(proxy)).map(
      ([name, value]) => `Environment="${name.toUpperCase()}=${value.replaceAll('%', '%%')}"`,
    ),
    '',
  ].join('\n');
