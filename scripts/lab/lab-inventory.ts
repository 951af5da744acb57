import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { stringify } from 'yaml';

import { kubernetesMinor } from '#catalog/kubernetes.ts';
import { readOpenPgpKeys } from '#distributions/openpgp-fingerprint.ts';

import { labInventorySettings as settings } from './inventory-settings.ts';
import { defaultKubernetesVersion } from './kubernetes-repository.ts';
import type { Lab } from './lab.ts';
import { signingKey } from './signing-key.ts';

/** Parts of an inventory, to be laid over what the lab writes: `{ kubernetes: { kubelet: {...} } }`. */
export type InventoryOverlay = { readonly [section: string]: unknown };

export interface LabInventoryOptions {
  /** Hosts that are control planes; default: the first. */
  readonly controlPlanes?: readonly string[];
  /** More for single hosts, by name: labels, taints, user. */
  readonly hosts?: Readonly<Record<string, InventoryOverlay>>;
  readonly overlay?: InventoryOverlay;
  /** Default: `SLIPWAY_LAB_KUBERNETES`, or the lab's own. */
  readonly version?: string;
}

/** An inventory of all hosts of a lab, with what its packages and its hosts need: ordinary settings, all of it. */
export async function labInventory(lab: Lab, options: LabInventoryOptions = {}): Promise<string> {
  const { version = defaultKubernetesVersion } = options;
  const [major, minor] = version.split('.');
  const url = `${lab.repositoryUrl}/core:/stable:/v${major}.${minor}`;
  const calico = await standInManifest('calico-stand-in.yaml', version);
  const controlPlanes = options.controlPlanes ?? lab.hosts.slice(0, 1).map(({ name }) => name);
  const needsCgroupV1 = Number(minor) >= 35;
  const inventory = {
    cluster: { name: 'lab' },
    kubernetes: {
      version,
      repository: {
        url,
        keyUrl: `${url}/deb/Release.key`,
        fingerprint: await fingerprint(`${major}.${minor}`),
      },
      kubelet: needsCgroupV1 ? settings.kubeletOnCgroupV1 : {},
      kubeProxy: { config: settings.kubeProxy },
      ignorePreflightErrors: needsCgroupV1 ? settings.ignorePreflightErrorsOnCgroupV1 : [],
    },
    runtime: { config: { plugins: { 'io.containerd.grpc.v1.cri': settings.containerd } } },
    network: {
      plugin: 'calico',
      version: '3.32.1',
      manifest: {
        url: lab.web.serve('/calico-stand-in.yaml', calico),
        sha256: createHash('sha256').update(calico).digest('hex'),
      },
      ipAutodetection: 'kubernetes-internal-ip',
    },
    ssh: { knownHosts: lab.knownHostsFile },
    defaults: { user: 'root', identityFile: lab.identityFile },
    hosts: lab.hosts.map(({ name, address }) => ({
      name,
      address,
      role: controlPlanes.includes(name) ? 'control-plane' : 'worker',
      ...options.hosts?.[name],
    })),
  };
  return stringify(merge(inventory, options.overlay ?? {}), { lineWidth: 0 });
}

/** Objects of a network plugin, with the pause image that this version of Kubernetes has on its hosts. */
export async function standInManifest(name: string, version = defaultKubernetesVersion): Promise<string> {
  const text = await readFile(new URL(name, import.meta.url), 'utf8');
  return text.replaceAll('pause:VERSION', `pause:${kubernetesMinor(version)?.pause ?? '3.10'}`);
}

/** Of the key that signed the packages the lab offers. */
async function fingerprint(minor: string): Promise<string> {
  const real = process.env['SLIPWAY_LAB_REPO'];
  if (!real) return (await signingKey()).fingerprint;
  const response = await fetch(`${real}/core:/stable:/v${minor}/deb/Release.key`);
  const [key] = readOpenPgpKeys(await response.text());
  if (key === undefined) throw new Error(`no key at ${real}`);
  return key.fingerprint;
}

function merge(base: InventoryOverlay, overlay: InventoryOverlay): InventoryOverlay {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(overlay)) {
    const below = merged[key];
    merged[key] = isMap(below) && isMap(value) ? merge(below, value) : value;
  }
  return merged;
}

const isMap = (value: unknown): value is InventoryOverlay =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
