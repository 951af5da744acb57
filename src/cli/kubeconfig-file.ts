import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';

import { EXIT } from '#core/exit-code.ts';
import { SlipwayError } from '#core/slipway-error.ts';

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

interface Named {
  readonly name: string;
  readonly [field: string]: unknown;
}

export interface KubeconfigChanges {
  /** What cluster and context are called; kubeadm calls all of them `kubernetes`. */
  readonly name: string;
  /** URL of the API server, when it is not the one kubeadm wrote. */
  readonly server?: string | undefined;
}

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
  const entry = cluster['cluster'] as object;
  const admin = `${name}-admin`;
  return {
    ...rest,
    clusters: [{ name, cluster: { ...entry, ...(server !== undefined && { server: checkedUrl(server) }) } }],
    users: [{ ...user, name: admin }],
    contexts: [{ name, context: { cluster: name, user: admin } }],
    'current-context': name,
  };
}

export const renderKubeconfig = (kubeconfig: Kubeconfig): string => stringify(kubeconfig, { lineWidth: 0 });

/** Where kubectl would write: the first file of KUBECONFIG, else the usual one. */
export function defaultPath(env: Readonly<Record<string, string | undefined>>): string {
  const first = (env['KUBECONFIG'] ?? '').split(delimiter).find((path) => path !== '');
  return first ?? join(env['HOME'] ?? homedir(), '.kube', 'config');
}

/** Puts a kubeconfig into a file, beside what is there; entries of the same names are replaced. */
export async function mergeKubeconfig(path: string, added: Kubeconfig): Promise<void> {
  const merged = mergedKubeconfig(await existing(path), added);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.slipway`;
  await writeFile(temporary, renderKubeconfig(merged), { mode: 0o600 });
  await rename(temporary, path);
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

function checkedUrl(server: string): string {
  if (URL.canParse(server) && new URL(server).protocol === 'https:') return server;
  throw new SlipwayError(`--server ${server} is not an https URL`, {
    code: 'invalid-server',
    exitCode: EXIT.usage,
    hint: 'as in --server https://10.0.0.10:6443',
  });
}
