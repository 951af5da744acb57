import { Writable } from 'node:stream';

import { runCli } from '#cli/run-cli.ts';
import type { Spawn } from '#cli/cli-context.ts';
import type { Cluster, Host } from '#core/cluster.ts';
import type { RunEvent, RunReport } from '#core/event.ts';
import type { Answers } from '#core/fact.ts';
import type { Graph } from '#core/graph.ts';
import type { Plan } from '#core/plan.ts';
import { none, resource } from '#core/resource.ts';
import type { CheckResult } from '#core/verification.ts';
import type { Etcd } from '#etcd/etcd.ts';
import type { ApiState } from '#facts/api.ts';
import type { ChangeTime } from '#facts/change-times.ts';
import { readKubeconfig } from '#kubeconfig/kubeconfig-file.ts';
import { certificateList } from '#report/certificate-list.ts';
import { statusOf } from '#report/status.ts';
import type { Ask } from '#report/terminal-ask.ts';
import type { Slipway, SlipwayOptions } from '#slipway.ts';
import { graphNode } from '../support/graph-node.ts';

export interface FakeOptions {
  readonly plan?: Plan;
  readonly report?: RunReport;
  /** What listeners hear during an apply. */
  readonly events?: readonly RunEvent[];
  readonly mirrors?: Cluster['mirrors'];
  readonly api?: ApiState;
  readonly kubeconfig?: string;
  readonly etcd?: Etcd;
  /** When a tunnel is cut; default: never. */
  readonly tunnelLost?: Promise<void>;
  readonly checks?: readonly CheckResult[];
  /** When whatever is asked about was changed; default: nobody knows. */
  readonly changed?: ChangeTime;
  /** What is thrown by everything that needs hosts. */
  readonly failure?: unknown;
  /** What is thrown where an inventory is opened. */
  readonly openFailure?: Error;
  readonly ask?: Ask;
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly isTTY?: boolean;
  readonly signal?: AbortSignal;
  readonly spawn?: Spawn;
}

/** What the commands asked for. */
export interface Calls {
  readonly opened: (SlipwayOptions & { readonly path: string })[];
  /** Names of the methods that were called, in their order. */
  readonly called: (keyof Slipway)[];
  readonly applied: Plan[];
  readonly recordings: (Answers | undefined)[];
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
  const calls: Calls = { opened: [], called: [], applied: [], recordings: [], closed: 0 };
  const stdout = sink(options.isTTY);
  const stderr = sink(false);
  const code = await runCli({
    argv,
    env: options.env ?? {},
    stdout: stdout.stream,
    stderr: stderr.stream,
    ask: options.ask,
    stdin: options.stdin === undefined ? undefined : async () => options.stdin ?? '',
    spawn: options.spawn,
    signal: options.signal ?? new AbortController().signal,
    version: '1.2.3',
    holder: 'the test',
    openSlipway: async (path, settings) => {
      if (typeof path !== 'string' && !Array.isArray(path)) throw new TypeError('commands name files');
      calls.opened.push({ ...settings, path: [path].flat().join(' ') });
      if (options.openFailure !== undefined) throw options.openFailure;
      return fakeSlipway(options, calls);
    },
  });
  return { code, stdout: stdout.text(), stderr: stderr.text(), calls };
}

const host = (name: string, role: Host['role']): Partial<Host> => ({ name, role, labels: {} });

/** The fields that commands look at. */
export const cluster = {
  name: 'lab',
  kubernetes: { version: '1.34.9' },
  policy: { forbid: [] },
  mirrors: null,
  hosts: [host('cp1', 'control-plane'), host('gpu01', 'worker'), host('gpu02', 'worker')],
  leaving: [],
} as unknown as Cluster;

export const goodReport: RunReport = {
  changed: 3,
  unchanged: 1,
  failed: [],
  skipped: [],
  paused: [],
  afterwards: [],
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
  controlPlanes: ['cp1'],
  secrets: [],
};

function fakeSlipway(options: FakeOptions, calls: Calls): Slipway {
  /** Whatever needs hosts. */
  const onHosts = async <Result>(name: keyof Slipway, work: () => Result): Promise<Result> => {
    calls.called.push(name);
    if (options.failure !== undefined) throw options.failure;
    return work();
  };
  const plan = (): Plan => {
    if (options.plan === undefined) throw new TypeError('this test gave the stand-in no plan');
    return options.plan;
  };
  const kubeconfig = (server?: string) => readKubeconfig(options.kubeconfig ?? '', { name: 'lab', server });
  const close = async (): Promise<void> => {
    calls.closed += 1;
  };
  return {
    cluster: { ...cluster, mirrors: options.mirrors ?? null },
    plan: () => onHosts('plan', plan),
    changeTimes: (asked) => onHosts('changeTimes', () => asked.map(() => options.changed ?? null)),
    facts: () => onHosts('facts', plan),
    apply: (applied) =>
      onHosts('apply', () => {
        calls.applied.push(applied);
        for (const event of options.events ?? []) calls.opened.at(-1)?.listener?.(event);
        return options.report ?? goodReport;
      }),
    certificates: () =>
      onHosts('certificates', () => certificateList(plan(), Date.parse('2026-11-28T00:00:00Z'))),
    status: () => onHosts('status', () => statusOf(plan(), cluster.hosts, options.api)),
    doctor: () => onHosts('doctor', () => options.checks ?? []),
    verify: (onResult) =>
      onHosts('verify', () => {
        for (const result of options.checks ?? []) onResult?.(result);
        return options.checks ?? [];
      }),
    kubeconfig: (server) => onHosts('kubeconfig', () => kubeconfig(server)),
    tunnel: () =>
      onHosts('tunnel', () => ({
        port: 12_345,
        lost: options.tunnelLost ?? new Promise(() => undefined),
        kubeconfig: kubeconfig('https://127.0.0.1:12345'),
        close,
      })),
    bundle: async () => {
      throw new TypeError('this test gave the stand-in no bundle');
    },
    etcd: () =>
      onHosts('etcd', () => {
        if (options.etcd === undefined) throw new TypeError('this test gave the stand-in no etcd');
        return options.etcd;
      }),
    offlinePlan: async (answers) => {
      calls.recordings.push(answers);
      return plan();
    },
    graph: async () => graph,
    close,
    [Symbol.asyncDispose]: close,
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
