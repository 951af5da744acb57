import { Writable } from 'node:stream';

import { runCli } from '#cli/run-cli.ts';
import type { Ask, Spawn } from '#cli/cli-context.ts';
import type { ClusterNode } from '#cli/cluster-nodes.ts';
import type { EnginePort, RunRequest, Selection, TunnelRequest } from '#cli/engine-port.ts';
import type { Cluster, Host } from '#core/cluster.ts';
import type { RunReport } from '#core/event.ts';
import type { Answers } from '#core/fact.ts';
import type { Graph } from '#core/graph.ts';
import type { Plan } from '#core/plan.ts';
import { none, resource } from '#core/resource.ts';
import type { CheckResult } from '#core/verification.ts';
import { graphNode } from '../support/graph-node.ts';

export interface FakeOptions {
  readonly plan?: Plan;
  readonly report?: RunReport;
  readonly nodes?: readonly ClusterNode[];
  readonly kubeconfig?: string;
  /** When a tunnel is cut; default: never. */
  readonly tunnelLost?: Promise<void>;
  readonly checks?: readonly CheckResult[];
  /** Hosts that never answer. */
  readonly isHanging?: boolean;
  /** What is thrown by everything that needs hosts. */
  readonly failure?: unknown;
  readonly ask?: Ask;
  readonly env?: Readonly<Record<string, string>>;
  readonly isTTY?: boolean;
  readonly signal?: AbortSignal;
  readonly spawn?: Spawn;
}

/** What the commands asked the engine for. */
export interface Calls {
  readonly inventories: { readonly path: string; readonly secrets: 'read' | 'skip' }[];
  readonly runs: RunRequest[];
  readonly offline: (Selection & { readonly answers?: Answers })[];
  readonly graphs: Selection[];
  readonly applied: { readonly plan: Plan; readonly saved: Plan | undefined }[];
  readonly tunnels: TunnelRequest[];
  closed: number;
}

export interface FakeResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly calls: Calls;
}

/** Runs a command line with a stand-in for the engine and for the terminal. */
export async function fakeCli(argv: readonly string[], options: FakeOptions = {}): Promise<FakeResult> {
  const calls: Calls = {
    inventories: [],
    runs: [],
    offline: [],
    graphs: [],
    applied: [],
    tunnels: [],
    closed: 0,
  };
  const stdout = sink(options.isTTY);
  const stderr = sink(false);
  const code = await runCli({
    argv,
    env: options.env ?? {},
    stdout: stdout.stream,
    stderr: stderr.stream,
    ask: options.ask,
    spawn: options.spawn,
    signal: options.signal ?? new AbortController().signal,
    version: '1.2.3',
    engine: fakeEngine(options, calls),
  });
  return { code, stdout: stdout.text(), stderr: stderr.text(), calls };
}

const host = (name: string, role: Host['role']): Partial<Host> => ({ name, role });

/** The fields that commands look at. */
export const cluster = {
  name: 'lab',
  kubernetes: { version: '1.34.9' },
  hosts: [host('cp1', 'control-plane'), host('gpu01', 'worker'), host('gpu02', 'worker')],
} as unknown as Cluster;

export const goodReport: RunReport = {
  changed: 3,
  unchanged: 1,
  failed: [],
  skipped: [],
  unreachable: [],
  left: [],
  restarts: [],
  unrevoked: [],
  criticalPath: [],
  elapsedMs: 1500,
};

const graph: Graph = {
  phases: ['swap'],
  nodes: [
    graphNode(resource({ address: 'swap:live', facts: {}, diff: () => none('') }), {
      host: 'cp1',
      phase: 'swap',
    }),
  ],
  clusterHost: 'cp1',
  secrets: [],
};

function fakeEngine(options: FakeOptions, calls: Calls): EnginePort {
  const plan = (): Plan => {
    if (options.plan === undefined) throw new TypeError('this test gave the stand-in no plan');
    return options.plan;
  };
  return {
    loadInventory: async (path, { secrets }) => {
      calls.inventories.push({ path, secrets });
      return { cluster, path };
    },
    openRun: async (request) => {
      calls.runs.push(request);
      return {
        plan: async () => {
          if (options.isHanging === true) await new Promise(() => undefined);
          if (options.failure !== undefined) throw options.failure;
          return plan();
        },
        apply: async (applied, saved) => {
          calls.applied.push({ plan: applied, saved });
          return options.report ?? goodReport;
        },
        kubeconfig: async () => options.kubeconfig ?? '',
        nodes: async () => options.nodes,
        verify: async (onResult) => {
          const results = options.checks ?? [];
          for (const result of results) onResult(result);
          return results;
        },
        tunnel: async (wanted) => {
          calls.tunnels.push(wanted);
          return {
            port: 12_345,
            lost: options.tunnelLost ?? new Promise(() => undefined),
            close: async () => {
              calls.closed += 1;
            },
          };
        },
        close: async () => {
          calls.closed += 1;
        },
      };
    },
    offlinePlan: async (request) => {
      calls.offline.push(request);
      return plan();
    },
    graph: async (request) => {
      calls.graphs.push(request);
      return graph;
    },
    phases: async () => [
      { name: 'swap', summary: 'no swap' },
      { name: 'kernel', summary: 'modules' },
    ],
  };
}

function sink(isTTY = false): { readonly stream: Writable; readonly text: () => string } {
  let text = '';
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      text += String(chunk);
      done();
    },
  });
  return { stream: Object.assign(stream, { isTTY, columns: 100 }), text: () => text };
}
