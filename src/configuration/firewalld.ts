/** The name of slipway's service and of its zone: all that it adds to firewalld is known by it. */
export const FIREWALLD_NAME = 'slipway';

export const FIREWALLD_SERVICE = `/etc/firewalld/services/${FIREWALLD_NAME}.xml`;
export const FIREWALLD_ZONE = `/etc/firewalld/zones/${FIREWALLD_NAME}.xml`;

const MARK = '<!-- Written by slipway -->';

/** Whether slipway has written a file of firewalld's. */
export const isOwnFirewalldFile = (text: string): boolean => text.includes(MARK);

/** What is let in on a host: `6443/tcp`, `2379-2380/tcp`; of protocols without ports the number. */
export interface FirewalldOpening {
  readonly ports: readonly string[];
  readonly protocols: readonly string[];
  /** Blocks of addresses that are trusted: of pods and of services. */
  readonly sources: readonly string[];
}

/** @see https://firewalld.org/documentation/man-pages/firewalld.service.html (1.3) */
export const firewalldService = ({ ports, protocols }: FirewalldOpening): string =>
  document('service', [
    '<short>slipway</short>',
    '<description>What other nodes of the Kubernetes cluster reach on this one.</description>',
    ...ports.map((entry) => {
      const [port = '', protocol = ''] = entry.split('/');
      return `<port protocol="${protocol}" port="${port}"/>`;
    }),
    ...protocols.map((protocol) => `<protocol value="${protocol}"/>`),
  ]);

/**
 * A zone of its own, so that what others have trusted is left alone.
 *
 * @see https://firewalld.org/documentation/man-pages/firewalld.zone.html (1.3)
 */
export const firewalldZone = (sources: readonly string[]): string =>
  document('zone target="ACCEPT"', [
    '<short>slipway</short>',
    '<description>Pods and services of the Kubernetes cluster.</description>',
    ...sources.map((source) => `<source address="${source}"/>`),
    '<forward/>',
  ]);

const document = (element: string, children: readonly string[]): string =>
  [
    '<?xml version="1.0" encoding="utf-8"?>',
    MARK,
    `<${element}>`,
    ...children.map((child) => `  ${child}`),
    `</${element.split(' ')[0]}>`,
    '',
  ].join('\n');
