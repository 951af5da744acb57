import type { Queue } from '#core/fact.ts';
import { embed, lines, type Script, sh } from '#core/shell.ts';

import { pack, unpack } from './packed.ts';

/**
 * Prints who is asked, how their certificate is to name them, and the three files; nothing where a line is not one that
 * kubeadm writes, or stands twice.
 */
const READ_KUBECONFIG = String.raw`{ key = $0 }
/^    (certificate-authority-data|client-certificate-data|client-key-data|server|cluster|user): [^ ]+$/ || /^(current-context:|- name:) [^ ]+$/ { key = $1 == "-" ? "name" : $1; is[key] = $NF }
/^  name: [^ ]+$/ { key = "name " ++names; named[names] = $2 }
!(key in is || key ~ /^name [12]$/ || $0 ~ /^(apiVersion: v1|clusters:|- cluster:|contexts:|- context:|kind: Config|preferences: [{][}]|users:|  user:)$/) || seen[key]++ { bad = 1 }
END {
  server = is["server:"]; host = server; sub(/^https:\/\//, "", host); sub(/:[0-9]+$/, "", host); gsub(/[][]/, "", host)
  if (bad || server !~ /^https:\/\/[^\/]+:[0-9]+$/ || is["cluster:"] != named[1] || is["user:"] != is["name"] || is["current-context:"] != named[2]) exit
  print substr(server, 9); print (host ~ /:|^[0-9.]+$/ ? "-verify_ip " : "-verify_hostname ") host
  print is["certificate-authority-data:"]; print is["client-certificate-data:"]; print is["client-key-data:"]
}`;

/** The answers to some of what was asked for ahead, in the order in which it is wanted; it fails where one was not asked for. */
const PICK = String.raw`BEGIN { for (i = split(ahead, path, " "); i > 0; i--) at[path[i]] = i }
/^HTTP\/1\.[01] [0-9]+ / { answer++ }
{ text[answer] = text[answer] $0 "\n" }
END { count = split(wanted, path, " "); ORS = ""; for (i = 1; i <= count; i++) { if (!(path[i] in at)) exit 1; print text[at[path[i]]] } }`;

/**
 * `over_tls PATH...` asks the API server for these paths, one after the other on one connection of openssl's, with the
 * admin's certificate. Without openssl, with a kubeconfig that is not as kubeadm writes it, or where an answer is anything
 * but 200 or 404, it fails and has said nothing: then kubectl is asked, whose start alone takes a host 80 ms of CPU where
 * this takes 15. `said` has the answers, and `found` how many of them are 200. What was asked for ahead is taken from there.
 *
 * `credentials` reads the kubeconfig, and `tls SECONDS` is a connection with what it said: the key reaches openssl through a
 * pipe, and is in no file and no argument.
 *
 * @see https://docs.openssl.org/3.0/man1/openssl-s_client/
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.0/cmd/kubeadm/app/util/kubeconfig/kubeconfig.go
 */
export const OVER_TLS: Script = sh`over_tls() {
[ -n "$slipway_ahead" ] && said=$(printf '%s\n' "$slipway_said" | awk -v ahead="$slipway_ahead" -v wanted="$*" ${PICK}) || { said=; [ -z "$slipway_silent" ] && connected "$@" || return 1; }
found=$(printf '%s\n' "$said" | grep -ac '^HTTP/1.[01] 200 ')
[ "$found" = $# ] || [ "$((found + $(printf '%s\n' "$said" | grep -ac '^HTTP/1.[01] 404 ')))" = $# ]
}
connected() {
credentials || return 1
said=$(requests "$server" "$@" | tls 10)
}
credentials() {
command -v openssl >/dev/null && [ -z "$HTTPS_PROXY$https_proxy" ] || return 1
{ IFS= read -r server && IFS= read -r names && IFS= read -r ca && IFS= read -r certificate && IFS= read -r key; } <<END
$(awk ${READ_KUBECONFIG} /etc/kubernetes/admin.conf 2>/dev/null)
END
}
tls() {
timeout "$1" openssl s_client -quiet $2 -connect "$server" -verify_return_error $names -no-CApath -no-CAstore -CAfile /dev/fd/3 -cert /dev/fd/4 -key /dev/fd/5 2>/dev/null 3<<CA 4<<CERTIFICATE 5<<KEY
$(printf %s "$ca" | base64 -d)
CA
$(printf %s "$certificate" | base64 -d)
CERTIFICATE
$(printf %s "$key" | base64 -d)
KEY
}
requests() {
host=$1; shift
while [ $# -gt 0 ]; do
printf 'GET %s HTTP/1.1\r\nHost: %s\r\nAccept: application/json\r\n' "$1" "$host"
shift; [ $# -gt 0 ] || printf 'Connection: close\r\n'
printf '\r\n'
done
}`;

