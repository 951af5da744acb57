import type { Cluster } from '#core/cluster.ts';
import { performAction, planAction, type PlannedAction } from '#engine/perform-action.ts';
import type { Session } from '#engine/session.ts';

import { fetchKubeconfig } from './fetch-kubeconfig.ts';
import { type Kubeconfig, readKubeconfig, serverForOthers, serverOf } from './kubeconfig-file.ts';
import { openTunnel, type Tunnel } from './tunnel.ts';

/** The text that kubeadm wrote, and the control plane that it comes from. */
export type AdminKubeconfig = { readonly text: string } & Pick<PlannedAction, 'host'>;

/** A port of this machine behind which lies the API server, and the kubeconfig that names it. */
export interface KubeconfigTunnel extends Tunnel {
  readonly kubeconfig: Kubeconfig;
}

/** Fetched from a control plane that answers. */
export async function fetchAdminKubeconfig(session: Session): Promise<AdminKubeconfig> {
  const planned = await planAction(fetchKubeconfig, session);
  return { text: await performAction(fetchKubeconfig, planned, session), host: planned.host };
}

/** With its names made those of the cluster, and by default the API server where others than hosts find it. */
export const namedKubeconfig = (
  { text, host }: AdminKubeconfig,
  cluster: Cluster,
  server: string | undefined,
): Kubeconfig =>
  readKubeconfig(text, { name: cluster.name, server: server ?? serverForOthers(cluster, host) });

/** Through the connection to the control plane that the kubeconfig comes from. */
export async function kubeconfigTunnel(
  { text, host }: AdminKubeconfig,
  { name }: Pick<Cluster, 'name'>,
  { connections }: Pick<Session, 'connections'>,
  onRefused: (why: string) => void,
): Promise<KubeconfigTunnel> {
  const connection = await connections.to(host);
  const tunnel = await openTunnel(connection, { ...serverOf(readKubeconfig(text, { name })), onRefused });
  const server = `https://127.0.0.1:${tunnel.port}`;
  return { ...tunnel, kubeconfig: readKubeconfig(text, { name, server }) };
}
