import { describe, expect, it } from 'vitest';

import { planRestore, type RestoreHost, type SnapshotToRestore } from '#etcd/plan-restore.ts';
import type { RestoreState } from '#facts/etcd-restore.ts';

const LINE = 'MIIDBTCCAe2gAwIBAgIIXvUwZ';
const MIB = 1024 * 1024;

const snapshot: SnapshotToRestore = { sha256: 'a'.repeat(64), sizeBytes: 20 * MIB, found: new Set([LINE]) };

const state = (name: string, more: Partial<RestoreState> = {}): RestoreState => ({
  name,
  peerUrl: `https://${name}:2380`,
  dataDirectory: '/var/lib/etcd',
  tool: '/proc/7/root/usr/local/bin/etcdutl',
  toolVersion: '3.6.5',
  raisesRevisions: true,
  authority: LINE,
  freeBytes: 1000 * MIB,
  underWay: '',
  hasData: false,
  hasStarted: false,
  ...more,
});

const host = (name: string, more?: Partial<RestoreState>): RestoreHost => ({
  name,
  state: state(name, more),
});

const plan = (
  hosts: readonly RestoreHost[],
  options: { isOfAnother?: boolean; of?: SnapshotToRestore } = {},
) =>
  planRestore(hosts, options.of ?? snapshot, {
    isOfAnother: options.isOfAnother ?? false,
    all: [...hosts.map(({ name }) => name), 'w1'],
  });

const stages = (...args: Parameters<typeof plan>): readonly string[] => {
  const planned = plan(...args);
  return planned.answer === 'act' ? planned.stages.map(({ name }) => name) : [planned.check];
};

const WHOLE = ['prepare', 'stop', 'data', 'etcd', 'API servers', 'kubelets', 'clean up'];
const begun = { underWay: snapshot.sha256 };

describe('the plan of a restore', () => {
  it('stops all members before one gets its data, and starts them together', () => {
    expect(stages([host('cp1'), host('cp2'), host('cp3')])).toEqual(WHOLE);
  });

  it('restores each member under its own name, with the same members and as a new cluster', () => {
    const planned = plan([host('cp1'), host('cp2')]);
    const data = planned.answer === 'act' ? planned.stages.find(({ name }) => name === 'data') : undefined;
    const scripts = data?.hosts.map(({ steps }) => JSON.stringify(steps)) ?? [];
    expect(scripts).toHaveLength(2);
    for (const script of scripts) {
      expect(script).toContain('--initial-cluster=cp1=https://cp1:2380,cp2=https://cp2:2380');
      expect(script).toContain('--bump-revision=1000000000 --mark-compacted');
      expect(script).toContain('--initial-cluster-token=slipway-aaaaaaaaaaaa');
    }
    expect(scripts[1]).toContain('--name=cp2');
    expect(scripts[1]).toContain('--initial-advertise-peer-urls=https://cp2:2380');
  });

  it('restarts the kubelets of all hosts, workers too', () => {
    const planned = plan([host('cp1')]);
    const kubelets = planned.answer === 'act' ? planned.stages.at(-2) : undefined;
    expect(kubelets?.hosts.map((one) => one.host)).toEqual(['cp1', 'w1']);
  });

  it.each([
    ['before any has its data', begun, begun, WHOLE],
    ['when one has its data', { ...begun, hasData: true }, begun, WHOLE],
    ['when all have their data', { ...begun, hasData: true }, { ...begun, hasData: true }, WHOLE.slice(3)],
    [
      'when the API server of one has run',
      { ...begun, hasData: true, hasStarted: true },
      { ...begun, hasData: true },
      WHOLE.slice(4),
    ],
    ['when one is cleaned up already', {}, { ...begun, hasData: true, hasStarted: true }, WHOLE.slice(4)],
  ])('goes on where it was cut off %s', (_, cp1, cp2, expected) => {
    expect(stages([host('cp1', cp1), host('cp2', cp2)])).toEqual(expected);
  });

  it.each([
    ['a host that cannot be reached', 'unreachable', { name: 'cp2', unreachable: 'no route' }],
    ['a host without a manifest of etcd', 'no-etcd', host('cp2', { name: '' })],
    [
      'the restore of another snapshot that was cut off',
      'other-restore',
      host('cp2', { underWay: 'b'.repeat(64) }),
    ],
    ['a host that has no program', 'no-etcdutl', host('cp2', { tool: '' })],
    ['a host without room', 'no-room', host('cp2', { freeBytes: 30 * MIB })],
    ['a host of another cluster', 'other-cluster', host('cp2', { authority: 'another line' })],
    ['a host whose authority is not there', 'other-cluster', host('cp2', { authority: '' })],
  ])('is refused for %s', (_, check, second) => {
    expect(stages([host('cp1'), second])).toEqual([check]);
  });

  it('takes the snapshot of another cluster where it is told to, and says so', () => {
    const planned = plan([host('cp1', { authority: 'another line' })], { isOfAnother: true });
    expect(planned).toMatchObject({
      answer: 'act',
      notes: expect.arrayContaining(['It is not looked whether the snapshot is of this cluster']) as string[],
    });
  });

  it('needs no more room where it has begun', () => {
    expect(stages([host('cp1', { ...begun, freeBytes: MIB })])).toEqual(WHOLE);
  });

  it('says where revisions cannot be raised', () => {
    const old = { tool: '/usr/bin/etcdctl', toolVersion: '3.4.23', raisesRevisions: false };
    const planned = plan([host('cp1', old)]);
    expect(planned.answer === 'act' && planned.notes.join('\n')).toContain(
      'cp1 restores with /usr/bin/etcdctl 3.4.23, which cannot raise revisions',
    );
    expect(JSON.stringify(planned)).not.toContain('--bump-revision');
  });
});
