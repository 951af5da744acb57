import { createHash } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import type { Outcome } from '#core/resource.ts';
import { Secret } from '#core/secret.ts';
import { hostFile } from '#resources/files/host-file.ts';

import { fileAnswer, missingFile } from '../../support/file-answer.ts';

const recordOf = (text: string) => fileAnswer(`sha256 ${createHash('sha256').update(text).digest('hex')}\n`);

const policy = hostFile(
  { path: '/etc/a/p.yaml', source: { text: 'new\n' }, mode: 0o644, owner: 'root:root' },
  new Map(),
  ['kube-apiserver'],
);
const diff = (resource: typeof policy, answers: unknown): Outcome =>
  resource.diff(answers as never, { host: 'h', changed: [] });

const summaries = (outcome: Outcome) =>
  'steps' in outcome ? outcome.steps.map(({ summary }) => summary) : [];

describe('a file of the operator', () => {
  it('that is as wanted is left alone, whoever wrote it', () => {
    expect(diff(policy, { found: fileAnswer('new\n'), record: missingFile })).toMatchObject({
      answer: 'none',
    });
  });

  it('that slipway wrote is replaced without a copy, and what reads it is named', () => {
    const outcome = diff(policy, { found: fileAnswer('old\n'), record: recordOf('old\n') });
    expect(summaries(outcome)).toEqual([
      'write /etc/a/p.yaml',
      'write /var/lib/slipway/files/%2Fetc%2Fa%2Fp.yaml',
    ]);
    expect(outcome).toMatchObject({
      afterwards: [expect.stringContaining('kube-apiserver reads /etc/a/p.yaml when it starts') as string],
    });
    expect(outcome).not.toHaveProperty('effects');
  });

  it.each([
    ['was there before', missingFile],
    ['was changed by hand', recordOf('older\n')],
  ])('that %s is replaced, and a copy stays', (_, record) => {
    const outcome = diff(policy, { found: fileAnswer('old\n'), record });
    expect(summaries(outcome)[0]).toBe('keep a copy of /etc/a/p.yaml');
    expect(outcome).toMatchObject({ effects: { replaces: ['/etc/a/p.yaml'] } });
  });

  it('that is new makes nobody restart anything', () => {
    expect(diff(policy, { found: missingFile, record: missingFile })).not.toHaveProperty('afterwards');
  });
});

describe('a secret of the operator', () => {
  const secret = hostFile(
    {
      path: '/s',
      source: { secret: 'name', value: new Secret('hunter2') },
      mode: 0o440,
      owner: 'root:adm',
    },
    new Map(),
  );
  const found = { state: 'other', access: '0440 root:adm', isOwn: false };
  const times = { written: { mtime: '100.000000001' }, recorded: { mtime: '100.000000002' } };

  it('shows neither itself nor its digest', () => {
    const outcome = diff(secret, { found, record: fileAnswer('secret\n'), ...times });
    const digest = createHash('sha256').update('hunter2\n').digest('hex');
    expect(JSON.stringify(outcome)).not.toMatch(new RegExp(`hunter2|${digest}`));
    expect(summaries(outcome)).toEqual(['write /s', 'write /var/lib/slipway/files/%2Fs']);
  });

  it('has its own mode and owner', () => {
    const wanted = { ...found, state: 'wanted' };
    expect(diff(secret, { found: wanted, record: missingFile, ...times })).toMatchObject({ answer: 'none' });
    expect(
      diff(secret, { found: { ...wanted, access: '0644 root:root' }, record: missingFile, ...times }),
    ).toMatchObject({
      differences: [{ what: 'access', from: '0644 root:root', to: '0440 root:adm' }],
    });
  });

  it('of somebody else stays as a copy', () => {
    expect(summaries(diff(secret, { found, record: missingFile, ...times }))[0]).toBe('keep a copy of /s');
  });

  it('that somebody has changed since slipway wrote it stays as a copy', () => {
    const changed = { ...times, written: { mtime: '101.5' } };
    expect(summaries(diff(secret, { found, record: fileAnswer('secret\n'), ...changed }))[0]).toBe(
      'keep a copy of /s',
    );
  });
});
