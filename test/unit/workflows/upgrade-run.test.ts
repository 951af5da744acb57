import { describe, expect, it } from 'vitest';

import type { RunReport } from '#core/event.ts';
import { ConnectionLost } from '#core/execution-error.ts';
import type { Connection, Execution, ExecutionResult, Transport } from '#core/transport.ts';
import type { PhaseResource } from '#core/phase.ts';
import type { Workflow } from '#core/workflow.ts';
import { Run } from '#engine/run.ts';
import { Session } from '#engine/session.ts';
import { applyWorkflow } from '#workflows/apply.ts';

import { modelObserver, playSteps } from '../../support/played-steps.ts';
import { answersOf, clusterOf, type ModelHost, NEW, OLD, roleOf } from './upgrade-model.ts';

const NAMES = ['cp1', 'cp2', 'cp3', 'w1', 'w2'];

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };
type Hosts = Record<string, Writable<ModelHost>>;

/** What a line of a step does to the model: a stand-in for the programs that it names. */
type Effect = readonly [RegExp, (model: Model, host: string, words: RegExpExecArray) => void];

const EFFECTS: readonly Effect[] = [
  [/^ln -f "\$newest" slipway-before-/, (model, host) => model.set(host, { isSaved: true })],
  [/\bkubeadm=(\S+?)-1\.1/, (model, host, [, version]) => model.set(host, { kubeadm: version ?? OLD })],
  [/\bkubelet=(\S+?)-1\.1/, (model, host, [, version]) => model.set(host, { installed: version ?? OLD })],
  [/kubeadm upgrade (apply|node)/, (model, host, [, verb]) => model.kubeadm(host, verb ?? '')],
  [/^rm -f -- \/var\/lib\/slipway\/kubeadm-upgrade/, (model, host) => model.forget(host)],
  [/^systemctl restart kubelet/, (model, host) => model.restart(host)],
  [/ annotate node (\S+) --overwrite (\S+)=true/, (model, _, [, node, key]) => model.mark(node, key, 'true')],
  [/ annotate node (\S+) (slipway[^=']*-)$/, (model, _, [, node, keys]) => model.unmark(node, keys)],
  [/ uncordon (\S+)/, (model, _, [, node = '']) => model.set(node, { isCordoned: false })],
  [/ cordon (\S+)/, (model, _, [, node = '']) => model.set(node, { isCordoned: true })],
  [/ drain (\S+) /, (model, _, [, node = '']) => model.drain(node)],
];

class Model {
  readonly hosts: Hosts;
  readonly log: string[] = [];
  /** What must never be so, and was. */
  readonly faults: string[] = [];
  /** Nodes of which a budget lets no pod go. */
  readonly blocked = new Set<string>();
  /** The effect at which the run is cut off, before it comes about. */
  cutAt = Number.POSITIVE_INFINITY;
  cut = new AbortController();

  constructor(hosts: Hosts) {
    this.hosts = hosts;
  }

  set(name: string, more: ModelHost): void {
    Object.assign(this.hosts[name]!, more);
  }

  mark(name = '', key = '', value = ''): void {
    this.set(name, { annotations: { ...this.hosts[name]?.annotations, [key]: value } });
  }

  unmark(name = '', keys = ''): void {
    const gone = new Set(keys.split(' ').map((key) => key.slice(0, -1)));
    const left = Object.entries(this.hosts[name]?.annotations ?? {}).filter(([key]) => !gone.has(key));
    this.set(name, { annotations: Object.fromEntries(left) });
  }

  kubeadm(name: string, verb: string): void {
    const { kubeadm } = this.hosts[name]!;
    if (kubeadm !== NEW) throw new Error(`kubeadm ${kubeadm} upgrades to nothing`);
    if ((verb === 'apply') !== (name === 'cp1')) throw new Error(`kubeadm upgrade ${verb} on ${name}`);
    if (verb === 'apply' && this.hosts[name]?.isSaved !== true) throw new Error('no snapshot was saved');
    if (verb === 'node' && this.hosts['cp1']?.record !== NEW && this.hosts['cp1']?.installed !== NEW)
      throw new Error(`${name} before the first control plane`);
    this.set(name, { record: NEW });
  }

  forget(name: string): void {
    delete this.hosts[name]!.record;
  }

  restart(name: string): void {
    this.set(name, { runs: this.hosts[name]!.installed ?? OLD });
  }

  drain(name: string): void {
    if (this.hosts[name]?.isCordoned !== true) throw new Error(`${name} is not cordoned`);
    if (this.blocked.has(name))
      throw new Error("Cannot evict pod as it would violate the pod's disruption budget.");
  }

  /** What must be so at every moment. */
  check(): void {
    const out = NAMES.filter((name) => this.hosts[name]?.annotations?.['slipway/cordoned'] !== undefined);
    if (out.length > 1) this.faults.push(`out of service at once: ${out.join(', ')}`);
    const versionOf = (name: string): string => this.hosts[name]?.runs ?? this.hosts[name]?.installed ?? OLD;
    const isOldControlPlane = ['cp1', 'cp2', 'cp3'].some(
      (name) => this.hosts[name]?.record !== NEW && versionOf(name) === OLD,
    );
    const newWorkers = ['w1', 'w2'].filter((name) => this.hosts[name]?.installed === NEW);
    if (isOldControlPlane && newWorkers.length > 0)
      this.faults.push(`${newWorkers.join(', ')} before the control planes`);
  }

  run(host: string, execution: Execution): ExecutionResult {
    return playSteps(execution, (shell) => this.#take(host, shell));
  }

  #take(host: string, shell: string): string | undefined {
    for (const text of shell.split('\n')) {
      const line = text.replace(/^\( timeout .* sh -ec '/, '').replace(/' <\/dev\/null$/, '');
      const [pattern, effect] = EFFECTS.find(([one]) => one.test(line)) ?? [];
      if (pattern === undefined || effect === undefined) continue;
      this.log.push(`${host}: ${line.replace(/kubectl --kubeconfig=\S+ --cache-dir=\S+/, 'kubectl').trim()}`);
      if (this.log.length >= this.cutAt) {
        this.cut.abort();
        throw new ConnectionLost(host, 'the run was cut off');
      }
      try {
        effect(this, host, pattern.exec(line)!);
        this.check();
      } catch (error) {
        return (error as Error).message;
      }
    }
    return undefined;
  }
}

const inService = (): Model =>
  new Model(Object.fromEntries(NAMES.map((name) => [name, { installed: OLD, runs: OLD }])));

/** The API server of the model is never away: nobody has to wait for it. */
const AT_ONCE: Workflow = {
  ...applyWorkflow,
  phases: applyWorkflow.phases.map((phase) => ({
    ...phase,
    ...(phase.resources && { resources: (...args) => phase.resources!(...args).map(withoutWait) }),
  })),
};

function withoutWait(one: PhaseResource): PhaseResource {
  if (!('settle' in one)) return one;
  const { remedy, ...settle } = one.settle;
  return { ...one, settle: { ...settle, pauseMs: 1, ...(remedy && { remedy: { ...remedy, afterMs: 0 } }) } };
}

/** Applies the phase alone: what others would do, the model does not know. */
async function apply(model: Model, wanted = NEW): Promise<RunReport> {
  model.cut = new AbortController();
  const given = { wanted, hosts: model.hosts };
  const transport: Transport = {
    connect: ({ name }) =>
      Promise.resolve({
        host: name,
        isOpen: true,
        executions: 0,
        execute: (execution: Execution) => Promise.resolve().then(() => model.run(name, execution)),
        close: () => Promise.resolve(),
      } as unknown as Connection),
  };
  const session = new Session({
    cluster: await clusterOf(given),
    workflow: AT_ONCE,
    transport,
    fetchFile: () => Promise.reject(new Error('there is nothing to fetch')),
    observe: modelObserver((host, facts) => answersOf(host, facts, given)),
    listener: () => undefined,
    signal: model.cut.signal,
    concurrency: 10,
  });
  const run = new Run(session, { artifacts: new Map(), only: ['upgrade'] });
  const report = await run.apply(await run.plan());
  await session.close();
  return report;
}

const expectUpgraded = (model: Model, version = NEW): void => {
  expect(model.faults).toEqual([]);
  for (const name of NAMES) {
    const { installed, runs, record, isCordoned = false, annotations = {} } = model.hosts[name]!;
    expect({ name, installed, runs, record, isCordoned, annotations }).toEqual({
      name,
      installed: version,
      runs: version,
      record: undefined,
      isCordoned: false,
      annotations: {},
    });
  }
};

describe('an upgrade of three control planes and two workers', { timeout: 120_000 }, () => {
  it('does one node after the other, each from kubeadm to its way back into service', async () => {
    const model = inService();
    const report = await apply(model);
    expect(report).toMatchObject({ failed: [], skipped: [], left: [] });
    expectUpgraded(model);
    const first = model.log.filter((line) => line.includes('w1'));
    expect(
      first.map((line) =>
        line.replace(/^(\S+ (?:\S+ )?).*?(kubeadm upgrade \w+|kubeadm=|kubelet=).*/, '$1$2'),
      ),
    ).toEqual([
      expect.stringContaining('kubeadm='),
      expect.stringContaining('kubeadm upgrade node'),
      'cp1: kubectl annotate node w1 --overwrite slipway/cordoned=true',
      'cp1: kubectl cordon w1',
      expect.stringContaining('drain w1'),
      'cp1: kubectl annotate node w1 --overwrite slipway/drained=true',
      expect.stringContaining('kubelet='),
      'w1: systemctl restart kubelet.service',
      'w1: rm -f -- /var/lib/slipway/kubeadm-upgrade',
      'cp1: kubectl uncordon w1',
      'cp1: kubectl annotate node w1 slipway/cordoned- slipway/drained-',
    ]);
    const order = model.log.flatMap((line) => / uncordon (\S+)/.exec(line)?.[1] ?? []);
    expect(order).toEqual(NAMES);
  });

  it('is gone on with wherever it was cut off, and leaves no node cordoned', async () => {
    const whole = inService();
    await apply(whole);
    for (let cutAt = 1; cutAt <= whole.log.length; cutAt += 1) {
      const model = inService();
      model.cutAt = cutAt;
      await apply(model);
      expect(model.cut.signal.aborted, `cut at ${whole.log[cutAt - 1]}`).toBe(true);
      model.cutAt = Number.POSITIVE_INFINITY;
      const report = await apply(model);
      expect(report, `cut at ${whole.log[cutAt - 1]}`).toMatchObject({ failed: [], skipped: [], left: [] });
      expectUpgraded(model);
    }
  });

  it('stops where a budget lets no pod go, and goes on when it does', async () => {
    const model = inService();
    model.blocked.add('w1');
    const report = await apply(model);
    expect(report.failed).toMatchObject([{ node: { host: 'w1', address: 'drain:w1' } }]);
    expect(model.hosts['w2']).toEqual({ installed: OLD, runs: OLD });
    expect(model.hosts['w1']).toMatchObject({
      isCordoned: true,
      annotations: { 'slipway/cordoned': 'true' },
    });
    model.blocked.clear();
    expect(await apply(model)).toMatchObject({ failed: [], skipped: [], left: [] });
    expectUpgraded(model);
  });

  it('that a budget stopped is taken back, and its node uncordoned, by the old version in the inventory', async () => {
    const model = inService();
    model.hosts['w1'] = {
      installed: OLD,
      runs: OLD,
      isCordoned: true,
      annotations: { 'slipway/cordoned': 'true' },
    };
    expect(await apply(model, OLD)).toMatchObject({ failed: [], left: [] });
    expectUpgraded(model, OLD);
  });

  it('leaves a node cordoned that somebody else has cordoned', async () => {
    const model = inService();
    model.hosts['w2']!.isCordoned = true;
    expect(await apply(model)).toMatchObject({ failed: [], skipped: [], left: [] });
    expect(model.hosts['w2']).toMatchObject({ installed: NEW, runs: NEW, isCordoned: true, annotations: {} });
    expect(NAMES.every((name) => roleOf(name) !== 'worker' || model.hosts[name]?.installed === NEW)).toBe(
      true,
    );
  });
});
