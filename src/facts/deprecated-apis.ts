import { type Fact, type Family, fact } from '#core/fact.ts';
import { embed, lines, sh } from '#core/shell.ts';

import { kubectl, onControlPlane } from './kubectl.ts';
import { API } from './over-tls.ts';

/** A kind of objects in a version of its API that is going to leave, and that somebody has asked for since the API server came up. */
export type DeprecatedApi = {
  /** `flowcontrol.apiserver.k8s.io/v1beta3 flowschemas`. */
  readonly name: string;
  /** The minor that no longer has it: `1.32`. */
  readonly removedIn: string;
};

/**
 * Asked for only where the API server of the host is of another minor than this one; null where it does not say.
 *
 * @see https://kubernetes.io/docs/reference/using-api/deprecation-policy/#rest-resources-aka-api-objects (apiserver_requested_deprecated_apis, v1.34)
 */
export const deprecatedApis = (unless: string): Fact<readonly DeprecatedApi[] | null> => fact(family, unless);

const MANIFEST = '/etc/kubernetes/manifests/kube-apiserver.yaml';

const family: Family<string, readonly DeprecatedApi[] | null> = {
  name: 'deprecated-apis',
  patienceMs: 20_000,
  queue: API,
  script: ([minor = '']) =>
    lines(
      onControlPlane(),
      sh`! grep -qsF -e ${`kube-apiserver:v${minor}.`} -- ${MANIFEST} || exit 0`,
      sh`found=$(${embed(kubectl)} --request-timeout=15s get --raw /metrics 2>/dev/null) || exit 0`,
      sh`echo found; printf '%s\n' "$found" | grep '^apiserver_requested_deprecated_apis{' || :`,
    ),
  parse: (output, questions) => {
    const found = /^found$/m.test(output) ? output.split('\n').flatMap(readMetric) : null;
    return questions.map(() => found);
  },
  bare: () => null,
  // Whoever asks for one adds it.
  isVolatile: true,
};

/** `apiserver_requested_deprecated_apis{group="g",removed_release="1.32",resource="r",subresource="",version="v1beta3"} 1` */
function readMetric(line: string): readonly DeprecatedApi[] {
  const {
    group = '',
    version = '',
    resource = '',
    removed_release: removedIn = '',
  } = Object.fromEntries(
    [...line.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
  );
  if (removedIn === '') return [];
  return [{ name: `${group === '' ? '' : `${group}/`}${version} ${resource}`, removedIn }];
}
