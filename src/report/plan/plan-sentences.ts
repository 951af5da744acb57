import { formatHosts } from '#report/text/host-names.ts';
import { counted } from '#report/text/text-layout.ts';
import type { PlanRemarks } from './plan-remarks.ts';
import type { GroupView, PhaseView, PlanView } from './plan-view.ts';

/** `Plan: 118 to change, 31 of them known in part, 12 already right on 3 hosts`, and what is in the way. */
export function summarySentence({ summary, isEmpty }: PlanView): string {
  const { change, inPart, later, deferred, none, refused, unreachable } = summary;
  const hosts = counted(summary.hosts, 'host');
  if (isEmpty) return `No changes. ${counted(none, 'resource')} on ${hosts} are as the inventory says.`;
  const open = [
    inPart > 0 && `${inPart} of them known in part`,
    deferred > 0 && `${deferred} not known yet`,
    later > 0 && `${later} to be looked at later`,
  ];
  const troubles = [refused > 0 && `${refused} refused`, unreachable > 0 && `${unreachable} unreachable`];
  return [`Plan: ${change} to change`, ...open, `${none} already right on ${hosts}`, ...troubles]
    .filter((part) => part !== false)
    .join(', ');
}

/** `To change by phase: kernel 15, runtime 9`; empty where there is only one, or nothing is to change. */
export const phasesSentence = ({ changes }: PlanView): string =>
  changes.length < 2
    ? ''
    : `To change by phase: ${changes.map(({ phase, count }) => `${phase} ${count}`).join(', ')}`;

/** What of a phase is not shown. */
export const hiddenSentence = ({ hidden, later }: PhaseView): string =>
  [hidden > 0 && `${hidden} already right`, later > 0 && `${later} looked at later`]
    .filter((part) => part !== false)
    .join(', ');

/** The titles of what is to be known beside the changes, the most important first. */
export const TITLES = {
  refusals: 'In the way: nothing is applied while one of these stands',
  unreachable: 'Unreachable',
  destroys: 'Destroys: nothing of it can be got back',
  drains: 'Drains',
  restarts: 'Restarts',
  gpuPods: 'Pods with GPUs where anything is disrupted',
  turns: 'In turns: the first host that does not come up again stops the others',
  notes: 'Notes',
} as const satisfies Readonly<Record<keyof PlanRemarks, string>>;

export const REMARK_KINDS = Object.keys(TITLES) as readonly (keyof typeof TITLES)[];

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
