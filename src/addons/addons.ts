import type { Addon } from './addon.ts';
import { certManager } from './cert-manager.ts';
import { contour } from './contour.ts';
import { csiDriverNfs } from './csi-driver-nfs.ts';
import { dcgmExporter } from './dcgm-exporter.ts';
import { kubePrometheus } from './kube-prometheus.ts';
import { kueue } from './kueue.ts';
import { localPathProvisioner } from './local-path-provisioner.ts';
import { lws } from './lws.ts';
import { metricsServer } from './metrics-server.ts';
import { nodeFeatureDiscovery } from './node-feature-discovery.ts';
import { rbg } from './rbg.ts';
import { schedulerPlugins } from './scheduler-plugins.ts';
import { volcano } from './volcano.ts';

/**
 * The addons that slipway knows, in the order in which they are applied. The inventory's schema and checks, the plan,
 * `verify` and the documentation read this table; a new addon is a file, its fixture, and a line here.
 */
export const ADDONS = [
  certManager,
  metricsServer,
  volcano,
  schedulerPlugins,
  localPathProvisioner,
  csiDriverNfs,
  contour,
  nodeFeatureDiscovery,
  lws,
  kueue,
  rbg,
  kubePrometheus,
  dcgmExporter,
] as const satisfies readonly Addon[];

export type AddonName = (typeof ADDONS)[number]['name'];

/** @throws {TypeError} where the table has none of this name. */
export function addonNamed(name: string): Addon {
  const addon = ADDONS.find((each) => each.name === name);
  if (addon === undefined) throw new TypeError(`there is no addon ${name}`);
  return addon;
}
