import { describe, expect, it } from 'vitest';

import { inventory, parse, problemsOf } from './inventory-fixture.ts';

describe('policy', () => {
  it.each([
    ['', []],
    ['policy: {forbid: [drain, destroy]}', ['drain', 'destroy']],
  ])('written as "%s" forbids %j', async (written, forbid) => {
    const { cluster } = await parse(inventory(written));
    expect(cluster.policy).toEqual({ forbid });
  });

  it('says what is wrong, and where', async () => {
    expect(await problemsOf(inventory('policy: {forbid: [reboot]}'))).toMatch(
      /^inventory\.yaml:4:\d+: policy\.forbid\[0\]: must be .*restart.*destroy/,
    );
  });
});
