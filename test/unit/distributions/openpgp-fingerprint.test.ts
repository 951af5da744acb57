import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { findKeyFault, readOpenPgpKeys } from '../../../src/distributions/openpgp-fingerprint.ts';
import { TEST_KEY as KEY, TEST_KEY_FINGERPRINT as FINGERPRINT } from '../../support/openpgp-key.ts';

describe('fingerprints of armoured keys', () => {
  it('are those gpg shows', () => {
    expect(readOpenPgpKeys(KEY)).toEqual([{ fingerprint: FINGERPRINT }]);
  });

  it('survive carriage returns, headers and a missing checksum', () => {
    const dos = KEY.replaceAll('\n', '\r\n').replace('BLOCK-----\r\n', 'BLOCK-----\r\nVersion: GnuPG v2\r\n');
    expect(readOpenPgpKeys(dos)).toEqual([{ fingerprint: FINGERPRINT }]);
    expect(readOpenPgpKeys(KEY.replace(/^=.*\n/m, ''))).toEqual([{ fingerprint: FINGERPRINT }]);
  });

  it('are wanted in any case, with blanks or without', () => {
    expect(findKeyFault(KEY, FINGERPRINT)).toBeUndefined();
    expect(findKeyFault(KEY, FINGERPRINT.toLowerCase().replaceAll(/(.{4})/g, '$1 '))).toBeUndefined();
  });

  it.each([
    ['another key', KEY, 'A'.repeat(40), `its key is ${FINGERPRINT}, not ${'A'.repeat(40)}`],
    ['an error page', '<html>404</html>', FINGERPRINT, 'it holds no OpenPGP public key'],
    ['nothing', '', FINGERPRINT, 'it holds no OpenPGP public key'],
    [
      'a flipped bit',
      KEY.replace(/[A-Za-z](?=[A-Za-z0-9+/]{8}\n)/, (letter) => (letter === 'A' ? 'B' : 'A')),
      FINGERPRINT,
      'its checksum does not match: the file is damaged',
    ],
  ])('%s is refused', (_, text, wanted, fault) => {
    expect(findKeyFault(text, wanted)).toBe(fault);
  });
});

describe.skipIf(!existsSync('/usr/bin/gpg'))('beside gpg', () => {
  let home = '';
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'slipway-gpg-'));
  });
  afterAll(() => {
    execFileSync('gpgconf', ['--homedir', home, '--kill', 'all']);
    rmSync(home, { recursive: true, force: true });
  });
  const gpg = (...argv: readonly string[]): string =>
    execFileSync(
      'gpg',
      ['--homedir', home, '--batch', '--pinentry-mode', 'loopback', '--passphrase', '', ...argv],
      {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );

  it.each(['rsa2048', 'ed25519', 'nistp256'])('a key of %s, with subkeys and several names', (algorithm) => {
    const user = `${algorithm} <test@slipway.invalid>`;
    gpg('--quick-generate-key', user, algorithm, 'sign', '1y');
    const fingerprint = /^fpr:+([0-9A-F]+):/m.exec(gpg('--with-colons', '--list-keys', user))?.[1] ?? '';
    gpg('--quick-add-key', fingerprint, algorithm === 'rsa2048' ? 'rsa2048' : 'cv25519', 'encr');
    gpg('--quick-add-uid', fingerprint, 'Second <second@slipway.invalid>');
    expect(readOpenPgpKeys(gpg('--armor', '--export', fingerprint))).toEqual([{ fingerprint }]);
  });

  it('a file of several keys is refused: each of them could sign', () => {
    const all = gpg('--armor', '--export');
    const keys = readOpenPgpKeys(all);
    expect(keys).toHaveLength(3);
    expect(findKeyFault(all, keys[0]?.fingerprint ?? '')).toMatch(/^its key is /);
  });
});
