import { endedAnswers } from '#core/fact.ts';
import { lines, sh } from '#core/shell.ts';
import type { OtherEntries } from '#distributions/distribution-family.ts';
import { findKeyFault } from '#distributions/openpgp-fingerprint.ts';

import { type AptSource, readAptSources } from './apt-sources.ts';
import { entryStart, keyringPath, listPath, placeOf, SOURCES } from './repository-files.ts';

/**
 * Entries of the same repository in files of other names: Docker's own `docker.sources`, those that Ansible names after
 * the URL. apt reads no source at all where two entries of one repository differ in what says whom it trusts.
 *
 * @see https://salsa.debian.org/apt-team/apt/-/blob/2.6.1/apt-pkg/deb/debmetaindex.cc (GetDebReleaseIndexBy, SetSignedBy)
 */
export const otherEntries: OtherEntries = {
  script: (questions) =>
    lines(
      // They are short: the shell reads them in less than the start of another program takes.
      sh`mentions() {
while IFS= read -r row || [ -n "$row" ]; do case $row in *"$2"*|*"$3"*) return 0;; esac; done <"$1" 2>/dev/null
return 1; }
set --
for path in /etc/apt/sources.list ${SOURCES}/*.list ${SOURCES}/*.sources; do
case $path in /etc/apt/*[!A-Za-z0-9_./-]*) continue;; esac
[ -f "$path" ] && [ -r "$path" ] && set -- "$@" "$path"
done`,
      ...questions.map(
        ({ name, url }) => sh`for path do
mentions "$path" ${hostOf(url)} ${keyringPath(name)} || continue
if [ "$path" = ${listPath(name)} ]; then IFS= read -r row <"$path"; case $row in ${entryStart(name)}*) continue;; esac; fi
printf 'file %s ' "$path"; base64 -w0 <"$path"; echo
for key in $(grep -ohE '/[^], =]+\.(asc|gpg)' "$path"); do
[ -f "$key" ] || continue; printf 'keyring %s ' "$key"
case $(stat -Lc %a "$key") in *[4-7]) head -c 65536 "$key" | base64 -w0;; esac; echo
done
done
echo end`,
      ),
    ),
  parse: (output, questions) => {
    const answers = endedAnswers(output, questions);
    return questions.map((_, index) => {
      const rows = [...(answers[index] ?? '').matchAll(/^(file|keyring) (\S+) (\S*)$/gm)];
      const of = (kind: string): readonly (readonly [string, string])[] =>
        rows.flatMap(([, word, path = '', content = '']) =>
          word === kind ? [[path, content] as const] : [],
        );
      return {
        files: of('file').map(([path, content]) => ({
          path,
          text: Buffer.from(content, 'base64').toString(),
        })),
        keyrings: Object.fromEntries(of('keyring')),
      };
    });
  },
  judge: (name, source, machine, { files, keyrings }) => {
    if (files.length === 0) return undefined;
    const [uri = '', suite = '', component] = placeOf(source, machine).split(' ');
    const own = { list: listPath(name), keyring: keyringPath(name) };
    const release = releaseOf({ uri, suite }, machine.arch);
    const all = files.flatMap(({ path, text }) => readAptSources(path, text));
    const same = all.filter((one) => releaseOf(one, machine.arch) === release);
    const faultIn = faultsWith(source.fingerprint, {
      ...keyrings,
      [own.keyring]: Buffer.from(source.key).toString('base64'),
    });
    const faultOf = ({ options }: AptSource): string | undefined => faultIn(options.get('signed-by') ?? '');
    const offer = same.find(
      (one) => findLack(one, component, machine.arch) === undefined && faultOf(one) === undefined,
    );
    if (offer !== undefined) {
      return {
        verdict: 'offers',
        where: placeIn(offer),
        keyrings: keyringsOf(offer),
      };
    }
    const others = all.filter(({ file }) => file !== own.list);
    const rival = others.find((one) => same.includes(one) && isRival(one, own));
    if (rival !== undefined) {
      const fault = faultOf(rival) ?? findLack(rival, component, machine.arch) ?? 'its options differ';
      return {
        verdict: 'conflicts',
        why: `${placeIn(rival)} is an entry of ${uri} ${suite} as well, and slipway cannot go by it: ${fault}; with a second entry apt could not read any of its sources`,
        hint: `take that entry out, for slipway writes one of its own, or give it Signed-By: ${own.keyring} and no other option`,
      };
    }
    const user = others.find((one) => keyringsOf(one).includes(own.keyring));
    const found = keyrings[own.keyring];
    const isAnother =
      found !== undefined &&
      found !== '' &&
      findKeyFault(Buffer.from(found, 'base64'), source.fingerprint) !== undefined;
    return user === undefined || !isAnother || same.includes(user)
      ? undefined
      : {
          verdict: 'conflicts',
          why: `${placeIn(user)} goes by ${own.keyring}, which holds another key than that of ${source.url}`,
          hint: `move that key to a file of another name, and name it in ${user.file}`,
        };
  },
};

