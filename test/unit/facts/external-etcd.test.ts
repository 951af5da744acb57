import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, describe, expect, it, onTestFinished } from 'vitest';

import { externalEtcd, type ExternalMember } from '#facts/external-etcd.ts';

const CERT = '/etc/kubernetes/pki/apiserver-etcd-client.crt';
const KEY = '/etc/kubernetes/pki/apiserver-etcd-client.key';

/** Two authorities, each with a server and a client. */
const root = mkdtempSync(join(tmpdir(), 'slipway-test-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const openssl = (...args: readonly string[]) => execFileSync('openssl', args, { cwd: root, stdio: 'pipe' });
const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
writeFileSync(join(root, 'ext'), 'subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth\n');
for (const name of ['own', 'other']) {
  openssl(
    'req',
    '-x509',
    ...newKey,
    '-subj',
    `/CN=${name}`,
    '-keyout',
    `${name}-ca.key`,
    '-out',
    `${name}-ca.crt`,
  );
  openssl('req', ...newKey, '-subj', '/CN=leaf', '-keyout', `${name}.key`, '-out', `${name}.csr`);
  const signer = ['-CA', `${name}-ca.crt`, '-CAkey', `${name}-ca.key`, '-CAcreateserial'];
  openssl('x509', '-req', '-in', `${name}.csr`, ...signer, '-extfile', 'ext', '-out', `${name}.crt`);
}
for (const [name, certificate] of [
  ['broken', 'x\n'],
  ['mixed', readFileSync(join(root, 'own.crt'))],
] as const) {
  writeFileSync(join(root, `${name}.crt`), certificate);
  writeFileSync(join(root, `${name}.key`), readFileSync(join(root, 'other.key')));
}
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

interface Says {
  readonly health?: string;
  readonly count?: string;
}

/** A stand-in for a member, which wants a client of its own authority. Gives its endpoint, and what it was asked for. */
async function member({ health = '{"health":"true","reason":""}', count }: Says = {}) {
  const asked: string[] = [];
  const server = createServer(
    {
      key: read('own.key'),
      cert: read('own.crt'),
      ca: read('own-ca.crt'),
      requestCert: true,
      rejectUnauthorized: true,
    },
    (request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (part: string) => (body += part));
      request.on('end', () => {
        asked.push(`${request.method} ${request.url} ${body}`.trim());
        const header = '"header":{"cluster_id":"1","revision":"7"}';
        const text =
          request.url === '/version'
            ? '{"etcdserver":"3.5.24","etcdcluster":"3.5.0"}'
            : request.url === '/health'
              ? health
              : `{${header}${count === undefined ? '' : `,"count":"${count}"`}}`;
        response.end(text);
      });
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { endpoint: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

async function ask(
  endpoints: readonly string[],
  client = 'own',
  authority = 'own',
): Promise<readonly ExternalMember[]> {
  const { family, question } = externalEtcd({
    endpoints,
    authority: read(`${authority}-ca.crt`),
    prefix: '/registry',
  });
  const script = family
    .script([question] as never[])
    .replaceAll(CERT, join(root, `${client}.crt`))
    .replaceAll(KEY, join(root, `${client}.key`));
  const { stdout } = await promisify(execFile)('sh', ['-c', script]);
  const [answer] = family.parse(stdout, [question] as never[]);
  return answer as readonly ExternalMember[];
}

describe('an external etcd', () => {
  it('says its release, its health, and how much of a cluster is in it', async () => {
    const { endpoint, asked } = await member({ count: '12' });
    expect(await ask([endpoint])).toEqual([
      { endpoint, state: 'answers', why: '', version: '3.5.24', keys: 12 },
    ]);
    const [version, health, range = ''] = asked;
    expect([version, health]).toEqual(['GET /version', 'GET /health']);
    const {
      key,
      range_end: end,
      count_only: isCounted,
    } = JSON.parse(range.slice(range.indexOf('{'))) as Record<string, string>;
    expect([key, end].map((one) => Buffer.from(one ?? '', 'base64').toString())).toEqual([
      '/registry/',
      '/registry0',
    ]);
    expect(isCounted).toBe(true);
  });

  it('has nothing of a cluster where it counts nothing', async () => {
    const { endpoint } = await member();
    expect(await ask([endpoint])).toMatchObject([{ keys: 0, why: '' }]);
  });

  it('says that it is not healthy', async () => {
    const { endpoint } = await member({ health: '{"health":"false","reason":"RAFT NO LEADER"}' });
    expect(await ask([endpoint])).toMatchObject([
      { state: 'answers', why: 'it says that it is not healthy: RAFT NO LEADER' },
    ]);
  });

  it.each([
    ['another client certificate', ['other', 'own'], 'shut', /refuses the certificate/],
    ['no client certificate', ['none', 'own'], 'shut', /refuses the certificate/],
    ['another authority', ['own', 'other'], 'silent', /its certificate is not taken/],
    ['a client certificate that is none', ['broken', 'own'], 'shut', /cannot be used/],
    ['the key of another one', ['mixed', 'own'], 'shut', /cannot be used/],
  ] as const)(
    'is told by its reason where it is asked with %s',
    async (_, [client, authority], state, why) => {
      const { endpoint, asked } = await member();
      expect(await ask([endpoint], client, authority)).toMatchObject([
        { state, why: expect.stringMatching(why), version: '' },
      ]);
      expect(asked).toEqual([]);
    },
  );

  it('is none where nobody listens, or its name is not known; each endpoint has its own answer', async () => {
    const { endpoint } = await member();
    expect(await ask(['https://127.0.0.1:1', endpoint, 'https://nowhere.invalid:2379'])).toMatchObject([
      { state: 'silent', why: 'connection refused' },
      { state: 'answers' },
      { state: 'silent' },
    ]);
  });

  it('is not asked where there is no openssl', () => {
    const { family, question } = externalEtcd({
      endpoints: ['https://a:1'],
      authority: '',
      prefix: '/registry',
    });
    expect(family.parse('', [question] as never[])).toMatchObject([[{ state: 'unasked' }]]);
    expect(family.bare(question as never)).toMatchObject([{ state: 'shut', keys: null }]);
  });
});
