import { lines, sh } from '#core/shell.ts';
import type { Watch, WatchMeans } from '#core/watch.ts';

import { OVER_TLS } from './over-tls.ts';

/** What the API server tells of lists: `/api/v1/nodes?fieldSelector=metadata.name=w1`. */
export const apiWatch = (...paths: readonly string[]): Watch => ({ paths, means });

/** One node. */
export const nodeWatch = (name: string): Watch => apiWatch(namedPath('/api/v1/nodes', name));

/** One object of a list. */
export const namedPath = (list: string, name: string): string =>
  `${list}?fieldSelector=metadata.name=${name}`;

/** A path with more in its query. */
const having = (path: string, query: string): string => `${path}${path.includes('?') ? '&' : '?'}${query}`;

/**
 * A watch begins where a list was read, so that nothing is missed between the two. Each has a connection of its own, and what it
 * is sent after the request is the program's own input: where that ends, because the engine has heard enough or is gone, openssl
 * ends too, and with it all there is. The server ends a watch by itself after `timeoutSeconds`, and HTTP/1.0 has no pieces.
 *
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes (v1.34)
 * @see https://docs.openssl.org/3.0/man1/openssl-s_client/ (-no_ign_eof)
 */
const means: WatchMeans = {
  mark: (paths) =>
    lines(
      OVER_TLS,
      sh`over_tls ${paths.map((path) => having(path, 'limit=1'))} && printf '%s\n' "$said" | awk ${MARKS}`,
    ),
  follow: (marks, seconds) =>
    lines(
      OVER_TLS,
      sh`follow() {
{ printf 'GET %s HTTP/1.0\r\nHost: %s\r\nAccept: application/json\r\n\r\n' "$2" "$server"; cat <&6; } | tls ${seconds + 2} -no_ign_eof | grep -a -m 2 -E '^(HTTP/1|[{]"type":")' | awk -v number="$1" ${TOLD}
}`,
      sh`exec 6<&0`,
      sh`credentials || { echo none; exit; }`,
      ...[...marks].map(
        ([path, mark], index) =>
          sh`follow ${index} ${having(path, `watch=1&resourceVersion=${mark}&timeoutSeconds=${seconds}`)} &`,
      ),
      sh`wait`,
    ),
};

/**
 * The version of each list that was found. A list of custom resources has its metadata behind its items, in which that of no item
 * begins in this way.
 */
const MARKS = String.raw`/^HTTP\/1\.[01] [0-9]+ / { answer++ }
match($0, /"metadata":[{]("continue":"[^"]*",)?("remainingItemCount":[0-9]+,)?"resourceVersion":"[0-9]+"/) && !(answer in seen) {
  seen[answer]; mark = substr($0, RSTART, RLENGTH - 1); sub(/.*"/, "", mark); print answer - 1, mark
}`;

/** What is told first: a change, with the version of the object; nothing new; or that there is nothing to be had. */
const TOLD = String.raw`NR == 1 && / 200 / { isGood = 1 }
/^[{]"type":"ERROR"/ { isGood = 0 }
isGood && /^[{]"type":/ && match($0, /"resourceVersion":"[0-9]+"/) { mark = substr($0, RSTART + 19, RLENGTH - 20) }
END { print mark != "" ? number " " mark : isGood ? "over" : number }`;
