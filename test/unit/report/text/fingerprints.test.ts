import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { planRow } from '#report/plan/plan-row.ts';
import { withFingerprints } from '#report/text/fingerprints.ts';

import { scratchDirectory } from '../../../support/scratch-directory.ts';

async function certificate(): Promise<string> {
  const directory = await scratchDirectory();
  const [key, path] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-subj',
      '/CN=x',
      '-keyout',
      key,
      '-out',
      path,
    ],
    { stdio: 'ignore' },
  );
  return readFile(path, 'utf8');
}

test('certificate is shown by the fingerprint that openssl shows, and the text around it stays', async () => {
  const pem = await certificate();
  const { fingerprint256 } = new X509Certificate(pem);
  expect(withFingerprints(`a\n${pem}b\n`)).toBe(`a\n(certificate, sha256 ${fingerprint256})\nb\n`);
  expect(withFingerprints(pem.replaceAll('\n', '\r\n'))).toContain(fingerprint256);
  expect(withFingerprints(pem + pem).match(/sha256/g)).toHaveLength(2);
});

test('armoured key of OpenPGP and a bundle in base64 are shown by fingerprints', async () => {
  const armour = `-----BEGIN PGP PUBLIC KEY BLOCK-----\nVersion: x\n\n${'QUJD'.repeat(16)}\n=abcd\n-----END PGP PUBLIC KEY BLOCK-----\n`;
  expect(withFingerprints(armour)).toMatch(
    /^\(pgp public key block, sha256 ([0-9A-F]{2}:){31}[0-9A-F]{2}\)\n$/,
  );
  const bundle = Buffer.from(await certificate()).toString('base64');
  expect(withFingerprints(`caBundle: ${bundle}\n`)).toMatch(/^caBundle: \(base64, sha256 [0-9A-F:]{95}\)\n$/);
});

test.each([
  'DE15B14486CD377B9E876E1A234654DA9A296436',
  'sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
  `/${'long/path/'.repeat(8)}x.y`,
  '-----BEGIN CERTIFICATE-----\nnot ended\n',
])('text %j stays as it is', (text) => {
  expect(withFingerprints(text)).toBe(text);
});

test('row of a plan has no wall of base64, with all that there is to say', async () => {
  const pem = await certificate();
  const row = planRow(
    'file:/etc/ca.crt',
    { answer: 'change', differences: [{ what: 'content', from: null, to: pem }], steps: [] },
    { verbose: true, hasShell: true, shownFor: () => undefined },
  );
  expect(JSON.stringify(row)).toContain('(certificate, sha256 ');
  expect(JSON.stringify(row)).not.toContain('BEGIN');
});
