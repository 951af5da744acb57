import { endedAnswers, type Fact, type Family, fact, type HostAnswers } from '#core/fact.ts';
import { embed, lines, type Script, sh } from '#core/shell.ts';

import { alternativeNames, contentOf, distinguishedName, type Element, elements } from './der.ts';
import { pack, unpack } from './packed.ts';

/** What is said of a certificate in a file of a host; a kubeconfig may hold one as well. */
export type CertificateAnswer = {
  readonly path: string;
  /** When the file was last written: seconds since 1970 with nine decimals, as text; empty where that is yet to come. */
  readonly mtime: string;
  /** `due` when less of its time is left than was asked for. */
  readonly state: 'valid' | 'due' | 'expired' | 'unreadable';
  /** `O=system:nodes, CN=system:node:w1`. */
  readonly subject: string;
  /** The common name of who signed it. */
  readonly issuer: string;
  /** `2027-11-21T01:44:29Z`. */
  readonly notAfter: string;
  /** DNS names and addresses, which may be those of a server. */
  readonly names: readonly string[];
};

type Question = {
  readonly paths: readonly string[];
  readonly dueBeforeMs: number;
};

/**
 * The certificates in files that are there, of each file the first. Neither a key nor a token leaves the host: of a
 * file that holds both, only the certificate is read.
 *
 * @param dueBeforeMs how long before its end a certificate is due; at most half of its lifetime, so that a new one is not.
 */
export const certificates = (
  paths: readonly string[],
  dueBeforeMs: number,
): Fact<readonly CertificateAnswer[]> => fact(family, { paths, dueBeforeMs });

/** What a host has answered of its certificates. */
export const certificatesIn = (answers: HostAnswers | undefined): readonly CertificateAnswer[] =>
  Object.values(answers?.[family.name] ?? {}).flatMap((answer) => answer as readonly CertificateAnswer[]);

/** The first certificate of each file: its base64 in lines with a blank before, or, of a kubeconfig, all of it in one, packed once more. */
const CUT = `FNR == 1 { print "file " FILENAME; seen = 0; on = 0 }
/^-----END / { on = 0 }
on { print " " $0 }
!seen && /^-----BEGIN CERTIFICATE-----/ { seen = 1; on = 1 }
!seen && $1 == "client-certificate-data:" { seen = 1; gsub(/["'\\r]/, "", $2); print "data " $2 }`;

const LENGTH = '${#slipway_text}' as Script;
/** Base64 becomes hardly shorter: to pack the few certificates of a worker is two programs for nothing. */
const WORTH_PACKING = 4096;

/**
 * Who reads the answers decides what is due, by the controller's clock. A preflight check is about those of the hosts. Where
 * there are certificates the output has the host's time in it, and is never the same twice.
 */
export const certificatesFamily = (now: () => number): Family<Question, readonly CertificateAnswer[]> => ({
  name: 'certificates',
  sharesShell: true,
  script: (questions) =>
    lines(
      sh`slipway_certificates() {`,
      sh`  for slipway_path; do shift; ! [ -s "$slipway_path" ] || set -- "$@" "$slipway_path"; done`,
      sh`  [ $# -gt 0 ] || return 0`,
      sh`  date '+now %s.%N'; stat -L --printf='time %.9Y %n\n' "$@" 2>/dev/null; awk ${CUT} "$@" 2>/dev/null`,
      sh`}`,
      ...questions.map(
        ({ paths }) => sh`slipway_text=$(slipway_certificates ${paths})
if [ ${embed(LENGTH)} -lt ${WORTH_PACKING} ]; then printf '%s\n' "$slipway_text"; else
printf 'packed '; printf '%s\n' "$slipway_text" | ${embed(pack)}; echo; fi
echo end`,
      ),
    ),
  parse: (output, questions) =>
    endedAnswers(output, questions).map((answer, index) => {
      const packed = /^packed (\S+)$/m.exec(answer)?.[1];
      const text = packed === undefined ? answer : unpack(packed).toString('latin1');
      return readFiles(text, questions[index] as Question, now());
    }),
  bare: () => [],
});

const family = certificatesFamily(Date.now);

