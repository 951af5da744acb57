import { execFileSync } from 'node:child_process';
import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { certificates, certificatesFamily } from '#facts/certificates.ts';

import { scratchDirectory } from '../../support/scratch-directory.ts';
import { askHere, parseText } from './ask.ts';

const DAY_MS = 86_400_000;
const directory = await scratchDirectory(afterAll);
const at = (name: string): string => join(directory, name);

/** A certificate and its key, valid from now on. */
function made(name: string, ...options: readonly string[]): { readonly pem: string; readonly key: string } {
  const [key, crt] = [at(`${name}.key`), at(`${name}.crt`)];
  const words = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  execFileSync('openssl', [...words, '-keyout', key, '-out', crt, ...options], { stdio: 'ignore' });
  return { pem: readFileSync(crt, 'utf8'), key: readFileSync(key, 'utf8') };
}

const node = made('node', '-days', '365', '-subj', '/O=system:nodes/CN=system:node:w1');
made(
  'apiserver',
  '-days',
  '365',
  '-subj',
  '/CN=kube-apiserver',
  '-addext',
  'subjectAltName=DNS:kubernetes,DNS:cp1,IP:10.96.0.1,IP:fd00::1',
);

describe('certificates of a host', () => {
  it('are read where they stand: alone, beside their key, in a kubeconfig, and no key leaves the host', () => {
    const both = at('both.pem');
    writeFileSync(both, node.key + node.pem);
    const kubeconfig = at('admin.conf');
    const data = Buffer.from(node.pem).toString('base64');
    const secret = Buffer.from(node.key).toString('base64');
    writeFileSync(
      kubeconfig,
      `users:\n- name: a\n  user:\n    client-certificate-data: ${data}\n    client-key-data: ${secret}\n`,
    );
    const question = certificates([at('apiserver.crt'), both, kubeconfig, at('none.crt')], DAY_MS);
    const found = askHere([question])[0];
    expect(found?.map(({ path, subject, state }) => [path, subject, state])).toEqual([
      [at('apiserver.crt'), 'CN=kube-apiserver', 'valid'],
      [both, 'O=system:nodes, CN=system:node:w1', 'valid'],
      [kubeconfig, 'O=system:nodes, CN=system:node:w1', 'valid'],
    ]);
    expect(found?.[0]).toMatchObject({
      issuer: 'kube-apiserver',
      names: ['kubernetes', 'cp1', '10.96.0.1', 'fd00:0:0:0:0:0:0:1'],
      mtime: expect.stringMatching(/^\d+\.\d{9}$/) as string,
      notAfter: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string,
    });
    const script = question.family.script([question.question] as never[]);
    const sent = execFileSync('sh', ['-c', script], { encoding: 'utf8' });
    expect(sent).toContain(data);
    expect(sent).not.toContain(secret.slice(0, 60));
    for (const line of node.key.split('\n').filter((text) => text.length > 20)) {
      expect(sent).not.toContain(line);
    }
  });

  it('travel packed where they are many', () => {
    const question = certificates(Array<string>(20).fill(at('apiserver.crt')), DAY_MS);
    const sent = execFileSync('sh', ['-c', question.family.script([question.question] as never[])], {
      encoding: 'utf8',
    });
    expect(sent).toMatch(/^packed \S+\nend\n$/);
    const found = parseText(sent, [question])[0];
    expect(found?.map(({ subject }) => subject)).toEqual(Array(20).fill('CN=kube-apiserver'));
    expect(() => parseText(sent.slice(0, -5), [question])).toThrow('cut off');
  });

  it('are none where a kubeconfig names a file, unreadable where there is something else', () => {
    writeFileSync(at('kubelet.conf'), 'users:\n- user:\n    client-certificate: /var/x.pem\n');
    writeFileSync(at('broken.crt'), '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n');
    writeFileSync(at('text.crt'), 'no certificate\n');
    writeFileSync(at('empty.crt'), '');
    const paths = ['kubelet.conf', 'broken.crt', 'text.crt', 'empty.crt'].map(at);
    const [found = []] = askHere([certificates(paths, DAY_MS)]);
    expect(found.map(({ path, state }) => [path, state])).toEqual([
      [at('broken.crt'), 'unreadable'],
      [at('text.crt'), 'unreadable'],
    ]);
  });

  it('have no time of writing where that is yet to come: nothing can have been started after it', () => {
    const path = at('node.crt');
    utimesSync(path, new Date(), new Date(Date.now() + DAY_MS));
    expect(askHere([certificates([path], DAY_MS)])[0]?.[0]?.mtime).toBe('');
    utimesSync(path, new Date(), new Date());
    expect(askHere([certificates([path], DAY_MS)])[0]?.[0]?.mtime).not.toBe('');
  });

  it.each([
    [0, 30, 'valid'],
    [334, 30, 'valid'],
    [336, 30, 'due'],
    [366, 30, 'expired'],
    // With more than half of its time a new one would be due at once.
    [1, 360, 'valid'],
    [184, 360, 'due'],
  ])('after %i days, asked for %i days before the end, are %s', (passed, before, state) => {
    const family = certificatesFamily(() => Date.now() + passed * DAY_MS);
    const question = { paths: [at('apiserver.crt')], dueBeforeMs: before * DAY_MS };
    const output = execFileSync('sh', ['-c', family.script([question])], { encoding: 'utf8' });
    expect(family.parse(output, [question])[0]?.[0]?.state).toBe(state);
  });
});
