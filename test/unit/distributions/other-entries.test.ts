import { describe, expect, it } from 'vitest';

import { debian } from '../../../src/distributions/debian/debian.ts';
import type { OtherEntriesAnswer, OtherEntry } from '../../../src/distributions/distribution-family.ts';
import { TEST_KEY, TEST_KEY_FINGERPRINT } from '../../support/openpgp-key.ts';

const MACHINE = { ...debian.freshMachine, arch: 'amd64' };
const SOURCE = {
  url: 'https://pkgs.k8s.io/core:/stable:/v1.34',
  keyUrl: '',
  fingerprint: TEST_KEY_FINGERPRINT,
  key: TEST_KEY,
};
const DOCKER = { ...SOURCE, url: 'https://download.docker.com/linux', layout: 'docker' } as const;

const armour = Buffer.from(TEST_KEY).toString('base64');
/** The same key as gpg --dearmor writes it. */
const binary = TEST_KEY.split('\n')
  .filter((row) => /^[A-Za-z0-9+/=]{20,}$/.test(row))
  .join('');
const KEYRINGS = {
  '/etc/apt/keyrings/mine.asc': armour,
  '/usr/share/keyrings/mine.gpg': binary,
  '/etc/apt/keyrings/closed.gpg': '',
  '/etc/apt/keyrings/other.gpg': Buffer.from('nonsense').toString('base64'),
};

const LISTS = '/etc/apt/sources.list.d';
const URI = `${SOURCE.url}/deb/`;

const judge = (
  path: string,
  text: string,
  source: typeof SOURCE | typeof DOCKER = SOURCE,
): OtherEntry | undefined => {
  const answer: OtherEntriesAnswer = { files: [{ path, text }], keyrings: KEYRINGS };
  return debian.otherEntries.judge(source === SOURCE ? 'kubernetes' : 'docker', source, MACHINE, answer);
};
const ansible = (text: string): OtherEntry | undefined => judge(`${LISTS}/pkgs_k8s_io_v1_34.list`, text);

const stanza = (fields: Readonly<Record<string, string>>): string =>
  Object.entries({
    Types: 'deb',
    URIs: `${DOCKER.url}/debian`,
    Suites: 'trixie',
    Components: 'stable',
    ...fields,
  })
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('');

describe('a file of sources', () => {
  const entry = `deb [signed-by=/etc/apt/keyrings/mine.asc] ${URI} / # mine`;

  it.each([
    ['as Windows ends its lines', `# x\r\n${entry}\r\n`, 2],
    ['with blanks at the end of its lines', `${entry} \t\n`, 1],
  ])('counts for slipway as it does for apt: %s', (_, text, line) => {
    expect(ansible(text)).toMatchObject({
      verdict: 'offers',
      where: `${LISTS}/pkgs_k8s_io_v1_34.list:${line}`,
    });
  });

  it('in stanzas as well', () => {
    const text = stanza({ 'Signed-By': '/etc/apt/keyrings/mine.asc' }).replaceAll('\n', '\r\n');
    expect(judge(`${LISTS}/docker.sources`, `Enabled: no\r\n\r\n${text}`, DOCKER)).toMatchObject({
      verdict: 'offers',
    });
  });

  it('is read in no time, whatever its lines are', () => {
    const before = process.threadCpuUsage();
    for (const long of ['#', ' ', '[', 'deb ', ' x', '#\r'])
      ansible(`deb ${long.repeat(200_000)}\r\n${entry}\n`);
    expect(process.threadCpuUsage(before).user / 1e6).toBeLessThan(2);
  });
});

