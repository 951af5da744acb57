import { readdirSync } from 'node:fs';

/** A room of `src`: a folder, or one of the few files beside them. */
interface Room {
  readonly holds: string;
  readonly mayImport: readonly string[];
}

/**
 * The layers: every room of `src`, the lowest first, and the rooms below it that it may import.
 *
 * The linter enforces this table (oxlint.config.ts) and ARCHITECTURE.md prints it (`npm run generate`). A new
 * room needs an entry here, and nothing else.
 */
const LAYERS = {
  core: {
    holds: 'the vocabulary: fact, resource, step, graph, plan, phase, event, secret, shell, errors',
    mayImport: [],
  },
  catalog: {
    holds: 'versions, digests, key fingerprints, compatibility: data with sources',
    mayImport: ['core'],
  },
  distributions: {
    holds: 'families of distributions: one value each, in a folder of its own',
    mayImport: ['core'],
  },
  facts: {
    holds: 'questions about a host: a piece of shell that asks all of a family at once, and its parser',
    mayImport: ['core', 'catalog', 'distributions'],
  },
  objects: {
    holds: 'Kubernetes objects that are read, changed and written as objects',
    mayImport: ['core', 'facts'],
  },
  configuration: {
    holds: "configuration files of programs: containerd's, kubeadm's, the kubelet's, NVIDIA's",
    mayImport: ['core', 'catalog'],
  },
  addons: {
    holds: 'what slipway can install on a cluster by a key of the inventory',
    mayImport: ['core', 'facts', 'objects'],
  },
  inventory: {
    holds:
      'the inventory by section: schema, checks, and what it is in the `Cluster`; YAML with its positions',
    mayImport: ['core', 'catalog', 'distributions', 'addons'],
  },
  importers: {
    holds: 'hosts as other tools know them, and the inventory that is written of them',
    mayImport: ['core', 'catalog'],
  },
  checks: {
    holds: 'what must hold before anything is changed, and what `slipway verify` tries',
    mayImport: ['core', 'catalog', 'facts', 'distributions', 'objects', 'configuration'],
  },
  resources: {
    holds: 'one noun a file, in folders by theme: file, sysctl, packages, unit, kubeadm-init, ...',
    mayImport: ['core', 'catalog', 'facts', 'distributions', 'objects', 'configuration'],
  },
  phases: {
    holds: 'tables of resources: what a person reads to know what slipway does',
    mayImport: [
      'core',
      'catalog',
      'facts',
      'distributions',
      'objects',
      'configuration',
      'addons',
      'checks',
      'resources',
    ],
  },
  engine: {
    holds: 'graph, plan, schedule, perform, lock, secrets, artifacts',
    mayImport: ['core'],
  },
  transport: {
    holds: 'SSH connections, the probe, host keys, sudo',
    mayImport: ['core'],
  },
  kubeconfig: {
    holds: 'kubeconfigs: fetched, merged, written; the tunnel to the API server they name',
    mayImport: ['core', 'facts', 'engine'],
  },
  etcd: {
    holds:
      "etcd's members, snapshots with the cluster's keys, and restores: what is decided about them, and done to all members",
    mayImport: ['core', 'facts', 'configuration', 'resources', 'engine'],
  },
  bundle: {
    holds:
      'bundles for sites without the internet: made, read, compared, and held against what a cluster wants',
    mayImport: ['core', 'catalog', 'distributions', 'engine'],
  },
  report: {
    holds: 'plans, graphs and runs as text; the live view; questions on a terminal; what slipway knows',
    mayImport: ['core', 'catalog', 'distributions', 'addons', 'facts', 'engine', 'etcd', 'bundle'],
  },
  workflows: {
    holds: 'workflows: their phases in order; what opens a run of one on real hosts',
    mayImport: ['core', 'facts', 'engine', 'transport', 'phases', 'bundle'],
  },
  'slipway.ts': {
    holds: 'the one way in: all that can be done with a cluster, for commands, scripts and the library',
    mayImport: [
      'core',
      'inventory',
      'facts',
      'phases',
      'engine',
      'transport',
      'kubeconfig',
      'etcd',
      'bundle',
      'report',
      'workflows',
    ],
  },
  cli: {
    holds: 'one thin file per command',
    mayImport: ['core', 'importers', 'kubeconfig', 'etcd', 'bundle', 'report', 'slipway.ts'],
  },
  'index.ts': {
    holds: 'the library: the way in, and what a script shows its results with',
    mayImport: ['core', 'engine', 'kubeconfig', 'etcd', 'report', 'slipway.ts'],
  },
  'testing.ts': {
    holds: 'tests of an inventory without a host, for the test runners of users',
    mayImport: ['core', 'report', 'slipway.ts'],
  },
  'main.ts': {
    holds: 'the composition root, and the only file that touches the process',
    mayImport: ['core', 'report', 'slipway.ts', 'cli'],
  },
} satisfies Readonly<Record<string, Room>>;

/**
 * The table of layers, once it is seen to be true of `src`.
 *
 * @throws {Error} when a room is missing in the table or on disk, or imports one that is not below it.
 */
export function layers(): Readonly<Record<string, Room>> {
  const rooms = Object.keys(LAYERS);
  const found = readdirSync(new URL('../src', import.meta.url));
  const problems = [
    ...found
      .filter((room) => !rooms.includes(room))
      .map((room) => `src/${room} is not in the table of layers`),
    ...rooms
      .filter((room) => !found.includes(room))
      .map((room) => `the table of layers has ${room}, src has not`),
    ...Object.entries(LAYERS).flatMap(([room, { mayImport }], index) =>
      mayImport
        .filter((other) => !rooms.slice(0, index).includes(other))
        .map((other) => `${room} may import ${other}, but the table has no ${other} above it`),
    ),
  ];
  if (problems.length > 0) throw new Error(`scripts/layers.ts: ${problems.join('; ')}`);
  return LAYERS;
}
