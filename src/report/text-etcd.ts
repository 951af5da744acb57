import type { PlannedAction } from '#engine/perform-action.ts';
import type { EtcdStatus } from '#etcd/etcd-status.ts';
import type { PlannedRestore, TakenSnapshot } from '#etcd/etcd.ts';
import type { EtcdMember } from '#facts/etcd-members.ts';
import { painter } from '#report/text/paint.ts';
import { table } from '#report/text/table.ts';
import { counted, paragraphs } from '#report/text/text-layout.ts';

interface Look {
  readonly color: boolean;
}

/** How the members are, and what is not as it should be. */
export function renderEtcdStatus(status: EtcdStatus, look: Look): string {
  const { members, quorum, cluster } = status;
  const healthy = members.filter(({ isHealthy }) => isHealthy).length;
  return paragraphs([
    [painter(look.color)('bold', `etcd of cluster ${cluster}`)],
    rows(['MEMBER', 'ID', 'VERSION', 'SIZE', 'IN USE', 'ROLE', 'HEALTH'], members.map(statusCells), look),
    notesOf(status),
    [`${healthy} of ${counted(members.length, 'member')} healthy, ${quorum} needed`],
  ]);
}

/** Which members there are, and where. */
export const renderEtcdMembers = ({ members }: EtcdStatus, look: Look): string =>
  paragraphs([
    rows(
      ['MEMBER', 'ID', 'PEER', 'CLIENT', 'ROLE'],
      members.map((member) => [
        member.name || '-',
        member.id,
        member.peerUrls.join(','),
        member.clientUrls.join(',') || '-',
        roleOf(member),
      ]),
      look,
    ),
  ]);

const rows = (
  titles: readonly string[],
  cells: readonly (readonly string[])[],
  { color }: Look,
): readonly string[] => {
  const paint = painter(color);
  return table([titles, ...cells], { style: (cell, line) => (line === 0 ? paint('dim', cell) : cell) });
};

const statusCells = (member: EtcdMember): readonly string[] => [
  member.name || '-',
  member.id,
  member.version || '-',
  sizeOf(member.sizeBytes),
  sizeOf(member.inUseBytes),
  roleOf(member),
  [member.isHealthy ? 'healthy' : 'unhealthy', ...member.alarms].join(', '),
];

const roleOf = ({ isLeader, isLearner, name }: EtcdMember): string => {
  if (name === '') return 'unstarted';
  if (isLearner) return 'learner';
  return isLeader ? 'leader' : 'follower';
};

/** `12.5 MiB`; a dash where nobody said. */
export function sizeOf(bytes: number): string {
  if (bytes === 0) return '-';
  const mib = bytes / 1024 / 1024;
  return mib < 1 ? `${Math.ceil(bytes / 1024)} KiB` : `${mib.toFixed(1)} MiB`;
}

const notesOf = ({ members, without }: EtcdStatus): readonly string[] => [
  ...members.flatMap(({ name, id, why }) => (why === '' ? [] : [`  ${name || id}: ${why}`])),
  ...members.flatMap(({ name, alarms }) => (alarms.includes('NOSPACE') ? [`  ${name}: ${NOSPACE}`] : [])),
  ...without.map(({ host, why }) => `  ${host}: ${why}`),
];

/** https://etcd.io/docs/v3.6/op-guide/maintenance/#space-quota */
const NOSPACE =
  'its space quota is used up, and nothing can be written any more. Run "slipway etcd defrag", which takes the alarm back as well';

export function renderTakenSnapshot(taken: TakenSnapshot): string {
  const where = taken.file ?? `${taken.path} on ${taken.host}`;
  const of = `revision ${taken.revision}, ${counted(taken.totalKeys, 'key')}, ${sizeOf(taken.sizeBytes)}`;
  const pki = taken.pki === null ? '' : `${taken.pki}: the cluster's PKI, encrypted with age\n`;
  return `${where}: a snapshot of ${taken.host}, ${of}\nsha256 ${taken.sha256}\n${pki}`;
}

/** What a restore would do, or why it may not. */
export function renderRestorePlan({ file, sha256, plan }: PlannedRestore): string {
  if (plan.answer === 'refused') return '';
  return paragraphs([
    [`Restore ${file} (sha256 ${sha256.slice(0, 12)})`],
    ...plan.stages.map(({ name, hosts }) => [
      `${name}:`,
      ...hosts.flatMap(({ host, steps }) => steps.map(({ summary }) => `  ${host}: ${summary}`)),
    ]),
    plan.notes.map((note) => `  ${note}.`),
  ]);
}

export const renderRestored = ({
  file,
  missed,
}: Pick<PlannedRestore, 'file'> & { readonly missed: readonly string[] }): string =>
  [
    `${file} is restored. What the members had before is in before-restore-* of their data directories.`,
    ...missed.map((host) => `${host} could not be reached: restart its kubelet when it is back.`),
    '',
  ].join('\n');

/** What actions would do, and where. */
export const renderActions = (planned: readonly PlannedAction[]): string =>
  paragraphs([
    planned.flatMap(({ host, outcome }) =>
      outcome.answer === 'act' ? outcome.steps.map(({ summary }) => `  ${host}: ${summary}`) : [],
    ),
  ]);
