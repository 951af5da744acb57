import { proxyDropIn, proxyDropInContent } from '#configuration/proxy-drop-in.ts';
import type { Proxy } from '#core/proxy.ts';
import type { Resource } from '#core/resource.ts';
import { ownFile } from '#resources/files/own-file.ts';
import type { DaemonDefinition } from '#resources/host/daemon.ts';

/** The daemon that pulls images goes through the proxy. */
export const runtimeProxy = ({ units }: Pick<DaemonDefinition, 'units'>, proxy: Proxy | null): Resource =>
  ownFile(proxyDropIn(units[0]), proxy === null ? null : proxyDropInContent(proxy));
