import { describe, expect, test } from 'vitest';

import type { Cluster } from '#core/cluster.ts';
import { EXIT } from '#core/exit-code.ts';
import { selectHosts } from '#inventory/select-hosts.ts';

import { testHost } from '../../contracts/test-host.ts';

const worker = (name: string, more: Parameters<typeof testHost>[0] = {}) => testHost({ name, ...more });

const cluster = {
  hosts: [
    testHost({ name: 'cp1', role: 'control-plane' }),
    ...[1, 2, 3, 10].map((number) => worker(`w${number}`)),
    worker('gpu01', { group: 'gpu', labels: { pool: 'a' } }),
    worker('gpu02', { group: 'gpu', labels: { pool: 'b', 'example.com/rack': 'r1' } }),
  ],
  leaving: [worker('gpu09', { group: 'gpu' })],
} as unknown as Cluster;

const chosen = (limit: string): string => selectHosts(cluster, limit.split(','))?.join(' ') ?? 'all';

describe('--limit', () => {
  test.each([
    ['w2', 'w2'],
    ['w*', 'w1 w2 w3 w10'],
    ['w?', 'w1 w2 w3'],
    ['w[1-2]', 'w1 w2'],
    ['w[2:10]', 'w2 w3 w10'],
    ['gpu[01:05]', 'gpu01 gpu02'],
    ['gpu[01-05]', 'gpu01 gpu02'],
    ['*[1:1]', 'cp1 w1 gpu01'],
    ['group:gpu', 'gpu01 gpu02 gpu09'],
    ['group:g*', 'gpu01 gpu02 gpu09'],
    ['role:control-plane', 'cp1'],
    ['label:pool=a', 'gpu01'],
    ['label:pool=*', 'gpu01 gpu02'],
    ['label:pool', 'gpu01 gpu02'],
    ['label:example.com/rack', 'gpu02'],
    ['w3,cp1', 'cp1 w3'],
    ['!w*', 'cp1 gpu01 gpu02 gpu09'],
    ['role:worker,!group:gpu', 'w1 w2 w3 w10'],
    // Whatever the order: what is taken away is taken away.
    ['!w[1-3],w*', 'w10'],
    ['group:gpu,!label:pool=b,!gpu09', 'gpu01'],
  ])('%s is %s', (limit, expected) => {
    expect(chosen(limit)).toBe(expected);
  });

  test('a range counts as its ends are written', () => {
    expect(() => chosen('gpu[1:5]')).toThrow('--limit gpu[1:5]: the inventory has no such host');
  });

  test.each([
    ['w4', 'the inventory has no such host', /^did you mean w1$/],
    ['grop:gpu', 'the inventory has no such host', /^did you mean group:gpu$/],
    ['gpu', 'the inventory has no such host', /^did you mean group:gpu$/],
    ['workers', 'the inventory has no such host', /^did you mean role:worker$/],
    ['group:gpus', 'no host of the inventory is in such a group', /^did you mean group:gpu$/],
    ['group:storage', 'no host of the inventory is in such a group', /^its groups are gpu$/],
    ['role:etcd', 'no host of the inventory has such a role', /^its roles are control-plane, worker$/],
    ['label:pool=c', 'no host of the inventory has such a label', /^did you mean label:pool=a$/],
    ['label:zone', 'no host of the inventory has such a label', /^its labels are pool=a, pool=b/],
    // Whom somebody wants to spare is not changed because a word was mistyped.
    ['!w4', 'the inventory has no such host', /^did you mean w1$/],
    ['!', 'the inventory has no such host', /^its hosts are cp1, w1/],
    ['w[5:1]', 'has [5:1], which runs backwards', /^write it as w\[1:5\] or w\[01-16\]$/],
    ['w[a-c]', 'has [a-c], which is not a range of numbers such as [01:16]', /^write it as/],
  ])('%s: %s', (limit, message, hint) => {
    const found = () => chosen(limit);
    expect(found).toThrow(
      expect.objectContaining({
        message: `--limit ${limit}: ${message}`,
        exitCode: EXIT.usage,
        hint: expect.stringMatching(hint),
      }),
    );
  });

  test('that leaves no host says so', () => {
    expect(() => chosen('w1,!w*')).toThrow('--limit w1,!w* leaves no host');
  });
});
