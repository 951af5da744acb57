import type { Cluster, Host } from '#core/cluster.ts';
import type { Plan, PlanHost } from '#core/plan.ts';
import type { CheckResult } from '#core/verification.ts';
import { os, type OsAnswer } from '#facts/os.ts';
import { counted } from '#report/text/text-layout.ts';

/** What a machine logs in with where the inventory names nothing. */
export interface Means {
  readonly isAgentNamed: boolean;
  readonly agentKeys: number;
  readonly files: readonly string[];
  readonly locked: readonly string[];
}

/**
 * What is missing before the first apply: on this machine, then on each host, with the command that mends it.
 *
 * @param plan of the checks before all changes, and nothing else.
 */
export function examination(cluster: Cluster, means: Means, plan: Plan): readonly CheckResult[] {
  const asked = new Set(plan.hosts.map(({ name }) => name));
  const hosts = cluster.hosts.filter(({ name }) => asked.has(name));
  return [...keysResults(hosts, means), ...plan.hosts.flatMap((host) => hostResults(host, plan))];
}

function keysResults(
  hosts: readonly Host[],
  { isAgentNamed, agentKeys, files, locked }: Means,
): readonly CheckResult[] {
  const first = hosts.find(
    ({ identityFile, password, connection }) =>
      identityFile === undefined && password === undefined && connection !== 'local',
  );
  const summary = 'there is something to log in with';
  if (first === undefined) return [result('Keys', summary, 'passed', 'each host has its own way to log in')];
  const has = [...(agentKeys > 0 ? [`${counted(agentKeys, 'key')} of the agent`] : []), ...files];
  if (has.length > 0) return [result('Keys', summary, 'passed', has.join(', '))];
  const [key] = locked;
  const isLocked = key !== undefined;
  const why = isLocked
    ? `${key} is locked, and the SSH agent does not hold it`
    : `${isAgentNamed ? 'the SSH agent holds no key' : 'there is no SSH agent'}, and no usual key in ~/.ssh`;
  const start = isAgentNamed ? '' : 'eval "$(ssh-agent)" && ';
  const hint = isLocked
    ? `${start}ssh-add ${key}`
    : `make one, and bring it to each host: ssh-keygen -t ed25519 && ssh-copy-id -p ${first.port} ${first.user}@${first.address}`;
  return [result('Keys', summary, 'failed', why, hint)];
}

function hostResults({ name, unreachable, hint }: PlanHost, plan: Plan): readonly CheckResult[] {
  const summary = 'it is reached, and fit to become a node';
  if (unreachable !== undefined) return [result(name, summary, 'failed', unreachable, hint)];
  const refusals = plan.nodes.flatMap(({ host, outcome }) =>
    host === name && outcome.answer === 'refused'
      ? [result(outcome.check, summary, 'failed', `${name}: ${outcome.why}`, outcome.hint)]
      : [],
  );
  return refusals.length > 0 ? refusals : [result(name, summary, 'passed', machineIn(plan, name))];
}

function machineIn({ facts }: Plan, name: string): string {
  const { family, key } = os();
  const machine = facts[name]?.[family.name]?.[key] as OsAnswer | undefined;
  if (machine === undefined) return 'reached';
  const { prettyName, arch, cpus, memoryKib } = machine;
  return `${prettyName}, ${arch}, ${counted(cpus, 'CPU')}, ${Math.round(memoryKib / 1024)} MiB`;
}

const result = (
  name: string,
  summary: string,
  status: CheckResult['status'],
  message: string,
  hint?: string,
): CheckResult => ({ name, summary, status, elapsedMs: 0, message, ...(hint !== undefined && { hint }) });
