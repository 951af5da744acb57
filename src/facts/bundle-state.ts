import { type Fact, type Family, fact } from '#core/fact.ts';
import { type Script, sh } from '#core/shell.ts';
import { STATUS_FORMAT as DPKG_STATUS } from '#distributions/debian/package-facts.ts';
import type { DistributionFamily } from '#distributions/distribution-family.ts';
import { DNF_OPTIONS, STATUS_FORMAT as RPM_STATUS } from '#distributions/redhat/dnf.ts';

/** Where a host keeps what a bundle has brought it. */
export const BUNDLE_DIRECTORY = '/var/lib/slipway/bundle';
/** What has apt ask the packages of the bundle, and nobody else. */
export const BUNDLE_APT = `${BUNDLE_DIRECTORY}/apt.conf`;
/** The same for dnf: a directory with the one repository it is to know. */
export const BUNDLE_DNF = `${BUNDLE_DIRECTORY}/repos.d`;
/** Where dnf keeps what it knows of that. */
export const BUNDLE_DNF_CACHE = `${BUNDLE_DIRECTORY}/cache`;
/** Which bundle it was; written last. */
export const BUNDLE_ID = `${BUNDLE_DIRECTORY}/id`;
/** The packages. */
export const BUNDLE_REPOSITORY = `${BUNDLE_DIRECTORY}/repository`;

/** With these dnf knows the packages of the bundle, and no others. */
export const BUNDLE_DNF_OPTIONS = [
  `--setopt=reposdir=${BUNDLE_DNF}`,
  `--setopt=cachedir=${BUNDLE_DNF_CACHE}`,
] as const;

/** Has the package manager ask the packages of a bundle, where they are there, and nobody else. */
export const OUT_OF_BUNDLE: Script = sh`if [ -e ${BUNDLE_ID} ]; then
  export APT_CONFIG=${BUNDLE_APT}
  export ${`${DNF_OPTIONS}=${BUNDLE_DNF_OPTIONS.join(' ')}`}
fi`;

/** The bundle whose packages a host has; null where it has none. */
export const bundleOnHost = (): Fact<string | null> => fact(idFamily, null);

const idFamily: Family<null, string | null> = {
  name: 'bundle',
  sharesShell: true,
  script: () => sh`[ ! -f ${BUNDLE_ID} ] || cat ${BUNDLE_ID}`,
  parse: (output, questions) => questions.map(() => output.trim() || null),
  bare: () => null,
};

type Format = DistributionFamily['packageFormat'];

/** Packages as they are on a host, beside what a bundle has of them. */
export type BundlePackagesAnswer = {
  readonly id: string | null;
  /** Digests of the packages' files that lie there. */
  readonly pool: readonly string[];
  /** sha256 of the index that the package manager reads; null where there is none. */
  readonly index: string | null;
  /** Versions by name of those that are wholly installed. */
  readonly installed: { readonly [name: string]: string };
};

type BundlePackagesQuestion = { readonly format: Format; readonly names: string[] };

/** @param names of the packages that a host might need. */
export const bundlePackages = (format: Format, names: readonly string[]): Fact<BundlePackagesAnswer> =>
  fact(packagesFamily, { format, names: [...names] });

/** What the package managers read, by format. */
const INDEXES: Readonly<Record<Format, string>> = {
  deb: `${BUNDLE_REPOSITORY}/Packages`,
  rpm: `${BUNDLE_REPOSITORY}/repodata/primary.xml`,
};

const packagesFamily: Family<BundlePackagesQuestion, BundlePackagesAnswer> = {
  name: 'bundle-packages',
  script: (questions) => {
    const named = (format: Format): readonly string[] => [
      ...new Set(questions.filter((one) => one.format === format).flatMap(({ names }) => names)),
    ];
    return sh`[ ! -f ${BUNDLE_ID} ] || echo "id $(cat ${BUNDLE_ID})"
for path in ${BUNDLE_REPOSITORY}/*.deb ${BUNDLE_REPOSITORY}/*.rpm; do [ ! -e "$path" ] || echo "file $path"; done
[ ! -f ${INDEXES.deb} ] || echo "index deb $(sha256sum <${INDEXES.deb})"
[ ! -f ${INDEXES.rpm} ] || echo "index rpm $(sha256sum <${INDEXES.rpm})"
if command -v dpkg-query >/dev/null; then
  dpkg-query -W -f=${DPKG_STATUS} -- ${named('deb')} 2>/dev/null | sed 's/^/package deb /'
fi
if command -v rpm >/dev/null; then
  rpm -q --qf ${RPM_STATUS} ${named('rpm')} 2>/dev/null | sed -n 's/^have /package rpm /p'
fi
:`;
  },
  parse: (output, questions) => {
    const rows = output.split('\n');
    const after = (pattern: RegExp): readonly string[] => rows.flatMap((row) => pattern.exec(row)?.[1] ?? []);
    return questions.map(({ format, names }) => {
      const known = new Map(rows.flatMap((row) => INSTALLED[format](row)));
      return {
        id: after(/^id (\S+)$/)[0] ?? null,
        pool: after(new RegExp(`^file .*/([0-9a-f]{64})\\.${format}$`)).toSorted(),
        index: after(new RegExp(`^index ${format} ([0-9a-f]{64})`))[0] ?? null,
        installed: Object.fromEntries(
          names.flatMap((name) => {
            const version = known.get(name);
            return version === undefined ? [] : [[name, version]];
          }),
        ),
      };
    });
  },
  bare: () => ({ id: null, pool: [], index: null, installed: {} }),
};

const matched = (pattern: RegExp) => (row: string) => {
  const [, name = '', version = ''] = pattern.exec(row) ?? [];
  return name === '' ? [] : [[name, version] as const];
};

const INSTALLED: Readonly<Record<Format, (row: string) => readonly (readonly [string, string])[]>> = {
  deb: matched(/^package deb (\S+) .i \|(\S+)$/),
  // dnf writes no epoch of 0.
  rpm: matched(/^package rpm (\S+) (?:0:)?(\S+)$/),
};
