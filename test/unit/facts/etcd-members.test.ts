import { describe, expect, it } from 'vitest';

import { type EtcdState, etcdState, quorumOf } from '#facts/etcd-members.ts';

import { askHere, parseText } from './ask.ts';

/** As etcdctl 3.6.5 printed it for three members of which cp3 was killed; cp4 is as one that was added and never started. */
const MEMBERS = `{"header":{"cluster_id":11452099400649647387,"member_id":13195394291058371180,"raft_term":3},"members":[{"ID":829831840369890727,"name":"cp3","peerURLs":["http://127.0.0.1:2400"],"clientURLs":["http://127.0.0.1:2399"]},{"ID":8501527199303582485,"name":"cp2","peerURLs":["http://127.0.0.1:2390"],"clientURLs":["http://127.0.0.1:2389"]},{"ID":13195394291058371180,"name":"cp1","peerURLs":["http://127.0.0.1:2380"],"clientURLs":["http://127.0.0.1:2379"]},{"ID":17,"peerURLs":["http://127.0.0.1:2410"],"isLearner":true}]}`;
const STATUS = `[{"Endpoint":"http://127.0.0.1:2389","Status":{"header":{"cluster_id":11452099400649647387,"member_id":8501527199303582485,"revision":1,"raft_term":3},"version":"3.6.5","dbSize":20480,"leader":8501527199303582485,"raftIndex":11,"raftTerm":3,"raftAppliedIndex":11,"dbSizeInUse":16384,"storageVersion":"3.6.0","downgradeInfo":{}}},{"Endpoint":"http://127.0.0.1:2379","Status":{"header":{"cluster_id":11452099400649647387,"member_id":13195394291058371180,"revision":1,"raft_term":3},"version":"3.6.5","dbSize":20480,"leader":8501527199303582485,"raftIndex":11,"raftTerm":3,"raftAppliedIndex":11,"dbSizeInUse":16384,"storageVersion":"3.6.0","downgradeInfo":{}}}]`;
const HEALTH = `[{"endpoint":"http://127.0.0.1:2389","health":true,"took":"2.783316ms"},{"endpoint":"http://127.0.0.1:2379","health":true,"took":"6.993407ms"},{"endpoint":"http://127.0.0.1:2399","health":false,"took":"3.002555807s","error":"context deadline exceeded"}]`;
const ALARMS = `{"header":{"cluster_id":11452099400649647387,"member_id":13195394291058371180,"revision":1,"raft_term":3},"alarms":[{"memberID":13195394291058371180,"alarm":1}]}`;

const read = (output: string): EtcdState | undefined => parseText(output, [etcdState])[0];

describe("etcd's members", () => {
  it('are told with ids as hexadecimal digits, none of which is lost', () => {
    const state = read([MEMBERS, STATUS, HEALTH, ALARMS].join('\n===\n'));
    expect(state?.state === 'answers' && state.members.map(({ id, name }) => [name, id])).toEqual([
      ['cp3', BigInt('829831840369890727').toString(16)],
      ['cp2', BigInt('8501527199303582485').toString(16)],
      ['cp1', BigInt('13195394291058371180').toString(16)],
      ['', '11'],
    ]);
  });

  it('have health, sizes, alarms and a leader', () => {
    const state = read([MEMBERS, STATUS, HEALTH, ALARMS].join('\n===\n'));
    const members = state?.state === 'answers' ? state.members : [];
    expect(
      members.map(({ isHealthy, why, isLeader, isLearner }) => [isHealthy, why, isLeader, isLearner]),
    ).toEqual([
      [false, 'context deadline exceeded', false, false],
      [true, '', true, false],
      [true, '', false, false],
      [false, 'never started', false, true],
    ]);
    expect(members[2]).toMatchObject({
      version: '3.6.5',
      sizeBytes: 20_480,
      inUseBytes: 16_384,
      alarms: ['NOSPACE'],
    });
  });

  it('are known where what follows the list failed', () => {
    expect(read(`${MEMBERS}\n===\n===\n===\n`)).toMatchObject({
      members: [{ name: 'cp3', isHealthy: false, version: '' }, {}, {}, {}],
    });
  });

  it('are read behind lines of its log', () => {
    const warned = `{"level":"warn","caller":"flags/flag.go:94","msg":"unrecognized environment variable"}\n${MEMBERS}`;
    expect(read(warned)).toMatchObject({ state: 'answers', members: [{ name: 'cp3' }, {}, {}, {}] });
  });

  it('that have lost their quorum are silent, in the words of etcdctl', () => {
    const said = `silent
{"level":"warn","ts":"2026-11-28T14:28:01.408150Z","logger":"etcd-client","caller":"v3@v3.6.5/retry_interceptor.go:65","msg":"retrying of unary invoker failed"}
Error: context deadline exceeded
`;
    expect(read(said)).toEqual({ state: 'silent', why: 'context deadline exceeded' });
  });

  it('are none on a machine that is no control plane', () => {
    expect(askHere([etcdState])).toEqual([{ state: 'absent' }]);
  });

  it.each([
    [1, 1],
    [2, 2],
    [3, 2],
    [4, 3],
    [5, 3],
  ])('of %i members %i make a quorum', (members, quorum) => expect(quorumOf(members)).toBe(quorum));
});
