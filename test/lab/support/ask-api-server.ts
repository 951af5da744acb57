// Asks an API server of KUBECONFIG whether it is ready, as kubectl would: with its certificate checked for
// tls-server-name, else for the address, or for the name given. Ends with 9 when it gets no answer.
//
//   node ask-api-server.ts [--context NAME] [SERVER-NAME]
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { isIP } from 'node:net';
import { checkServerIdentity } from 'node:tls';
import { parseArgs } from 'node:util';

import { parse } from 'yaml';

type Entry<Key extends string> = { readonly name: string } & Readonly<Record<Key, Record<string, string>>>;

interface Kubeconfig {
  readonly clusters: readonly Entry<'cluster'>[];
  readonly users: readonly Entry<'user'>[];
  readonly contexts: readonly Entry<'context'>[];
  readonly 'current-context': string;
}

const { values, positionals } = parseArgs({
  options: { context: { type: 'string' } },
  allowPositionals: true,
});
const config = parse(readFileSync(process.env['KUBECONFIG'] ?? '', 'utf8')) as Kubeconfig;
const named = <One extends { readonly name: string }>(entries: readonly One[], name = ''): One => {
  const found = entries.find((entry) => entry.name === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
};
const { context } = named(config.contexts, values.context ?? config['current-context']);
const { cluster } = named(config.clusters, context['cluster']);
const { user } = named(config.users, context['user']);
const text = (base64 = ''): string => Buffer.from(base64, 'base64').toString();
const server = new URL('/readyz', cluster['server']);
const name = positionals[0] ?? cluster['tls-server-name'] ?? server.hostname.replaceAll(/^\[|\]$/g, '');

const question = request(
  server,
  {
    ca: text(cluster['certificate-authority-data']),
    cert: text(user['client-certificate-data']),
    key: text(user['client-key-data']),
    // An address is no name for SNI; it is checked all the same.
    ...(isIP(name) === 0 && { servername: name }),
    checkServerIdentity: (_, certificate) => checkServerIdentity(name, certificate),
  },
  (response) => response.pipe(process.stdout),
);
question.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 9;
});
question.end();
