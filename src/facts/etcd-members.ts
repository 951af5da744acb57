import { type Fact, type Family, fact } from '#core/fact.ts';
import { embed, lines, type Script, sh } from '#core/shell.ts';

import { ETCD_MANIFEST, etcdTools } from './etcd-tools.ts';

/** What the member of etcd on a control plane says of all members. */
export type EtcdState =
  /** This host has no member: kubeadm has written no manifest of one. */
  | { readonly state: 'absent' }
  | { readonly state: 'silent'; readonly why: string }
  | { readonly state: 'answers'; readonly members: readonly EtcdMember[] };

export type EtcdMember = {
  /** Hexadecimal, as etcdctl wants it: numbers beyond 2^53 would lose digits. */
  readonly id: string;
  /** The name of its node; empty for one that was added and has never started. */
  readonly name: string;
  readonly peerUrls: readonly string[];
  readonly clientUrls: readonly string[];
  readonly isLearner: boolean;
  readonly isHealthy: boolean;
  /** Why it is not. */
  readonly why: string;
  readonly isLeader: boolean;
  /** The program's, `3.6.5`; empty where it does not answer. */
  readonly version: string;
  /** Of the database as a file; 0 where it does not answer. */
  readonly sizeBytes: number;
  /** Of what is in it: the rest is got back by a defragmentation. */
  readonly inUseBytes: number;
  /** `NOSPACE`, `CORRUPT`. */
  readonly alarms: readonly string[];
};

/** @see https://github.com/etcd-io/etcd/blob/v3.6.5/etcdctl/README.md */
const family: Family<'members', EtcdState> = {
  name: 'etcd-members',
  patienceMs: 40_000,
  script: () =>
    lines(
      sh`[ -e ${ETCD_MANIFEST} ] || { echo absent; exit 0; }`,
      etcdTools,
      sh`if members=$(etcd_ctl member list --write-out=json 2>&1); then printf '%s\n' "$members"; else printf 'silent\n%s\n' "$members"; exit 0; fi`,
      // Those that answer are told of even where others do not, which is a failure for etcdctl.
      ...[sh`endpoint status --cluster`, sh`endpoint health --cluster`, sh`alarm list`].map(ask),
    ),
  parse: (output) => [readState(output)],
  bare: () => ({ state: 'absent' }),
};

const ask = (query: Script): Script =>
  sh`echo ===; etcd_ctl --command-timeout=3s ${embed(query)} --write-out=json 2>/dev/null || :`;

/** Asked of a control plane, about all members. */
export const etcdState: Fact<EtcdState> = fact(family, 'members');

/** As many as must agree. */
export const quorumOf = (members: number): number => Math.floor(members / 2) + 1;

interface Listed {
  readonly members?: readonly {
    readonly ID: string;
    readonly name?: string;
    readonly peerURLs?: readonly string[];
    readonly clientURLs?: readonly string[];
    readonly isLearner?: boolean;
  }[];
}

type Statuses = readonly {
  readonly Status: {
    readonly header: { readonly member_id: string };
    readonly version?: string;
    readonly dbSize?: number;
    readonly dbSizeInUse?: number;
    readonly leader?: string;
  };
}[];

type Healths = readonly { readonly endpoint: string; readonly health: boolean; readonly error?: string }[];

interface Alarms {
  readonly alarms?: readonly { readonly memberID: string; readonly alarm: number }[];
}

/** https://github.com/etcd-io/etcd/blob/v3.6.5/api/etcdserverpb/rpc.proto: enum AlarmType */
const ALARMS = ['NONE', 'NOSPACE', 'CORRUPT'];

function readState(output: string): EtcdState {
  const [first = '', status = '', health = '', alarm = ''] = output.split(/^===$/m);
  if (first.trim() === 'absent') return { state: 'absent' };
  if (first.startsWith('silent\n')) return { state: 'silent', why: reasonOf(first) };
  const { members = [] } = (readJson(withoutLog(first)) ?? {}) as Listed;
  const statuses = (readJson(status) ?? []) as Statuses;
  const healths = (readJson(health) ?? []) as Healths;
  const { alarms = [] } = (readJson(alarm) ?? {}) as Alarms;
  return {
    state: 'answers',
    members: members.map(({ ID: id, name = '', peerURLs = [], clientURLs = [], isLearner = false }) => {
      const own = statuses.find(({ Status }) => Status.header.member_id === id)?.Status;
      const said = healths.find(({ endpoint }) => clientURLs.includes(endpoint));
      return {
        id,
        name,
        peerUrls: peerURLs,
        clientUrls: clientURLs,
        isLearner,
        isHealthy: said?.health === true,
        why:
          said?.health === true ? '' : (said?.error ?? (name === '' ? 'never started' : 'does not answer')),
        isLeader: own?.leader === id,
        version: own?.version ?? '',
        sizeBytes: own?.dbSize ?? 0,
        inUseBytes: own?.dbSizeInUse ?? 0,
        alarms: alarms.flatMap(({ memberID, alarm: kind }) =>
          memberID === id ? [ALARMS[kind] ?? String(kind)] : [],
        ),
      };
    }),
  };
}

const IDS: ReadonlySet<string> = new Set(['ID', 'member_id', 'memberID', 'leader']);

/** With ids as hexadecimal text; undefined where nothing was printed. */
const readJson = (text: string): unknown => (text.trim() === '' ? undefined : JSON.parse(text, withHexIds));

const withHexIds = (key: string, value: unknown, context?: { readonly source?: string }): unknown =>
  IDS.has(key) && typeof value === 'number' ? BigInt(context?.source ?? value).toString(16) : value;

/** What etcdctl printed, without the lines of its log: `{"level":"warn",...`. */
const withoutLog = (said: string): string =>
  said
    .split('\n')
    .filter((line) => !line.startsWith('{"level":'))
    .join('\n');

/** The last line of etcdctl's that is no line of its log. */
const reasonOf = (said: string): string =>
  said
    .split('\n')
    .findLast((line) => line.trim() !== '' && !line.startsWith('{'))
    ?.replace(/^Error: /, '') ?? '';
