import { bracketed } from '#core/bracketed.ts';
import { mkdir, readFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';

import type { Cluster } from '#core/cluster.ts';
import type { Environment } from '#core/environment.ts';
import { EXIT } from '#core/exit-code.ts';
import { API_SERVER_PORT } from '#core/load-balancer.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import { writeWhole } from '#core/write-whole.ts';

/**
 * The parts of a kubeconfig that are merged; what else it holds is kept.
 *
 * @see https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/ (v1.34)
 */
export interface Kubeconfig {
  readonly clusters: readonly Named[];
  readonly users: readonly Named[];
  readonly contexts: readonly Named[];
  readonly 'current-context': string;
  readonly [field: string]: unknown;
}

interface ClusterEntry {
  readonly server?: string;
  readonly 'tls-server-name'?: string;
  readonly 'certificate-authority-data'?: string;
}

interface Named {
  readonly name: string;
  readonly [field: string]: unknown;
}

export interface KubeconfigChanges {
  /** What cluster and context are called; kubeadm calls all of them `kubernetes`. */
  readonly name: string;
  /** https URL of the API server, when it is not the one kubeadm wrote. */
  readonly server?: string | undefined;
}

/** For its owner alone: whoever can read the file can do everything to the cluster. */
const SECRET_MODE = 0o600;

/** Reads kubeadm's admin.conf, and gives it names that do not clash with those of other clusters. */
export function readKubeconfig(text: string, { name, server }: KubeconfigChanges): Kubeconfig {
  const { clusters, users, ...rest } = parse(text) as Kubeconfig;
  const [cluster] = clusters;
  const [user] = users;
  if (cluster === undefined || user === undefined) {
    throw new SlipwayError('the kubeconfig of the control plane names no cluster or no user', {
      code: 'kubeconfig-incomplete',
    });
  }
  const entry = cluster['cluster'] as ClusterEntry;
  const admin = `${name}-admin`;
  return {
    ...rest,
    clusters: [{ name, cluster: server === undefined ? entry : movedTo(server, entry) }],
    users: [{ ...user, name: admin }],
    contexts: [{ name, context: { cluster: name, user: admin } }],
    'current-context': name,
  };
}

/** Where the name in a kubeconfig means something on hosts only, the API server of the host that it is from. */
export function serverForOthers({ kubernetes, hosts }: Cluster, name: string): string | undefined {
  const host = hosts.find((one) => one.name === name);
  if (kubernetes.loadBalancer.type !== 'local' || host === undefined) return undefined;
  const address = host.nodeIp ?? host.address;
  return `https://${bracketed(address)}:${API_SERVER_PORT}`;
}

/** The server of a kubeconfig's only cluster, as its host and port. */
export function serverOf({ clusters }: Kubeconfig): { readonly address: string; readonly port: number } {
  const { server = '' } = (clusters[0]?.['cluster'] ?? {}) as ClusterEntry;
  const url = new URL(server);
  return { address: bare(url.hostname), port: Number(url.port || 443) };
}

/**
 * The entry with its server at another address. The certificate need not name that address: clients check it for the
 * one that kubeadm wrote.
 *
 * @see https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/#Cluster (tls-server-name, v1.34)
 */
function movedTo(server: string, entry: ClusterEntry): ClusterEntry {
  const [from, to] = [entry.server ?? server, server].map((url) => bare(new URL(url).hostname));
  const name = entry['tls-server-name'] ?? from ?? '';
  return { ...entry, server, ...(name !== to && { 'tls-server-name': name }) };
}

/** Without the brackets that an IPv6 address has in a URL. */
const bare = (hostname: string): string => hostname.replaceAll(/^\[|\]$/g, '');

export const renderKubeconfig = (kubeconfig: Kubeconfig): string => stringify(kubeconfig, { lineWidth: 0 });

/**
 * Where kubectl would write: the first file of KUBECONFIG, else the usual one.
 *
 * @throws {SlipwayError} `no-home` where neither KUBECONFIG nor HOME is set.
 */
export function defaultPath(env: Environment): string {
  const first = (env['KUBECONFIG'] ?? '').split(delimiter).find((path) => path !== '');
  if (first !== undefined) return first;
  if (env['HOME'] !== undefined) return join(env['HOME'], '.kube', 'config');
  throw new SlipwayError('there is no place for a kubeconfig: neither KUBECONFIG nor HOME is set', {
    code: 'no-home',
    hint: 'set HOME, or name the file',
    exitCode: EXIT.usage,
  });
}

/** Puts a kubeconfig into a file, beside what is there; entries of the same names are replaced. */
export async function mergeKubeconfig(path: string, added: Kubeconfig): Promise<void> {
  const kept = await existing(path);
  refuseOther(path, kept, added);
  await writeKubeconfig(path, mergedKubeconfig(kept, added), { makesDirectory: true });
}

/** Writes a kubeconfig whole or not at all; what a link points to is replaced, not the link. */
export async function writeKubeconfig(
  path: string,
  kubeconfig: Kubeconfig,
  { makesDirectory = false }: { readonly makesDirectory?: boolean } = {},
): Promise<void> {
  try {
    if (makesDirectory) await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeWhole(path, renderKubeconfig(kubeconfig), SECRET_MODE);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SlipwayError(`cannot write ${path}: ${why}`, {
      code: 'output-unwritable',
      exitCode: EXIT.usage,
      cause,
    });
  }
}

/**
 * Refuses to replace the entry of another cluster that has the same name. A cluster that was made anew keeps its address,
 * one that was moved keeps its authority; where both differ it is another one.
 */
function refuseOther(path: string, { clusters }: Partial<Kubeconfig>, added: Kubeconfig): void {
  const [cluster] = added.clusters;
  const found = (clusters ?? []).find(({ name }) => name === cluster?.name);
  if (found === undefined || cluster === undefined) return;
  const [old, fresh] = [found, cluster].map((entry) => entry['cluster'] as ClusterEntry);
  const isSame = (field: keyof ClusterEntry): boolean => old?.[field] === fresh?.[field];
  if (isSame('server') || isSame('certificate-authority-data')) return;
  throw new SlipwayError(
    `${path} has another cluster of the name ${cluster.name}, at ${old?.server ?? 'an unknown address'}`,
    {
      code: 'kubeconfig-taken',
      exitCode: EXIT.usage,
      hint: `name this one otherwise with cluster.name in the inventory, or remove that one: kubectl config delete-cluster ${cluster.name}`,
    },
  );
}

/** The current context stays what it was. */
export function mergedKubeconfig(kept: Partial<Kubeconfig>, added: Kubeconfig): Kubeconfig {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    ...kept,
    clusters: mergedList(kept.clusters, added.clusters),
    users: mergedList(kept.users, added.users),
    contexts: mergedList(kept.contexts, added.contexts),
    'current-context': kept['current-context'] || added['current-context'],
  };
}

const mergedList = (kept: readonly Named[] | null | undefined, added: readonly Named[]): readonly Named[] => {
  const names = new Set(added.map(({ name }) => name));
  return [...(kept ?? []).filter(({ name }) => !names.has(name)), ...added];
};

async function existing(path: string): Promise<Partial<Kubeconfig>> {
  let text = '';
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  try {
    const value: unknown = parse(text);
    if (value === null) return {};
    if (typeof value === 'object') return value;
  } catch (cause) {
    throw noKubeconfig(path, cause);
  }
  throw noKubeconfig(path, undefined);
}

const noKubeconfig = (path: string, cause: unknown): SlipwayError =>
  new SlipwayError(`${path} is not a kubeconfig`, {
    code: 'not-a-kubeconfig',
    exitCode: EXIT.usage,
    hint: 'it was left as it is; write to another file with --out FILE',
    cause,
  });
