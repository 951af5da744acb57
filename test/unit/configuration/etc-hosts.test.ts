import { describe, expect, it } from 'vitest';

import { editHosts } from '#configuration/etc-hosts.ts';

const edited = (text: string) => editHosts(text, 'api.lab', '127.0.0.1');
const OURS = '127.0.0.1 api.lab # Written by slipway\n';

describe('a name in /etc/hosts', () => {
  it.each([
    ['an empty file', '', OURS],
    ['a file without an end of its last line', '::1 localhost', `::1 localhost\n${OURS}`],
    ['a file with empty lines at its end', '::1 localhost\n\n\n', `::1 localhost\n${OURS}`],
    ['an older line of ours', '10.0.0.1 api.old # Written by slipway\n::1 a\n', `::1 a\n${OURS}`],
    [
      'names that only begin like it',
      '10.0.0.1 api.lab.example api.la\n',
      `10.0.0.1 api.lab.example api.la\n${OURS}`,
    ],
    ['comments that name it', '# 10.0.0.1 api.lab\n', `# 10.0.0.1 api.lab\n${OURS}`],
  ])('stands in %s at its end, and others have said nothing of it', (_, text, wanted) => {
    expect(edited(text)).toEqual({ text: wanted, others: [] });
    expect(edited(wanted)).toEqual({ text: wanted, others: [] });
  });

  it.each([
    ['alone', '10.0.0.1 api.lab\n', ''],
    ['among others', '10.0.0.1\tcp1 api.lab\tcp1.lab # the first\n', '10.0.0.1 cp1 cp1.lab # the first\n'],
    ['twice', '10.0.0.1 api.lab\n10.0.0.2 api.lab b\n', '10.0.0.2 b\n'],
  ])('that others have %s has no other address any more', (_, text, kept) => {
    const lines = text.split('\n').filter((line) => line.includes('api.lab'));
    expect(edited(text)).toEqual({ text: `${kept}${OURS}`, others: lines });
  });
});
