import { describe, expect, it } from 'vitest';

import { selinux } from '#checks/preflight/guards.ts';
import type { HostKind } from '#core/cluster.ts';
import type { Outcome, Resource } from '#core/resource.ts';
import { selinuxLabels, selinuxMode } from '#facts/selinux.ts';
import { enforcingSelinux, LABELLED, labels, permissiveSelinux } from '#resources/host/selinux.ts';

import { missingFile } from '../../support/file-answer.ts';
import { askHere, parseText } from '../facts/ask.ts';
import { runStep } from './run-step.ts';

/** /etc/selinux/config of Rocky Linux 9, shortened. */
const config = (mode: string) => `# SELINUX= can take one of these three values:
#     enforcing - SELinux security policy is enforced.
SELINUX=${mode}
SELINUXTYPE=targeted

`;
const file = (content: string) => ({
  ...missingFile,
  type: 'file',
  content,
  mode: '0644',
  owner: 'root:root',
});
const decided = (resource: Resource, mode: string | null, text: string | null): Outcome =>
  resource.diff({ mode, config: text === null ? missingFile : file(text) } as never, {
    host: 'w1',
    changed: [],
  });
const steps = (outcome: Outcome) =>
  'steps' in outcome
    ? outcome.steps.map((step) => (step.do === 'write' ? step.content : step.do === 'run' ? step.script : ''))
    : [];

describe('SELinux', () => {
  it.each([
    ['enforcing', 'enforcing', [config('permissive'), 'setenforce 0']],
    ['permissive', 'enforcing', [config('permissive')]],
    ['enforcing', 'permissive', ['setenforce 0']],
    ['permissive', 'permissive', []],
    ['off', 'disabled', []],
    ['off', 'enforcing', [config('permissive')]],
  ])('that is %s, and %s at boot, is made permissive', (mode, atBoot, wanted) => {
    const outcome = decided(permissiveSelinux, mode, config(atBoot));
    expect(steps(outcome)).toEqual(wanted);
    expect(outcome.answer).toBe(wanted.length === 0 ? 'none' : 'change');
  });

  it.each([
    ['permissive', 'permissive', [config('enforcing'), 'setenforce 1']],
    ['permissive', 'enforcing', ['setenforce 1']],
    ['enforcing', 'disabled', [config('enforcing')]],
    ['enforcing', 'enforcing', []],
  ])('that is %s, and %s at boot, is made to enforce', (mode, atBoot, wanted) => {
    expect(steps(decided(enforcingSelinux, mode, config(atBoot)))).toEqual(wanted);
  });

  it('is not there on a host without it, which denies nothing, and cannot enforce', () => {
    expect(decided(permissiveSelinux, 'off', null)).toEqual({ answer: 'none', why: 'SELinux is off' });
    expect(decided(enforcingSelinux, 'off', null)).toMatchObject({
      answer: 'refused',
      check: 'SELinux',
      hint: expect.stringContaining('touch /.autorelabel') as string,
    });
  });

  it('is not known of a machine that nobody has asked', () => {
    const given = { mode: null, config: missingFile, labels: { isKnown: false, wrong: [] } } as never;
    for (const one of [permissiveSelinux, enforcingSelinux, labels]) {
      expect(one.diff(given, { host: 'w1', changed: [] })).toMatchObject({ answer: 'none' });
    }
  });

  it('is written down where no line says what it is', () => {
    expect(steps(decided(permissiveSelinux, 'enforcing', '# nothing'))).toEqual(['setenforce 0']);
    expect(steps(decided(enforcingSelinux, 'permissive', '# nothing'))).toEqual([
      '# nothing\nSELINUX=enforcing\n',
      'setenforce 1',
    ]);
    expect(steps(decided(enforcingSelinux, 'enforcing', null))).toEqual(['SELINUX=enforcing\n']);
  });

  it('is left to a person where its file is a link', () => {
    const link = { ...missingFile, type: 'link', target: '/etc/elsewhere' };
    const outcome = enforcingSelinux.diff({ mode: 'permissive', config: link } as never, {
      host: 'w1',
      changed: [],
    });
    expect(outcome).toMatchObject({ answer: 'refused', check: 'FileContent' });
  });
});

