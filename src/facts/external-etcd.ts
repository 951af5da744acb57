import { EXTERNAL_ETCD_FILES } from '#catalog/etcd-paths.ts';
import { type Fact, type Family, fact } from '#core/fact.ts';
import { embed, lines, type Script, sh } from '#core/shell.ts';

import { pack, unpack } from './packed.ts';

/** What a member of an external etcd says to a control plane. */
export type ExternalMember = {
  readonly endpoint: string;
  /**
   * `shut`: it is there under its certificate, and wants another one of its client, or any. `unasked`: there is no
   * openssl to ask it with.
   */
  readonly state: 'answers' | 'shut' | 'silent' | 'unasked';
  /** Why it does not answer, or is not healthy; empty where it is well. */
  readonly why: string;
  /** `3.6.5`; empty where it does not answer. */
  readonly version: string;
  /** How many objects of a cluster there are; null where it does not say that. */
  readonly keys: number | null;
};

/** Who is asked, and how their certificates are signed. */
export type ExternalQuestion = {
  readonly endpoints: readonly string[];
  /** The certificate of their authority, in PEM. */
  readonly authority: string;
  /** Below which API servers keep their objects: `/registry`. */
  readonly prefix: string;
};

export const externalEtcd = (question: ExternalQuestion): Fact<readonly ExternalMember[]> =>
  fact(family, question);

/** Each of them; a machine that is none answers nothing for so long. */
const SECONDS = 8;

/**
 * Asked over TLS with the certificate that API servers show, where it is there: without it, it is seen all the same who
 * answers, and under which certificate. The key is read by openssl alone.
 *
 * @see https://etcd.io/docs/v3.6/op-guide/monitoring/ (/health)
 * @see https://etcd.io/docs/v3.6/dev-guide/api_grpc_gateway/ (/v3/kv/range)
 * @see https://docs.openssl.org/3.0/man1/openssl-s_client/
 */
const family: Family<ExternalQuestion, readonly ExternalMember[]> = {
  name: 'external-etcd',
  // A member that is away is waited for beside all else.
  queue: { name: 'etcd' },
  patienceMs: 30_000,
  isVolatile: true,
  script: (questions) =>
    lines(
      sh`command -v openssl >/dev/null || exit 0`,
      sh`client=; if [ -s ${EXTERNAL_ETCD_FILES.cert} ] && [ -s ${EXTERNAL_ETCD_FILES.key} ]; then client=${`-cert ${EXTERNAL_ETCD_FILES.cert} -key ${EXTERNAL_ETCD_FILES.key}`}; fi`,
      ...questions.flatMap(({ endpoints, authority, prefix }) =>
        endpoints.map((endpoint) => ask(endpoint, authority, prefix)),
      ),
    ),
  parse: (output, questions) => {
    const answers = output.split('\n');
    let next = 0;
    return questions.map(({ endpoints }) =>
      endpoints.map((endpoint) => read(endpoint, answers[next++] ?? '')),
    );
  },
  bare: ({ endpoints }) =>
    endpoints.map((endpoint) => ({ endpoint, state: 'shut', why: '', version: '', keys: null })),
};

function ask(endpoint: string, authority: string, prefix: string): Script {
  const address = endpoint.replace('https://', '');
  const host = address.replace(/:\d+$/, '').replaceAll(/^\[|\]$/g, '');
  const isAddress = host.includes(':') || /^[0-9.]+$/.test(host);
  const range = JSON.stringify({
    key: Buffer.from(`${prefix}/`).toString('base64'),
    range_end: Buffer.from(`${prefix}0`).toString('base64'),
    count_only: true,
  });
  const requests = [
    ...['/version', '/health'].map((path) => `GET ${path} HTTP/1.1\r\nHost: ${address}\r\n\r\n`),
    `POST /v3/kv/range HTTP/1.1\r\nHost: ${address}\r\nContent-Type: application/json\r\nContent-Length: ${range.length}\r\nConnection: close\r\n\r\n${range}`,
  ].join('');
  return sh`{ printf %s ${requests} | timeout ${SECONDS} openssl s_client -quiet -connect ${address} -verify_return_error ${isAddress ? '-verify_ip' : '-verify_hostname'} ${host} -CAfile /dev/fd/3 $client 2>&1 3<<CA
$(printf '%s\n' ${authority})
CA
[ $? != 124 ] || printf '\nlate\n'; } | ${embed(pack)}; echo`;
}

function read(endpoint: string, packed: string): ExternalMember {
  const nothing = { endpoint, version: '', keys: null } as const;
  if (packed === '') return { ...nothing, state: 'unasked', why: 'there is no openssl to ask it with' };
  const said = unpack(packed).toString();
  const [, version] = /\{"etcdserver":"([^"]*)"/.exec(said) ?? [];
  if (version === undefined) {
    const silence = silenceIn(said);
    return silence === undefined
      ? { ...nothing, state: 'shut', why: refusalIn(said) }
      : { ...nothing, state: 'silent', why: silence };
  }
  const [, health, reason = ''] = /\{"health":"?(true|false)"?(?:,"reason":"([^"]*)")?/.exec(said) ?? [];
  const [, count] = /"count":"(\d+)"/.exec(said) ?? [];
  const isCounted = count !== undefined || /\{"header":\{"cluster_id"/.test(said);
  return {
    endpoint,
    state: 'answers',
    why: health === 'true' ? '' : `it says that it is not healthy${reason === '' ? '' : `: ${reason}`}`,
    version,
    keys: isCounted ? Number(count ?? 0) : null,
  };
}

/** The words of openssl's for why there is nobody under a certificate of that authority; undefined where there is. */
function silenceIn(said: string): string | undefined {
  const [, verification] = /verify error:num=\d+:(.*)/.exec(said) ?? [];
  if (verification !== undefined) return `its certificate is not taken: ${verification.trim()}`;
  if (/Connection refused|errno=111/i.test(said)) return 'connection refused';
  if (/No route to host|errno=113/i.test(said)) return 'no route to host';
  if (/Name or service not known|nodename nor|BIO_lookup/i.test(said)) return 'its name is not known';
  if (/wrong version number|packet length too long|record layer/i.test(said)) return 'it does not speak TLS';
  return /^late$/m.test(said) ? `no answer within ${SECONDS} seconds` : undefined;
}

function refusalIn(said: string): string {
  const [, alert] = / alert ([a-z ]+)/.exec(said) ?? [];
  if (alert !== undefined) return `it refuses the certificate that it is shown: ${alert.trim()}`;
  return /key values mismatch|(unable to|could not) (load|read|find)/i.test(said)
    ? 'the client certificate and its key cannot be used'
    : 'it refuses the certificate that it is shown, or ends the connection for another reason';
}
