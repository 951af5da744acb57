import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { refused } from '#core/resource.ts';
import type { Secret } from '#core/secret.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import type { Etcd, PlannedRestore } from '#etcd/etcd.ts';
import type { EtcdStatus } from '#etcd/etcd-status.ts';
import type { EtcdMember } from '#facts/etcd-members.ts';

import { scratchDirectory } from '../support/scratch-directory.ts';
import { fakeCli } from './fake-cli.ts';

const member = (name: string, more: Partial<EtcdMember> = {}): EtcdMember => ({
  id: '8e9e05c52164694d',
  name,
  peerUrls: [`https://${name}:2380`],
  clientUrls: [`https://${name}:2379`],
  isLearner: false,
  isHealthy: true,
  why: '',
  isLeader: false,
  version: '3.6.5',
  sizeBytes: 35 * 1024 * 1024,
  inUseBytes: 20_480,
  alarms: [],
  ...more,
});

const status = (...members: readonly EtcdMember[]): EtcdStatus => ({
  cluster: 'lab',
  saidBy: 'cp1',
  members,
  quorum: 2,
  without: [],
});

const planned: PlannedRestore = {
  file: 's.db',
  sha256: 'a'.repeat(64),
  plan: {
    answer: 'act',
    stages: [
      {
        name: 'stop',
        hosts: [{ host: 'cp1', steps: [{ do: 'run', summary: 'stop etcd', script: '' as never }] }],
      },
    ],
    notes: ['The API is away'],
  },
};

/** What was asked of a stand-in for etcd. */
function standIn(parts: Partial<Record<keyof Etcd, unknown>>): {
  readonly etcd: Etcd;
  readonly restored: unknown[];
} {
  const restored: unknown[] = [];
  const restore = async (plan: PlannedRestore): Promise<readonly string[]> => {
    restored.push(plan);
    return ['w9'];
  };
  return { etcd: { restore, planRestore: async () => planned, ...parts } as unknown as Etcd, restored };
}

const ask = async (): Promise<string> => {
  throw new Error('asked');
};

describe('slipway etcd', () => {
  it('status shows the members, and what is the matter with them', async () => {
    const { etcd } = standIn({
      status: async () =>
        status(
          member('cp1', { isLeader: true, alarms: ['NOSPACE'] }),
          member('cp2', { isHealthy: false, why: 'context deadline exceeded' }),
        ),
    });
    const { code, stdout } = await fakeCli(['etcd', 'status', '--detailed-exitcode'], { etcd });
    expect(code).toBe(2);
    expect(stdout).toMatch(/^cp1 +8e9e05c52164694d +3\.6\.5 +35\.0 MiB +20 KiB +leader +healthy, NOSPACE$/m);
    expect(stdout).toContain('cp2: context deadline exceeded');
    expect(stdout).toContain('1 of 2 members healthy, 2 needed');
  });

  it('members are data for programs, too', async () => {
    const { etcd } = standIn({ status: async () => status(member('cp1')) });
    const { stdout } = await fakeCli(['etcd', 'members', '--format', 'json'], { etcd });
    expect(JSON.parse(stdout)).toMatchObject([{ id: '8e9e05c52164694d', name: 'cp1' }]);
  });

  it('restore shows what it would do before it asks, and says who was missed', async () => {
    const { etcd, restored } = standIn({});
    const { code, stdout } = await fakeCli(['etcd', 'restore', 's.db'], { etcd, ask: async () => 'yes' });
    expect(code).toBe(0);
    expect(stdout).toContain('cp1: stop etcd');
    expect(stdout).toContain('w9 could not be reached');
    expect(restored).toEqual([planned]);
  });

  it.each(['restore', 'defrag'])('%s does nothing without a yes', async (verb) => {
    const { etcd, restored } = standIn({
      planDefragmentation: async () => [],
      defragment: async () => restored.push('defragmented'),
    });
    const args = ['etcd', verb, ...(verb === 'restore' ? ['s.db'] : [])];
    const { code, stderr } = await fakeCli(args, { etcd, ask: async () => 'y' });
    expect(code).toBe(1);
    expect(stderr).toContain('Nothing was');
    expect(restored).toEqual([]);
  });

  it.each([['restore', 's.db'], ['defrag']])('%s is refused where nobody can be asked', async (...args) => {
    const { code, stderr, calls } = await fakeCli(['etcd', ...args]);
    expect(code).toBe(3);
    expect(stderr).toContain('nobody is there to ask');
    expect(calls.opened).toEqual([]);
  });

  it('restore asks nothing where it is refused', async () => {
    const plan = refused('other-cluster', 'the snapshot is not of this cluster', 'with --another-cluster');
    const { etcd } = standIn({
      planRestore: async () => ({ ...planned, plan }),
      restore: async () => {
        throw new SlipwayError(plan.why, { code: plan.check, hint: plan.hint });
      },
    });
    const { stderr } = await fakeCli(['etcd', 'restore', 's.db'], { etcd, ask });
    expect(stderr).toContain('the snapshot is not of this cluster');
    expect(stderr).not.toContain('asked');
  });
});

