import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { fileTimes } from '#facts/file-times.ts';
import { formerFiles } from '#facts/former-files.ts';
import { kubeletHealth } from '#facts/kubelet-health.ts';

import { scratchDirectory } from '../../support/scratch-directory.ts';
import { askHere, parseText } from './ask.ts';

describe('times of files', () => {
  it('are those of all that match, and of nothing else', async () => {
    const root = await scratchDirectory();
    mkdirSync(join(root, 'conf.d'));
    writeFileSync(join(root, 'conf.d/50 a.toml'), '');
    writeFileSync(join(root, 'conf.d/b.bak'), '');
    utimesSync(join(root, 'conf.d/50 a.toml'), 10, 1700000000.5);
    expect(
      askHere([fileTimes([`${root}/conf.d/*.toml`, `${root}/none/*.conf`]), fileTimes(['/no/such'])]),
    ).toEqual([[{ path: `${root}/conf.d/50 a.toml`, mtime: '1700000000.500000000' }], []]);
  });

  it('are asked with plain patterns alone', () => {
    expect(() => askHere([fileTimes(['/etc/$(reboot)'])])).toThrow('not a plain pattern');
  });
});

describe('former files', () => {
  it('are named by where they belong, those that were not there as well', () => {
    const printed = `/var/lib/slipway/former/it/etc/it.conf
/var/lib/slipway/former/it/etc/b.conf.absent
end
end
`;
    expect(parseText(printed, [formerFiles('it'), formerFiles('other')])).toEqual([
      ['/etc/b.conf', '/etc/it.conf'],
      [],
    ]);
    expect(askHere([formerFiles('no-such-daemon')])).toEqual([[]]);
  });

  it('are not read from an answer that was cut off', () => {
    expect(() => parseText('/var/lib/slipway/former/it/etc/it.conf\n', [formerFiles('it')])).toThrow(
      '0 answers',
    );
  });
});

describe('the health of a kubelet', () => {
  it.each([
    ['unasked\n', { state: 'unasked' }],
    ['answers\n', { state: 'answers' }],
    // kubectl 1.34.9 on a host whose kubelet does not run.
    [
      'silent The connection to the server 127.0.0.1:10248 was refused - did you specify the right host or port?\n',
      {
        state: 'silent',
        why: 'The connection to the server 127.0.0.1:10248 was refused - did you specify the right host or port?',
      },
    ],
  ])('is read: %j', (printed, answer) => {
    expect(parseText(printed, [kubeletHealth()])).toEqual([answer]);
  });

  it('is not asked where there is no node', () => {
    expect(askHere([kubeletHealth()])).toEqual([{ state: 'unasked' }]);
  });

  it('is not taken for anything that was not said', () => {
    expect(() => parseText('sh: 1: nonsense\n', [kubeletHealth()])).toThrow('not an answer');
  });
});
