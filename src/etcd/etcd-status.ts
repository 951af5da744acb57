import { EXIT } from '#core/exit-code.ts';
import type { Answers } from '#core/fact.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import { type EtcdMember, type EtcdState, etcdState, quorumOf } from '#facts/etcd-members.ts';

/** A control plane, and what its member of etcd says, or why it could not be asked. */
export interface EtcdLook {
  readonly name: string;
  readonly answers?: Answers[string];
  readonly unreachable?: string;
}

/** The members of etcd, as one of them tells: plain JSON. */
export interface EtcdStatus {
  readonly cluster: string;
  /** The control plane whose member was believed. */
  readonly saidBy: string;
  readonly members: readonly EtcdMember[];
  /** As many as must agree before anything is written. */
  readonly quorum: number;
  /** Control planes of the inventory that have no member, or whose member says nothing, and why. */
  readonly without: readonly { readonly host: string; readonly why: string }[];
}

/**
 * The first member that answers is believed: it has asked the others.
 *
 * @throws {SlipwayError} when none does.
 */
export function etcdStatusOf(cluster: string, looks: readonly EtcdLook[]): EtcdStatus {
  const found = looks.map((look) => ({ name: look.name, state: stateOf(look) }));
  const teller = found.find(({ state }) => state.state === 'answers');
  if (teller?.state.state !== 'answers') throw noMemberAnswers(found);
  const { members } = teller.state;
  const known = new Set(members.map(({ name }) => name));
  return {
    cluster,
    saidBy: teller.name,
    members: members.toSorted((left, right) => (left.name < right.name ? -1 : 1)),
    quorum: quorumOf(members.filter(({ isLearner }) => !isLearner).length),
    without: found.flatMap(({ name, state }) =>
      state.state === 'answers' && known.has(name) ? [] : [{ host: name, why: whyOf(state) }],
    ),
  };
}

/** Whether all members answer, and none has an alarm. */
export const isEtcdWell = ({ members, without }: EtcdStatus): boolean =>
  without.length === 0 && members.every(({ isHealthy, alarms }) => isHealthy && alarms.length === 0);

/** The member that a snapshot is best taken of: the leader, else one that is healthy. */
export function bestSource({ members, without }: EtcdStatus, hosts: readonly string[]): string | undefined {
  const away = new Set(without.map(({ host }) => host));
  const healthy = members.filter(
    ({ name, isHealthy, isLearner }) => isHealthy && !isLearner && hosts.includes(name) && !away.has(name),
  );
  return (healthy.find(({ isLeader }) => isLeader) ?? healthy[0])?.name;
}

type Stated = EtcdState | { readonly state: 'unreachable'; readonly why: string };

function stateOf({ answers, unreachable = 'it was not asked' }: EtcdLook): Stated {
  const answer = answers?.[etcdState.family.name]?.[etcdState.key] as EtcdState | undefined;
  return answer ?? { state: 'unreachable', why: unreachable };
}

function whyOf(state: Stated): string {
  if (state.state === 'absent') return 'it has no member of etcd';
  return state.state === 'answers' ? 'its member is not among those of the others' : state.why;
}

function noMemberAnswers(found: readonly { readonly name: string; readonly state: Stated }[]): SlipwayError {
  const whys = found.map(({ name, state }) => `${name}: ${whyOf(state)}`).join('; ');
  return new SlipwayError(`no member of etcd answers: ${whys}`, {
    code: 'etcd-silent',
    exitCode: found.every(({ state }) => state.state === 'unreachable') ? EXIT.unreachable : EXIT.failed,
    hint: 'where more than half of the members are gone for good, restore a snapshot: slipway etcd restore FILE',
  });
}