describe('slipway etcd snapshot', () => {
  const taken = { path: '/x.db', sizeBytes: 1024, sha256: 'ab', revision: 7, totalKeys: 3, host: 'cp1' };
  const run = async (args: readonly string[], answers: readonly string[] = []) => {
    const given: unknown[] = [];
    const snapshot = async (file: string, readers: unknown) => {
      given.push(readers);
      return { ...taken, file, pki: readers === undefined ? null : `${file}.pki.age` };
    };
    const left = [...answers];
    const outcome = await fakeCli(['etcd', 'snapshot', '--out', 's.db', ...args], {
      etcd: standIn({ snapshot }).etcd,
      ...(answers.length > 0 && { ask: async () => left.shift() ?? '' }),
    });
    return { ...outcome, given };
  };

  it('has no PKI beside it unless that is wanted', async () => {
    const { given, stdout } = await run([]);
    expect(given).toEqual([undefined]);
    expect(stdout).not.toContain('PKI');
  });

  it('has it for recipients, without a question', async () => {
    const { given, stdout } = await run(['--recipient', 'age1a,age1b']);
    expect(given).toEqual([{ recipients: ['age1a', 'age1b'] }]);
    expect(stdout).toContain("s.db.pki.age: the cluster's PKI, encrypted with age");
  });

  it('has it with a passphrase that is typed twice, or stands in a file', async () => {
    const typed = await run(['--with-pki'], ['horse', 'horse']);
    const path = join(await scratchDirectory(), 'passphrase');
    await writeFile(path, 'horse\n');
    const read = await run(['--passphrase-file', path]);
    for (const { given, code } of [typed, read]) {
      expect(code).toBe(0);
      expect((given[0] as { passphrase: Secret }).passphrase.reveal()).toBe('horse');
    }
  });

  it.each([
    ['typed differently', ['--with-pki'], ['horse', 'house'], 'these are two passphrases'],
    ['empty', ['--with-pki'], ['', ''], 'the passphrase is empty'],
    ['asked of nobody', ['--with-pki'], [], 'there is nobody to ask for the passphrase'],
    ['in no file', ['--passphrase-file', '/nonexistent'], [], 'cannot read /nonexistent'],
    ['beside recipients', ['--recipient', 'age1a', '--passphrase-file', 'x'], [], 'cannot be used with'],
    ['for what stays on a host', ['--with-pki', '--on-host'], [], 'cannot be used with'],
  ])('is not begun with a passphrase that is %s', async (_, args, answers, message) => {
    const { code, stderr, given, calls } = await run(args, answers);
    expect([code, given, calls.opened]).toEqual([3, [], []]);
    expect(stderr).toContain(message);
  });
});
