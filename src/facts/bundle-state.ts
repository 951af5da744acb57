import { type Fact, type Family, fact } from '#core/fact.ts';
import { sh } from '#core/shell.ts';
import { STATUS_FORMAT } from '#distributions/debian/package-facts.ts';

/** Where a host keeps what a bundle has brought it. */
export const BUNDLE_DIRECTORY = '/var/lib/slipway/bundle';
/** What has apt ask the packages of the bundle, and nobody else. */
export const BUNDLE_APT = `${BUNDLE_DIRECTORY}/apt.conf`;
/** Which bundle it was; written last. */
export const BUNDLE_ID = `${BUNDLE_DIRECTORY}/id`;

/** The bundle whose packages a host has; null where it has none. */
export const bundleOnHost = (): Fact<string | null> => fact(idFamily, null);

const idFamily: Family<null, string | null> = {
  name: 'bundle',
  sharesShell: true,
  script: () => sh`[ ! -f ${BUNDLE_ID} ] || cat ${BUNDLE_ID}`,
  parse: (output, questions) => questions.map(() => output.trim() || null),
  bare: () => null,
};

/** Packages as they are on a host, beside what a bundle has of them. */
export type BundlePackagesAnswer = {
  readonly id: string | null;
  /** Digests of the packages' files that lie there. */
  readonly pool: readonly string[];
  /** sha256 of the index that apt reads; null where there is none. */
  readonly index: string | null;
  /** Versions by name of those that are wholly installed. */
  readonly installed: { readonly [name: string]: string };
};

/** @param names of the packages that a host might need. */
export const bundlePackages = (names: readonly string[]): Fact<BundlePackagesAnswer> =>
  fact(packagesFamily, [...names]);

const packagesFamily: Family<string[], BundlePackagesAnswer> = {
  name: 'bundle-packages',
  script: (questions) =>
    sh`[ ! -f ${BUNDLE_ID} ] || echo "id $(cat ${BUNDLE_ID})"
for path in ${`${BUNDLE_DIRECTORY}/repository`}/*.deb; do [ ! -e "$path" ] || echo "file $path"; done
[ ! -f ${`${BUNDLE_DIRECTORY}/repository/Packages`} ] || echo "index $(sha256sum <${`${BUNDLE_DIRECTORY}/repository/Packages`})"
command -v dpkg-query >/dev/null || exit 0
dpkg-query -W -f=${STATUS_FORMAT} -- ${[...new Set(questions.flat())]} 2>/dev/null | sed 's/^/package /'
:`,
  parse: (output, questions) => {
    const rows = output.split('\n');
    const after = (pattern: RegExp): readonly string[] => rows.flatMap((row) => pattern.exec(row)?.[1] ?? []);
    const installed = new Map(
      rows.flatMap((row) => {
        const [, name = '', version = ''] = /^package (\S+) .i \|(\S+)$/.exec(row) ?? [];
        return name === '' ? [] : [[name, version] as const];
      }),
    );
    return questions.map((names) => ({
      id: after(/^id (\S+)$/)[0] ?? null,
      pool: after(/^file .*\/([0-9a-f]{64})\.deb$/).toSorted(),
      index: after(/^index ([0-9a-f]{64})/)[0] ?? null,
      installed: Object.fromEntries(
        names.flatMap((name) => {
          const version = installed.get(name);
          return version === undefined ? [] : [[name, version]];
        }),
      ),
    }));
  },
  bare: () => ({ id: null, pool: [], index: null, installed: {} }),
};