/**
 * The questions that the API server answers of a host. What two of them ask it over TLS goes over one connection; where that says
 * nothing at all, it is not tried again.
 */
export const API: Queue = {
  name: 'api',
  before: (paths) =>
    sh`${embed(OVER_TLS)}
slipway_ahead=
if [ ! -s /etc/kubernetes/admin.conf ]; then :
elif over_tls ${paths}; then slipway_ahead=${paths.join(' ')} slipway_said=$said
elif [ -z "$said" ]; then slipway_silent=1
fi`,
};

/**
 * `in_one_piece` prints the bodies of answers without the lengths of the pieces that they came in, which may end anywhere. As
 * they are JSON of one line, a piece ends where a line ends as those of HTTP do.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9112#name-chunked-transfer-coding
 */
export const IN_ONE_PIECE: Script = sh`in_one_piece() { printf '%s\n' "$said" | awk ${String.raw`
/^HTTP\/1\.[01] [0-9]+ / { at = "head"; pieces = 0 }
at == "head" { if (tolower($0) ~ /^transfer-encoding: *chunked/) pieces = 1; if ($0 == "\r") at = pieces ? "length" : "body"; next }
at == "length" { at = "body"; next }
{ if (sub(/\r$/, "") && pieces) at = "length"; printf "%s", $0 }`}; }`;

/** Ends a question with what is at these paths; it goes on where that is not to be had in this way, or not enough. */
export const overTls = (paths: readonly string[], isEnough: Script = sh`:`): Script =>
  lines(
    OVER_TLS,
    sh`if over_tls ${paths} && ${embed(isEnough)}; then printf 'over TLS '; printf '%s\n' "$said" | ${embed(pack)}; echo; exit 0; fi`,
  );

/**
 * The bodies of what was said, null where nothing is at a path; none where they are cut off. Undefined where kubectl was
 * asked.
 */
export function bodiesOf(output: string): readonly (string | null)[] | undefined {
  const [, packed] = /^over TLS (\S+)$/m.exec(output) ?? [];
  if (packed === undefined) return undefined;
  const bodies: (string | null)[] = [];
  let rest = unpack(packed);
  while (rest.length > 0) {
    const end = rest.indexOf('\r\n\r\n');
    const [status = '', ...headers] = rest.subarray(0, Math.max(end, 0)).toString().split('\r\n');
    const body = bodyOf(headers, rest.subarray(end + 4));
    if (end < 0 || body === undefined) return [];
    bodies.push(status.startsWith('HTTP/1.1 200 ') ? Buffer.concat(body.parts).toString() : null);
    rest = body.rest;
  }
  return bodies;
}

interface Body {
  readonly parts: readonly Buffer[];
  readonly rest: Buffer;
}

/** @see https://www.rfc-editor.org/rfc/rfc9112#name-message-body */
function bodyOf(headers: readonly string[], text: Buffer): Body | undefined {
  const length = /^content-length: (\d+)$/im.exec(headers.join('\n'))?.[1];
  if (length !== undefined) {
    const size = Number(length);
    return text.length < size ? undefined : { parts: [text.subarray(0, size)], rest: text.subarray(size) };
  }
  const parts: Buffer[] = [];
  for (let rest = text; ;) {
    const line = /^([0-9a-f]+)\r\n/i.exec(rest.subarray(0, 20).toString('latin1'));
    const size = Number.parseInt(line?.[1] ?? '', 16);
    const start = line?.[0].length ?? 0;
    if (line === null || rest.length < start + size + 2) return undefined;
    if (size === 0) return { parts, rest: rest.subarray(start + 2) };
    parts.push(rest.subarray(start, start + size));
    rest = rest.subarray(start + size + 2);
  }
}