function readFiles(text: string, question: Question, nowMs: number): readonly CertificateAnswer[] {
  const [times = '', ...files] = text.split(/^file /m);
  const now = Number(/^now (\S+)$/m.exec(times)?.[1]);
  const mtimes = new Map(
    [...times.matchAll(/^time (\d+\.\d{9}) (.+)$/gm)].flatMap(([, mtime = '', path = '']) =>
      Number(mtime) > now ? [] : [[path, mtime]],
    ),
  );
  return files.flatMap((file): readonly CertificateAnswer[] => {
    const end = file.indexOf('\n');
    const path = file.slice(0, end);
    const body = file.slice(end + 1);
    // A kubeconfig may name a file instead.
    if (body === '')
      return path.endsWith('.conf') || path.endsWith('/config') ? [] : [unreadable(path, mtimes)];
    try {
      const read = readCertificate(derOf(body));
      return [{ path, mtime: mtimes.get(path) ?? '', ...stateOf(read, question.dueBeforeMs, nowMs) }];
    } catch {
      return [unreadable(path, mtimes)];
    }
  });
}

const unreadable = (path: string, mtimes: ReadonlyMap<string, string>): CertificateAnswer => ({
  path,
  mtime: mtimes.get(path) ?? '',
  state: 'unreadable',
  subject: '',
  issuer: '',
  notAfter: '',
  names: [],
});

function derOf(body: string): Buffer {
  if (!body.startsWith('data ')) return Buffer.from(body, 'base64');
  const pem = Buffer.from(body.slice('data '.length), 'base64').toString('latin1');
  return Buffer.from(/-----BEGIN CERTIFICATE-----([^-]*)-----END/.exec(pem)?.[1] ?? '', 'base64');
}

interface Certificate extends Pick<CertificateAnswer, 'subject' | 'issuer' | 'names'> {
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

function stateOf(
  { notBeforeMs, notAfterMs, ...read }: Certificate,
  dueBeforeMs: number,
  nowMs: number,
): Omit<CertificateAnswer, 'path' | 'mtime'> {
  const leftMs = notAfterMs - nowMs;
  const isDue = leftMs <= Math.min(dueBeforeMs, (notAfterMs - notBeforeMs) / 2);
  return {
    state: leftMs <= 0 ? 'expired' : isDue ? 'due' : 'valid',
    ...read,
    notAfter: `${new Date(notAfterMs).toISOString().slice(0, 19)}Z`,
  };
}

/** Tags of DER. */
const VERSION = 0xa0;
const EXTENSIONS = 0xa3;
const GENERALIZED_TIME = 0x18;

/**
 * By hand: node's own X509Certificate takes ten times as long, and there are thousands of hosts.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5280#section-4.1
 */
function readCertificate(der: Buffer): Certificate {
  const [whole] = elements(der);
  const [body] = elements(contentOf(whole));
  const parts = elements(contentOf(body));
  const [, , issuer, validity, subject] = parts[0]?.tag === VERSION ? parts.slice(1) : parts;
  const [notBefore, notAfter] = elements(contentOf(validity));
  const extensions = parts.find(({ tag }) => tag === EXTENSIONS);
  const { dnsNames, addresses } = alternativeNames(
    extensions === undefined ? [] : elements(extensions.content).flatMap(({ content }) => elements(content)),
  );
  const { commonName, organizations } = distinguishedName(subject);
  return {
    subject: [...organizations.map((one) => `O=${one}`), `CN=${commonName}`].join(', '),
    issuer: distinguishedName(issuer).commonName,
    names: [...dnsNames, ...addresses],
    notBeforeMs: timeOf(notBefore),
    notAfterMs: timeOf(notAfter),
  };
}

/** `261128142330Z`, or with all of the year; two digits are of a year from 1950 to 2049. */
function timeOf(element: Element | undefined): number {
  const text = contentOf(element).toString('latin1');
  const isFull = element?.tag === GENERALIZED_TIME;
  const full = isFull ? text : `${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}`;
  const time = Date.parse(full.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (Number.isNaN(time)) throw new RangeError(`not a time: ${text}`);
  return time;
}
