import { formatHosts } from '#report/text/host-names.ts';
import { counted } from '#report/text/text-layout.ts';
import type { GroupView, PlanView } from './plan-view.ts';

/** `Plan: 41 to change, 3 deferred, 12 already right on 3 hosts`, and what is in the way. */
export function summarySentence({ summary, isEmpty }: PlanView): string {
  const { change, deferred, none, refused, unreachable } = summary;
  const hosts = counted(summary.hosts, 'host');
  if (isEmpty) return `No changes. ${counted(none, 'resource')} on ${hosts} are as the inventory says.`;
  const counts = `Plan: ${change} to change, ${deferred} deferred, ${none} already right on ${hosts}`;
  const troubles = [refused > 0 && `${refused} refused`, unreachable > 0 && `${unreachable} unreachable`];
  return [counts, ...troubles.filter((trouble) => trouble !== false)].join(', ');
}

/** The title of the order in which hosts restart a daemon. */
export const TURNS = 'In turns: the first host that does not come up again stops the others';

/** The hosts that are as they should be, in one sentence. */
export function idleSentence({ idle: { hosts, resources } }: PlanView): string {
  const number = hosts.length === 1 ? '' : `${hosts.length} hosts, `;
  return `Nothing to do on ${formatHosts(hosts)} (${number}${resources} already right)`;
}

export function groupTitle({ hosts, isOpen, isVaried }: GroupView): string {
  if (hosts.length === 1) return hosts.join('');
  const names = formatHosts(hosts);
  if (!isOpen) return `${names} (${hosts.length} hosts)`;
  return `${names} (${hosts.length} hosts, the same changes${isVaried ? ', with other values where marked' : ''})`;
}
