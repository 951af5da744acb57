import type { Cluster } from '#core/cluster.ts';
import { EXIT } from '#core/exit-code.ts';
import type { Plan } from '#core/plan.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import type { Connection, Execution, Transport } from '#core/transport.ts';
import type { Workflow } from '#core/workflow.ts';
import type { Selection } from '#engine/build-graph.ts';
import { Run } from '#engine/run.ts';
import { Session } from '#engine/session.ts';
import { renderTextPlan } from '#report/plan/text-plan.ts';
import { applyWorkflow } from '#workflows/apply.ts';

import { modelObserver } from '../../support/played-steps.ts';
import { parse } from '../inventory/inventory-fixture.ts';
import type { RemovalModel } from './removal-model.ts';

export const ALL = ['cp1', 'cp2', 'cp3', 'w1', 'w2'] as const;

export const inventoryOf = (names: readonly string[], absent: readonly string[]): string => `
kubernetes: {version: 1.34.9, controlPlaneEndpoint: 10.0.0.99:6443}
network: {plugin: none}
hosts:
${names
  .map((name, index) => {
    const role = name.startsWith('cp') ? 'control-plane' : 'worker';
    const state = absent.includes(name) ? ', state: absent' : '';
    return `  - {name: ${name}, address: 10.0.0.${index + 1}, role: ${role}${state}}`;
  })
  .join('\n')}
`;

export const clusterOf = async (
  absent: readonly string[],
  names: readonly string[] = ALL,
): Promise<Cluster> => (await parse(inventoryOf(names, absent))).cluster;

/** The phases of a removal: what others would do, the model does not know. */
export const ONLY = ['removed-nodes', 'reset', 'leftovers'];

export function opened(
  model: RemovalModel,
  cluster: Cluster,
  workflow: Workflow = applyWorkflow,
  selection: Selection = { only: ONLY },
) {
  const connected: string[] = [];
  model.cut = new AbortController();
  const transport: Transport = {
    connect: ({ name }) => {
      connected.push(name);
      const away = { code: 'host-unreachable', exitCode: EXIT.unreachable, host: name };
      const host = model.of(name);
      if (!host.isAlive || host.refusesLogins === true)
        return Promise.reject(
          new SlipwayError(`${name} ${host.isAlive ? 'refuses logins' : 'is off'}`, away),
        );
      return Promise.resolve({
        host: name,
        isOpen: true,
        executions: 0,
        execute: (execution: Execution) => Promise.resolve().then(() => model.run(name, execution)),
        close: () => Promise.resolve(),
      } as unknown as Connection);
    },
  };
  const session = new Session({
    cluster,
    workflow,
    transport,
    fetchFile: () => Promise.reject(new Error('there is nothing to fetch')),
    observe: modelObserver((host, facts) => model.answersOf(host, facts)),
    listener: () => undefined,
    signal: model.cut.signal,
    concurrency: 10,
  });
  return { run: new Run(session, { artifacts: new Map(), ...selection }), connected };
}

type Opened = Parameters<typeof opened>;

export const planOf = (...given: Opened): Promise<Plan> => opened(...given).run.plan();

export async function applied(...given: Opened) {
  const { run, connected } = opened(...given);
  const report = await run.apply(await run.plan());
  return { report, connected };
}

export const GOOD = { failed: [], skipped: [], left: [], unreachable: [] };

export const refusals = ({ nodes }: Plan) => [
  ...new Set(
    nodes.flatMap(({ host, outcome }) =>
      outcome.answer === 'refused' ? [`${host}: ${outcome.check}: ${outcome.why}`] : [],
    ),
  ),
];

export const text = (plan: Plan): string =>
  renderTextPlan(plan, { color: false, verbose: false, width: 100 });

export const notesOf = ({ nodes }: Plan): readonly string[] => [
  ...new Set(nodes.flatMap(({ outcome }) => ('notes' in outcome ? (outcome.notes ?? []) : []))),
];
