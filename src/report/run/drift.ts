import type { Plan } from '#core/plan.ts';
import { groupAlike } from '#report/text/group-alike.ts';
import { formatHosts } from '#report/text/host-names.ts';
import { type Paint, painter } from '#report/text/paint.ts';
import { titledTable } from '#report/text/table.ts';
import { paragraphs, printable } from '#report/text/text-layout.ts';
import type { RecordedRun } from './recorded-run.ts';

/** What a plan is compared with: the inventory and the slipway that made it. */
export interface DriftOptions {
  /** sha256 of the cluster as the inventory describes it now. */
  readonly inventory: string;
  readonly slipway: string;
  readonly color: boolean;
  readonly width: number;
}

/**
 * What has changed on hosts since a run left them as they should be; empty where that cannot be told, as the inventory or
 * slipway has changed as well, or nothing has.
 */
export function renderDrift(plan: Plan, run: RecordedRun, options: DriftOptions): string {
  const { head, report } = run;
  const isComparable =
    head.inventory === options.inventory && head.slipway === options.slipway && head.cluster === plan.cluster;
  if (report === undefined || !isComparable) return '';
  const notDone = new Set(
    [...report.failed, ...report.skipped, ...report.paused, ...report.left].map(({ node }) => node.id),
  );
  const known = new Set(run.plan.nodes.flatMap(({ id }) => (notDone.has(id) ? [] : [id])));
  const drifted = plan.nodes.flatMap(({ id, host, address, outcome }) =>
    outcome.answer === 'change' && known.has(id)
      ? [{ host, value: { address, what: outcome.differences.map(({ what }) => what) } }]
      : [],
  );
  if (drifted.length === 0) return '';
  const rows = groupAlike(drifted).map(({ hosts, value }) => [
    printable(value.address),
    `${printable(value.what.join(', '))} (${formatHosts(hosts)})`,
  ]);
  const paint: Paint = painter(options.color);
  const title = `Drift: changed by somebody else since the run of ${head.startedAt} by ${printable(head.holder)}`;
  return `\n${paragraphs([titledTable(title, rows, { paint, width: options.width })])}`;
}
