import { describe, expect, it } from 'vitest';

import { noEtcdRestore } from '#checks/preflight/etcd-restore.ts';
import type { PathKind } from '#facts/path.ts';

const diff = (record: PathKind) => noEtcdRestore.diff({ record } as never, { host: 'cp1', changed: [] });

describe('a restore of etcd', () => {
  it.each(['file', 'empty-file'] as const)(
    'that was cut off stands in the way of an apply (%s)',
    (record) => {
      expect(diff(record)).toMatchObject({ answer: 'refused', check: 'EtcdRestore' });
    },
  );

  it('that nobody has begun is no matter', () => {
    expect(diff('absent')).toMatchObject({ answer: 'none' });
  });
});
