import { createHmac } from 'node:crypto';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { fingerprint, KnownHosts, knownHostName, parseKnownHosts } from '#transport/known-hosts.ts';

/** The key of RFC 8709's form, with a body of zeros. */
const key = (type = 'ssh-ed25519'): string => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(type.length);
  return Buffer.concat([length, Buffer.from(type), Buffer.alloc(36)]).toString('base64');
};

const namesHost = (patterns: string, address: string, port = 22): boolean =>
  new KnownHosts(parseKnownHosts(`${patterns} ssh-ed25519 ${key()}`)).named(knownHostName(address, port))
    .length > 0;

const hashed = (name: string): string => {
  const salt = Buffer.from('twenty bytes of salt');
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
};

describe('known hosts', () => {
  it.each([
    { patterns: 'n1', address: 'n1', named: true },
    { patterns: 'N1.Example', address: 'n1.example', named: true },
    { patterns: 'n1', address: 'N1', named: true },
    { patterns: 'n1,10.0.0.1', address: '10.0.0.1', named: true },
    { patterns: 'n1', address: 'n12', named: false },
    { patterns: 'n.', address: 'n1', named: false },
    { patterns: '*.example', address: 'n1.example', named: true },
    { patterns: 'n?.example', address: 'n1.example', named: true },
    { patterns: 'n?.example', address: 'n12.example', named: false },
    { patterns: '*.example,!n1.example', address: 'n1.example', named: false },
    { patterns: '!n1.example,*.example', address: 'n2.example', named: true },
    { patterns: '!n1', address: 'n2', named: false },
    { patterns: '[n1]:2222', address: 'n1', port: 2222, named: true },
    { patterns: '[n1]:2222', address: 'n1', named: false },
    { patterns: 'n1', address: 'n1', port: 2222, named: false },
    { patterns: '[fd00::1]:2222', address: 'fd00::1', port: 2222, named: true },
    { patterns: hashed('n1'), address: 'n1', named: true },
    { patterns: hashed('n1'), address: 'n2', named: false },
    { patterns: hashed('[n1]:2222'), address: 'n1', port: 2222, named: true },
    { patterns: '|1|broken', address: 'n1', named: false },
  ])('$patterns names $address:$port: $named', ({ patterns, address, port, named }) => {
    expect(namesHost(patterns, address, port)).toBe(named);
  });

  it('counts lines, and passes over what names no key', () => {
    const text = [
      '# a comment',
      '',
      `n1 ssh-ed25519 ${key()} a comment`,
      `\t n2\tssh-ed25519   ${key()}\r`,
      `@revoked n3 ssh-ed25519 ${key()}`,
      `@cert-authority *.example ssh-ed25519 ${key()}`,
      `#n4 ssh-ed25519 ${key()}`,
      `n5 ssh-rsa ${key()}`,
      'n6 ssh-ed25519',
      'n7 ssh-ed25519 !!!!',
      `n8 ssh-rsa ${key('ssh-rsa')}`,
    ].join('\n');
    expect(
      parseKnownHosts(text).map(({ patterns, line, isRevoked, type }) => [
        ...patterns,
        line,
        isRevoked,
        type,
      ]),
    ).toEqual([
      ['n1', 3, false, 'ssh-ed25519'],
      ['n2', 4, false, 'ssh-ed25519'],
      ['n3', 5, true, 'ssh-ed25519'],
      ['n8', 11, false, 'ssh-rsa'],
    ]);
  });

  it('are read without a fault, whatever the file holds', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.string(), (bytes, address) => {
        const text = Buffer.from(bytes).toString();
        const entries = parseKnownHosts(`${text}\nn1,${text.replaceAll(/\s/g, '')} ssh-ed25519 ${key()}`);
        new KnownHosts(entries).named(address);
        expect(entries.at(-1)?.patterns[0]).toBe('n1');
      }),
    );
  });

  it('have the fingerprints that ssh-keygen prints', () => {
    const github = 'AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl';
    // https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/githubs-ssh-key-fingerprints
    expect(fingerprint(Buffer.from(github, 'base64'))).toBe(
      'SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU',
    );
  });

  it('are found in the order of the file, each once, among thousands in no time', () => {
    const text = [
      'n*,n7 ssh-ed25519 A',
      'n7,n7,N7 ssh-ed25519 A',
      `${hashed('n7')} ssh-ed25519 A`,
      '* ssh-ed25519 A',
    ];
    const many = Array.from({ length: 5000 }, (_, index) => `n${index} ssh-ed25519 A`);
    const lines = [...text, ...many].map((line) => line.replace(/A$/, key()));
    const hosts = new KnownHosts(parseKnownHosts(lines.join('\n')));
    expect(hosts.named('n7').map(({ line }) => line)).toEqual([1, 2, 3, 4, 12]);
    // Of this thread's own time, whatever else the machine does.
    const startedAt = process.threadCpuUsage();
    for (let index = 0; index < 5000; index += 1) hosts.named(`n${index}`);
    expect(process.threadCpuUsage(startedAt).user / 1000).toBeLessThan(2000);
  });
});
