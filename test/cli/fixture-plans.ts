import type { Plan, PlanNode } from '#core/plan.ts';
import { differs, none, type Outcome, refused } from '#core/resource.ts';
import { command } from '#core/shell.ts';

const node = (host: string, address: string, outcome: Outcome): PlanNode => ({
  id: `${host}/kernel/${address}`,
  host,
  runsOn: host,
  phase: 'kernel',
  address,
  needs: [],
  outcome,
});

const change: Outcome = {
  answer: 'change',
  differences: differs('live value', '0', '1'),
  steps: [{ do: 'run', summary: 'set it', script: command('sysctl', '-w', 'net.ipv4.ip_forward=1') }],
};

const plan = (hosts: Plan['hosts'], nodes: readonly PlanNode[]): Plan => ({
  format: 'slipway-plan/2',
  cluster: 'lab',
  kubernetes: '1.34.9',
  phases: ['kernel'],
  hosts,
  nodes,
  facts: { cp1: { sysctl: { '"net.ipv4.ip_forward"': '0' } } },
});

const address = 'sysctl:net.ipv4.ip_forward';

export const pending = plan(
  [{ name: 'cp1' }, { name: 'gpu01' }],
  [node('cp1', address, change), node('gpu01', address, none('1 already'))],
);

export const nothing = plan([{ name: 'cp1' }], [node('cp1', address, none('1 already'))]);

export const blocked = plan(
  [{ name: 'cp1' }],
  [
    node('cp1', address, change),
    node('cp1', 'check:cpu', refused('NumCPU', '1 CPU, 2 needed', 'give it another')),
  ],
);

export const gap = plan(
  [{ name: 'cp1' }, { name: 'gpu01', unreachable: 'no route to host' }],
  [node('cp1', address, change)],
);
