import type { Plan, PlanNode } from '#core/plan.ts';
import type { ChangeTime, PlacedTrace, Trace } from '#facts/change-times.ts';
import { groupAlike, OWN_NAME } from '#report/text/group-alike.ts';
import { formatHosts } from '#report/text/host-names.ts';
import { type Paint, painter } from '#report/text/paint.ts';
import { titledTable } from '#report/text/table.ts';
import { paragraphs, printable } from '#report/text/text-layout.ts';
import type { JournalHead } from './journal.ts';
import type { RecordedRun } from './recorded-run.ts';

/** What has changed on hosts since a run left them as they should be. */
export interface Drift {
  /** Of the run. */
  readonly head: JournalHead;
  /** When the run came to its end. */
  readonly since: string;
  readonly nodes: readonly DriftedNode[];
}

export interface DriftedNode {
  readonly host: string;
  readonly address: string;
  /** What differs. */
  readonly what: readonly string[];
  /** Where it is to be found out since when. */
  readonly traces: readonly PlacedTrace[];
}

/** All that is to be found out. */
export const tracesOf = ({ nodes }: Drift): readonly PlacedTrace[] => nodes.flatMap(({ traces }) => traces);

/** The inventory and the slipway that made a plan. */
export interface Maker {
  /** sha256 of the cluster as the inventory describes it now. */
  readonly inventory: string;
  readonly slipway: string;
}

/** Empty where that cannot be told, as the inventory or slipway has changed as well, or nothing has. */
export function driftSince(run: RecordedRun, plan: Plan, { inventory, slipway }: Maker): Drift | undefined {
  const { head, report } = run;
  const isComparable =
    head.inventory === inventory && head.slipway === slipway && head.cluster === plan.cluster;
  if (report === undefined || !isComparable) return undefined;
  const notDone = new Set(
    [...report.failed, ...report.skipped, ...report.paused, ...report.left].map(({ node }) => node.id),
  );
  const known = new Set(run.plan.nodes.flatMap(({ id }) => (notDone.has(id) ? [] : [id])));
  const nodes = plan.nodes.flatMap((node) => (known.has(node.id) ? driftedNode(node) : []));
  const ended = new Date(Date.parse(head.startedAt) + report.elapsedMs);
  return nodes.length === 0 ? undefined : { head, since: ended.toISOString(), nodes };
}

function driftedNode({ host, runsOn, address, outcome }: PlanNode): readonly DriftedNode[] {
  if (outcome.answer !== 'change') return [];
  const what = outcome.differences.map((difference) => difference.what);
  const traces = new Map(
    what.flatMap((one) => {
      const trace = traceOf(address, one);
      return trace === undefined ? [] : [[trace.name, { host: runsOn, trace }]];
    }),
  );
  return [{ host, address, what, traces: [...traces.values()] }];
}

/** What may tell when something was changed that differs: `content` of `file:/etc/fstab`, `containerd version`. */
function traceOf(address: string, what: string): Trace | undefined {
  const [, kind = '', name = ''] = /^([^:]*):(.*)$/.exec(address) ?? [];
  if (what.startsWith('/')) return { of: 'file', name: what };
  if (kind === 'packages' && what.endsWith(' version'))
    return { of: 'package', name: what.slice(0, -' version'.length) };
  if (kind === 'unit' && what === 'active') return { of: 'unit', name };
  if (kind === 'manifest' && /^[A-Z]\w* /.test(what)) return { of: 'object', name: what };
  return name.startsWith('/') && !name.includes('*') ? { of: 'file', name } : undefined;
}

export interface DriftOptions {
  readonly color: boolean;
  readonly width: number;
}

/** @param times of `tracesOf`, as far as they are known. */
export function renderDrift(
  drift: Drift,
  times: readonly (ChangeTime | null)[],
  { color, width }: DriftOptions,
): string {
  const { head, since, nodes } = drift;
  const known = new Map(tracesOf(drift).map((trace, index) => [trace, times[index] ?? null]));
  const byPlace = new Map(nodes.map((node) => [`${node.host} ${node.address}`, node]));
  const values = nodes.map(({ host, address, what }) => ({ host, value: { address, what } }));
  const rows = groupAlike(values).map(({ hosts, value: { address, what } }) => {
    const own = hosts.flatMap((host) => byPlace.get(`${host} ${address.replaceAll(OWN_NAME, host)}`) ?? []);
    const when = whenText(own, known, since);
    return [printable(address), printable(`${what.join(', ')} (${formatHosts(hosts)})${when}`)];
  });
  const paint: Paint = painter(color);
  const title = `Drift: changed by somebody else since the run of ${head.startedAt} by ${printable(head.holder)}`;
  return `\n${paragraphs([titledTable(title, rows, { paint, width })])}`;
}

/** Times before the end of the run are of what the run has done, or of something else. */
function whenText(
  nodes: readonly DriftedNode[],
  times: ReadonlyMap<PlacedTrace, ChangeTime | null>,
  since: string,
): string {
  const found = nodes
    .flatMap(({ host, traces }) =>
      traces.flatMap((trace) => {
        const time = times.get(trace) ?? null;
        return time === null || Date.parse(time.at) < Date.parse(since) ? [] : [{ ...time, host }];
      }),
    )
    .toSorted((left, right) => Date.parse(left.at) - Date.parse(right.at));
  const [first] = found;
  if (first === undefined) return '';
  const by = first.by === null ? '' : ` by ${first.by}`;
  return nodes.length === 1 ? `, since ${first.at}${by}` : `, first at ${first.at} on ${first.host}${by}`;
}
