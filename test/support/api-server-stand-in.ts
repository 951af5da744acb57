import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

import { onTestFinished } from 'vitest';

import type { Fact } from '#core/fact.ts';
import type { Json } from '#core/json.ts';
import type { Script } from '#core/shell.ts';
import { groupFacts, probeScript, splitProbe } from '#transport/probe.ts';

import { followed } from './followed.ts';
import { scratchDirectory } from './scratch-directory.ts';

export interface ApiServerOptions {
  /** What is at a path; 404 elsewhere. */
  readonly objects: Readonly<Record<string, object>>;
  /** Answers in another way. */
  readonly respond?: (path: string, response: ServerResponse) => boolean;
  /** What the kubeconfig is in place of the one that kubeadm would write. */
  readonly rewrite?: (kubeconfig: string) => string;
  /** Whom the server's certificate names; 127.0.0.1 without. */
  readonly names?: string;
  /** What the stand-in for kubectl prints. */
  readonly kubectl?: string;
}

export interface Asked<Answer> {
  readonly answer: Answer;
  readonly output: string;
  /** What the stand-in for kubectl was asked. */
  readonly kubectl: readonly string[];
  /** Paths that the API server was asked for by who had the admin's certificate. */
  readonly paths: readonly string[];
  readonly connections: number;
}

/** A stand-in for an API server, with certificates as kubeadm makes them, and a control plane that has its kubeconfig. */
export async function apiServerStandIn(options: ApiServerOptions) {
  const root = await scratchDirectory();
  const paths: string[] = [];
  const files = certificatesFor(root, options.names ?? 'IP:127.0.0.1');
  const read = (name: string): string => files.get(name) ?? '';
  const server = createServer(
    { key: read('server.key'), cert: read('server.crt'), ca: read('ca.crt'), requestCert: true },
    (request, response) => {
      const path = request.url ?? '';
      paths.push(path);
      if (options.respond?.(path, response) === true) return;
      const object = options.objects[path];
      // As the API server does: long bodies come in pieces.
      const text = `${JSON.stringify(object ?? { kind: 'Status', code: 404 })}\n`;
      const length = text.length > 2048 ? {} : { 'content-length': Buffer.byteLength(text) };
      response.writeHead(object === undefined ? 404 : 200, { 'content-type': 'application/json', ...length });
      response.end(text);
    },
  );
  let connections = 0;
  server.on('secureConnection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  for (const directory of ['bin', 'etc/kubernetes']) mkdirSync(join(root, directory), { recursive: true });
  const { port } = server.address() as AddressInfo;
  const kubeconfig = kubeconfigOf(`https://127.0.0.1:${port}`, read);
  writeFileSync(join(root, 'etc/kubernetes/admin.conf'), (options.rewrite ?? ((text) => text))(kubeconfig));
  writeFileSync(join(root, 'kubectl-says'), options.kubectl ?? '');
  writeFileSync(
    join(root, 'bin/kubectl'),
    `#!/bin/sh\nprintf '%s\\n' "$*" >>${root}/kubectl-asked\ncat ${root}/kubectl-says\n`,
    { mode: 0o755 },
  );
  const env = { PATH: [join(root, 'bin'), process.env['PATH']].join(delimiter) };
  const here = (script: Script): string => script.replaceAll('/etc/kubernetes', `${root}/etc/kubernetes`);
  const run = async (script: Script): Promise<string> =>
    (await promisify(execFile)('sh', ['-c', here(script)], { env })).stdout;
  const heard = () => {
    const asked = join(root, 'kubectl-asked');
    const kubectl = existsSync(asked) ? readFileSync(asked, 'utf8').trim().split('\n') : [];
    return { kubectl, paths, connections };
  };
  const ask = async <Answer extends Json>(fact: Fact<Answer>): Promise<Asked<Answer>> => {
    const questions = [fact.question] as never[];
    const output = await run(fact.family.script(questions));
    const [answer] = fact.family.parse(output, questions);
    return { answer: answer as Answer, output, ...heard() };
  };
  /** All in one look, as a probe asks them. */
  const look = async (...facts: readonly Fact[]) => {
    const groups = groupFacts(facts);
    const { families } = splitProbe(await run(probeScript(groups, 'nonce')), groups, 'nonce');
    const answers = groups.flatMap(({ family, questions }) =>
      family.parse(families.get(family.name)?.stdout ?? '', questions as never),
    );
    return { answers, ...heard() };
  };
  return { ask, look, run, follow: (script: Script) => followed(here(script), env) };
}

const made = new Map<string, ReadonlyMap<string, string>>();

/** Made once for all tests of a file. */
function certificatesFor(root: string, names: string): ReadonlyMap<string, string> {
  const known = made.get(names);
  if (known !== undefined) return known;
  makeCertificates(root, names);
  const files = ['ca.crt', 'server.crt', 'server.key', 'admin.crt', 'admin.key'];
  const read = new Map(files.map((name) => [name, readFileSync(join(root, name), 'utf8')]));
  made.set(names, read);
  return read;
}

function makeCertificates(root: string, names: string): void {
  const openssl = (...args: readonly string[]) => execFileSync('openssl', args, { cwd: root, stdio: 'pipe' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl('req', '-x509', ...newKey, '-subj', '/CN=kubernetes', '-keyout', 'ca.key', '-out', 'ca.crt');
  for (const [name, subject, extension] of [
    ['server', '/CN=kube-apiserver', `subjectAltName=${names}`],
    ['admin', '/O=kubeadm:cluster-admins/CN=kubernetes-admin', 'extendedKeyUsage=clientAuth'],
  ] as const) {
    openssl('req', ...newKey, '-subj', subject, '-keyout', `${name}.key`, '-out', `${name}.csr`);
    writeFileSync(join(root, `${name}.ext`), `${extension}\n`);
    const files = ['-in', `${name}.csr`, '-extfile', `${name}.ext`, '-out', `${name}.crt`];
    openssl('x509', '-req', '-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', ...files);
  }
}

/** As `kubeadm init` (1.34.9) writes it. */
function kubeconfigOf(server: string, read: (name: string) => string): string {
  const base64 = (name: string): string => Buffer.from(read(name)).toString('base64');
  return `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: ${base64('ca.crt')}
    server: ${server}
  name: kubernetes
contexts:
- context:
    cluster: kubernetes
    user: kubernetes-admin
  name: kubernetes-admin@kubernetes
current-context: kubernetes-admin@kubernetes
kind: Config
users:
- name: kubernetes-admin
  user:
    client-certificate-data: ${base64('admin.crt')}
    client-key-data: ${base64('admin.key')}
`;
}