const judgedLabels = (mode: string | null, output: string): Outcome => {
  const [found] = parseText(output, [selinuxLabels(LABELLED)]);
  return labels.diff({ mode, labels: found } as never, { host: 'w1', changed: [] });
};

const row = (name: string) =>
  `Would relabel /etc/kubernetes/${name} from u:r:etc_t:s0 to u:r:kubernetes_file_t:s0\n`;

describe('labels of SELinux', () => {
  /** In the words of restorecon of policycoreutils 3.6. */
  const WRONG = `known
Would relabel /etc/kubernetes from unconfined_u:object_r:etc_t:s0 to unconfined_u:object_r:kubernetes_file_t:s0
Would relabel /etc/kubernetes/a b from unconfined_u:object_r:user_tmp_t:s0 to unconfined_u:object_r:kubernetes_file_t:s0
`;
  it('are those of the policy, of what is there', () => {
    const outcome = judgedLabels('permissive', WRONG);
    expect(outcome).toMatchObject({
      answer: 'change',
      differences: [
        { what: '/etc/kubernetes', from: 'etc_t', to: 'kubernetes_file_t' },
        { what: '/etc/kubernetes/a b', from: 'user_tmp_t', to: 'kubernetes_file_t' },
      ],
    });
    const [step] = 'steps' in outcome ? outcome.steps : [];
    const { code, calls } = runStep(step!, { restorecon: '' });
    expect(code).toBe(0);
    expect(calls[0]).toMatch(/^restorecon -i \/var\/lib\/kubelet .*\/usr\/local\/sbin\/runc/);
    expect(calls[1]).toBe('restorecon -iR /etc/kubernetes /etc/containerd /etc/crio /etc/docker');
    expect(judgedLabels('enforcing', 'known\n')).toMatchObject({ answer: 'none' });
  });

  it('are named by the first, and counted', () => {
    const outcome = judgedLabels(
      'permissive',
      `known\n${['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map(row).join('')}`,
    );
    expect('differences' in outcome && outcome.differences.at(-1)?.what).toBe(
      '/etc/kubernetes/e, and 3 more',
    );
  });

  it('are nobody’s on a host without SELinux, and unknown without restorecon', () => {
    expect(judgedLabels('off', '')).toMatchObject({ answer: 'none' });
    expect(judgedLabels('permissive', '')).toMatchObject({
      answer: 'refused',
      hint: expect.stringContaining('policycoreutils') as string,
    });
  });

  it('are asked by programs that a shell can read', () => {
    expect(askHere([selinuxLabels(LABELLED)])[0]?.wrong).toEqual([]);
    expect(['off', 'permissive', 'enforcing']).toContain(askHere([selinuxMode()])[0]);
    expect(parseText('1\n', [selinuxMode()])).toEqual(['enforcing']);
    expect(parseText('0', [selinuxMode()])).toEqual(['permissive']);
    expect(parseText('', [selinuxMode()])).toEqual(['off']);
  });
});

const judgedCheck = (mode: string | null, wanted?: 'permissive' | 'enforcing', from = 'upstream'): string => {
  const kind = { role: 'worker', runtime: { source: { from } }, ...(wanted && { selinux: wanted }) };
  const outcome = selinux(kind as unknown as HostKind).diff({ guards: { selinux: mode } } as never, {
    host: 'w1',
    changed: [],
  });
  return outcome.answer === 'refused' ? outcome.why : outcome.answer;
};

describe('the check of SELinux beside release files', () => {
  it('goes by what the inventory wants, and else by what is', () => {
    expect(judgedCheck('enforcing')).toContain('SELinux is enforcing, and programs of a release file');
    expect(judgedCheck('permissive')).toBe('none');
    expect(judgedCheck('enforcing', 'permissive')).toBe('none');
    expect(judgedCheck('permissive', 'enforcing')).toContain(
      'SELinux is going to be enforcing, and programs',
    );
    expect(judgedCheck('permissive', 'enforcing', 'repository')).toBe('none');
    expect(judgedCheck(null, 'enforcing')).toBe('none');
  });
});