describe('an entry of another file', () => {
  it.each([
    ['an ASCII-armoured key', `deb [signed-by=/etc/apt/keyrings/mine.asc] ${URI} /`],
    [
      'a binary key, and its architecture',
      `deb [arch=amd64,arm64 signed-by=/usr/share/keyrings/mine.gpg] ${URI} /`,
    ],
    ['another scheme', `deb [signed-by=/usr/share/keyrings/mine.gpg] ${URI.replace('https', 'http')} /`],
    [
      'no slash at the end',
      `deb [ signed-by="/usr/share/keyrings/mine.gpg" ] ${URI.replace(/\/$/, '')} / # mine`,
    ],
    [
      'a percent in its URI',
      `deb [signed-by=/usr/share/keyrings/mine.gpg] https://pkgs.k8s.io/core%3a/stable%3a/v1.34/deb/ /`,
    ],
    [
      'a login',
      `deb [signed-by=/usr/share/keyrings/mine.gpg] https://me:it@pkgs.k8s.io/core:/stable:/v1.34/deb/ /`,
    ],
    ['a fingerprint', `deb [signed-by=${TEST_KEY_FINGERPRINT}] ${URI} /`],
    [
      'trust without a signature as well',
      `deb [trusted=yes signed-by=/usr/share/keyrings/mine.gpg] ${URI} /`,
    ],
  ])('is gone by, where its key is the wanted one: %s', (_, entry) => {
    expect(ansible(`# Ansible\n${entry}\n`)).toEqual({
      verdict: 'offers',
      where: `${LISTS}/pkgs_k8s_io_v1_34.list:2`,
      keyrings: entry.includes(TEST_KEY_FINGERPRINT) ? [] : [/signed-by="?([^\s\]"]+)/.exec(entry)?.[1]],
    });
  });

  it.each([
    ['as Docker writes it', stanza({ 'Signed-By': '/etc/apt/keyrings/mine.asc' })],
    ['with several suites', stanza({ Suites: 'bookworm trixie', 'signed-by': '/etc/apt/keyrings/mine.asc' })],
    [
      'with several components',
      stanza({ Components: 'test\n stable', 'Signed-By': '/etc/apt/keyrings/mine.asc' }),
    ],
    [
      'with its key in it',
      stanza({
        'Signed-By': `\n${TEST_KEY.trimEnd()
          .split('\n')
          .map((row) => ` ${row || '.'}`)
          .join('\n')}`,
      }),
    ],
  ])('is gone by in a file of stanzas: %s', (_, text) => {
    expect(judge(`${LISTS}/docker.sources`, `# mine\n\n${text}`, DOCKER)).toEqual({
      verdict: 'offers',
      where: `${LISTS}/docker.sources:3`,
      keyrings: text.includes('BEGIN') ? [] : ['/etc/apt/keyrings/mine.asc'],
    });
  });

  it("is gone by with slipway's own key, which is then written all the same", () => {
    expect(ansible(`deb [signed-by=/etc/apt/keyrings/kubernetes-apt-keyring.asc] ${URI} /\n`)).toMatchObject({
      verdict: 'offers',
      keyrings: ['/etc/apt/keyrings/kubernetes-apt-keyring.asc'],
    });
  });

  it.each([
    ['another minor', 'https://pkgs.k8s.io/core:/stable:/v1.33/deb/ /'],
    ['another host', 'https://mirror.lan/core:/stable:/v1.34/deb/ /'],
    ['another port, which apt takes for another host', 'https://pkgs.k8s.io:443/core:/stable:/v1.34/deb/ /'],
    ['another suite', `${URI} ./`],
  ])('is left alone with %s', (_, place) => {
    expect(ansible(`deb [signed-by=/etc/apt/keyrings/other.gpg] ${place}\n`)).toBeUndefined();
  });

  it.each([
    ['commented out', `# deb [signed-by=/etc/apt/keyrings/other.gpg] ${URI} /\n`],
    [
      'as slipway would write it, of sources',
      `deb-src [signed-by=/etc/apt/keyrings/kubernetes-apt-keyring.asc] ${URI} /\n`,
    ],
  ])('is left alone where it is %s', (_, text) => {
    expect(ansible(text)).toBeUndefined();
  });

  it('is left alone where it is turned off', () => {
    expect(
      judge(
        `${LISTS}/docker.sources`,
        stanza({ Enabled: 'no', 'Signed-By': '/etc/apt/keyrings/other.gpg' }),
        DOCKER,
      ),
    ).toBeUndefined();
  });

  it.each([
    [
      'another key',
      `deb [signed-by=/etc/apt/keyrings/other.gpg] ${URI} /`,
      '/etc/apt/keyrings/other.gpg: it is not made of OpenPGP packets',
    ],
    ['a key that is not there', `deb [signed-by=/no/such.gpg] ${URI} /`, 'there is no /no/such.gpg'],
    [
      'a fingerprint that is another',
      `deb [signed-by=${'A'.repeat(40)}] ${URI} /`,
      `its key is ${'A'.repeat(40)}`,
    ],
    [
      'a key that apt may not read',
      `deb [signed-by=/etc/apt/keyrings/closed.gpg] ${URI} /`,
      'apt, which reads keys as a user of its own, may not read /etc/apt/keyrings/closed.gpg',
    ],
    ['no key', `deb ${URI} /`, 'it has no Signed-By'],
    ['no check at all', `deb [trusted=yes] ${URI} /`, 'it has no Signed-By'],
    [
      'nothing for this machine',
      `deb [arch=arm64 signed-by=/etc/apt/keyrings/mine.asc] ${URI} /`,
      'it is not for amd64',
    ],
    [
      'sources alone',
      `deb-src [signed-by=/etc/apt/keyrings/mine.asc] ${URI} /`,
      'it is one of sources (deb-src)',
    ],
    [
      'an option that apt wants in all of them',
      `deb-src [signed-by=/etc/apt/keyrings/kubernetes-apt-keyring.asc check-valid-until=no] ${URI} /`,
      'deb-src',
    ],
  ])('is refused by file and line with %s', (_, entry, fault) => {
    const verdict = ansible(`\n${entry}\n`);
    expect(verdict).toMatchObject({
      verdict: 'conflicts',
      why: expect.stringContaining(fault),
      hint: expect.stringContaining('Signed-By: /etc/apt/keyrings/kubernetes-apt-keyring.asc'),
    });
    expect(JSON.stringify(verdict)).toContain(`${LISTS}/pkgs_k8s_io_v1_34.list:2 is an entry of ${URI} /`);
  });

  it('without a key is left alone where apt reads it first', () => {
    expect(judge('/etc/apt/sources.list', `deb ${URI} /\n`)).toBeUndefined();
  });

  it('has to leave a keyring of its own where slipway puts one', () => {
    const keyring = '/etc/apt/keyrings/kubernetes-apt-keyring.asc';
    const files = [
      { path: `${LISTS}/mine.list`, text: `deb [signed-by=${keyring}] https://mine.lan/deb /\n` },
    ];
    const of = (found: string): OtherEntry | undefined =>
      debian.otherEntries.judge('kubernetes', SOURCE, MACHINE, { files, keyrings: { [keyring]: found } });
    expect(of(armour)).toBeUndefined();
    expect(of('AAAA')).toMatchObject({
      verdict: 'conflicts',
      why: expect.stringContaining(`${LISTS}/mine.list:1 goes by ${keyring}`),
    });
  });
});