const hostOf = (url: string): string => new URL(url).hostname;

const placeIn = ({ file, line }: AptSource): string => `${file}:${line}`;

/** What makes two entries the same repository to apt: neither scheme nor login do. */
function releaseOf({ uri, suite }: Pick<AptSource, 'uri' | 'suite'>, arch: string): string {
  const place = uri.replaceAll('$(ARCH)', arch).replace(/^[a-z+]+:\/*([^/@]*@)?/i, '');
  return `${decoded(place).replace(/\/*$/, '')} ${suite.replaceAll('$(ARCH)', arch)}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What an entry does not have of what is wanted. */
function findLack(
  { types, components, options }: AptSource,
  component: string | undefined,
  arch: string,
): string | undefined {
  if (!types.includes('deb')) return 'it is one of sources (deb-src)';
  if (component !== undefined && !components.includes(component)) return `it has no component ${component}`;
  const archs = signersOf(options.get('arch'));
  return archs.length > 0 && !archs.includes(arch) ? `it is not for ${arch}` : undefined;
}

/** The files that an entry takes keys from; none where it holds its key itself. */
function keyringsOf({ options }: AptSource): readonly string[] {
  const value = options.get('signed-by') ?? '';
  return value.includes(ARMOUR) ? [] : signersOf(value).filter((one) => one.startsWith('/'));
}

const ARMOUR = '-----BEGIN';

/** The members of a list: keyrings and fingerprints, or architectures. */
const signersOf = (value: string | undefined): readonly string[] =>
  (value ?? '').split(/[\s,]+/).filter((word) => word !== '');

/** Says what is wrong with whom an entry trusts, once for each: it names keyrings, fingerprints, or holds a key itself. */
function faultsWith(
  fingerprint: string,
  keyrings: Readonly<Record<string, string>>,
): (value: string) => string | undefined {
  const known = new Map<string, string | undefined>();
  const faultOf = (signer: string): string | undefined => {
    if (!signer.startsWith('/')) {
      return signer.replace(/!$/, '').toUpperCase() === fingerprint ? undefined : `its key is ${signer}`;
    }
    const keyring = keyrings[signer];
    if (keyring === undefined) return `there is no ${signer}`;
    if (keyring === '') return `apt, which reads keys as a user of its own, may not read ${signer}`;
    const fault = findKeyFault(Buffer.from(keyring, 'base64'), fingerprint);
    return fault === undefined ? undefined : `${signer}: ${fault}`;
  };
  return (value) => {
    if (value === '') return 'it has no Signed-By';
    if (!known.has(value)) {
      const faults = value.includes(ARMOUR)
        ? [findKeyFault(value, fingerprint)]
        : signersOf(value).map(faultOf);
      known.set(
        value,
        faults.find((fault) => fault !== undefined),
      );
    }
    return known.get(value);
  };
}

/** Options that apt wants to be the same in all entries of a repository; an entry of slipway's has none of them. */
const RELEASE_OPTIONS = [
  'trusted',
  'allow-insecure',
  'allow-weak',
  'allow-downgrade-to-insecure',
  'check-valid-until',
  'valid-until-min',
  'valid-until-max',
  'check-date',
  'date-max-future',
  'inrelease-path',
  'snapshot',
] as const;

/** Whether apt would stand for no entry of slipway's beside it. None without Signed-By may come after one with it. */
function isRival(
  { options, file }: AptSource,
  own: { readonly list: string; readonly keyring: string },
): boolean {
  if (RELEASE_OPTIONS.some((name) => options.has(name))) return true;
  const signers = options.get('signed-by') ?? '';
  return signers === '' ? file > own.list : signers !== own.keyring;
}
