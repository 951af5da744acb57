import type { ArtifactRef } from '#core/artifact.ts';
import type { Cluster } from '#core/cluster.ts';
import type { PackageRepository } from '#core/package-repository.ts';
import type { Fact } from '#core/fact.ts';
import { rememberLast } from '#core/remember-last.ts';
import {
  change,
  changeOr,
  gated,
  none,
  noted,
  type Outcome,
  refused,
  type Resource,
  resource,
} from '#core/resource.ts';
import { command, sh } from '#core/shell.ts';
import type { Step } from '#core/step.ts';
import type {
  DistributionFamily,
  OtherEntriesAnswer,
  OtherEntry,
  RepositorySource,
} from '#distributions/distribution-family.ts';
import { FAMILIES } from '#distributions/families.ts';
import { findKeyFault } from '#distributions/openpgp-fingerprint.ts';
import { PACKAGES_LANE } from '#distributions/packages-lane.ts';
import { ofFormat } from '#distributions/repository-source.ts';
import { distributionFamilyOf } from '#distributions/supported.ts';
import { bundleOnHost } from '#facts/bundle-state.ts';
import { type FileAnswer, fileContent, fileMetadata } from '#facts/file.ts';
import { type OsAnswer, os } from '#facts/os.ts';
import { otherEntries } from '#facts/other-entries.ts';
import { diffFile } from '#resources/files/diff-file.ts';

import { unsupported } from './unsupported.ts';

export interface RepositoryDefinition {
  /** `kubernetes`; the files on the host are named after it. */
  readonly name: string;
  readonly repository: PackageRepository;
  /** Where the key is, by its location; absent in a plan made offline. */
  readonly artifacts: ReadonlyMap<string, string>;
}

type RepositoryFacts = {
  readonly os: Fact<OsAnswer>;
  readonly others: Fact<OtherEntriesAnswer>;
} & { readonly [path: `/${string}`]: Fact<FileAnswer> };

type RepositoryAnswers = { readonly os: OsAnswer; readonly others: OtherEntriesAnswer } & {
  readonly [path: `/${string}`]: FileAnswer;
};

/** The host's package manager knows a package repository and the key that signs it. */
export const repository = ({ name, repository: source, artifacts }: RepositoryDefinition): Resource => {
  const paths = FAMILIES.flatMap(({ repositoryFiles }) => repositoryFiles(name).map(({ path }) => path));
  const facts: RepositoryFacts = {
    os: os(),
    others: otherEntries(name, source.url),
    ...Object.fromEntries(paths.map((path) => [path, fileContent(path)])),
    ...Object.fromEntries(paths.map(directoryOf).map((path) => [path, fileMetadata(path)])),
  };
  const signedFor: SignedFor = rememberLast((family) => {
    const own = ofFormat(source, family.packageFormat);
    return { ...own, key: artifacts.get(own.keyUrl) };
  });
  const keyFault = rememberLast(findKeyFault);
  // Hosts of a kind mostly have the same release and the same entries.
  const filesOf: Files = rememberLast((family, id, versionId, codename) =>
    family.repositoryFiles(name).map(({ path, content, isOwn, isEntry = false }) => {
      const text = content(withKey(signedFor(family)), { id, versionId, codename });
      const before = isEntry ? [family.tryRepository(name, text)] : [];
      return { path, content: text, isOwn, isEntry, before };
    }),
  );
  const judge: Judge = rememberLast((family, id, codename, arch, others) =>
    family.otherEntries.judge(name, withKey(signedFor(family)), { id, codename, arch }, others),
  );
  return resource({
    address: `repository:${name}`,
    facts,
    lane: PACKAGES_LANE,
    supplies: { repository: { name, source } },
    diff: (answers) => {
      const family = distributionFamilyOf(answers.os);
      if (family === undefined) return unsupported(answers.os);
      const signed = signedFor(family);
      if (signed.key === undefined) return withoutKey(signed);
      const fault = keyFault(signed.key, signed.fingerprint);
      if (fault !== undefined) {
        return refused(
          'RepositoryKey',
          `the file at ${signed.keyUrl} is not the signing key: ${fault}`,
          'compare the fingerprint in the inventory with the one the repository publishes',
        );
      }
      return diffRepository(signed, family, answers, filesOf, judge);
    },
  });
};

/**
 * None where hosts get their packages out of a bundle: its repository is all that is asked then. A host that was set up from
 * one goes by that until somebody says otherwise.
 */
export function repositoryFor(
  { bundle, leavesBundle }: Pick<Cluster, 'bundle' | 'leavesBundle'>,
  definition: RepositoryDefinition,
): readonly Resource[] {
  if (bundle !== undefined) return [];
  const wanted = repository(definition);
  return [leavesBundle === true ? wanted : unlessBundled(wanted)];
}

const unlessBundled = (wanted: Resource): Resource =>
  gated(wanted, { 'its bundle': bundleOnHost() }, ({ 'its bundle': id }, _, decide) =>
    id === null
      ? decide()
      : noted(none(`packages come out of the bundle ${id.slice(0, 12)}`), [
          `set up from the bundle ${id.slice(0, 12)}: what is in it is looked at with --bundle FILE, and it is left with --no-bundle`,
        ]),
  );

type SignedFor = (family: DistributionFamily) => PackageRepository & { readonly key: string | undefined };

const withKey = (signed: ReturnType<SignedFor>): RepositorySource => ({ ...signed, key: signed.key ?? '' });

/** The keys of a repository, as the controller fetches and checks them; one that only rpm packages have may be missing. */
export const repositoryKeys = (source: PackageRepository): readonly ArtifactRef[] => [
  keyArtifact(source),
  ...(source.rpmKey === undefined ? [] : [{ ...keyArtifact(source.rpmKey), isOptional: true as const }]),
];

const keyArtifact = ({
  keyUrl,
  fingerprint,
}: Pick<PackageRepository, 'keyUrl' | 'fingerprint'>): ArtifactRef => ({
  location: keyUrl,
  pin: `fingerprint:${fingerprint}`,
  faultIn: (text) => findKeyFault(text, fingerprint),
});

interface EntryFile {
  readonly path: string;
  readonly content: string;
  readonly isOwn: (text: string) => boolean;
  readonly isEntry: boolean;
  /** What has to succeed before it is written. */
  readonly before: readonly Step[];
}

type Files = (
  family: DistributionFamily,
  id: string,
  versionId: string,
  codename: string,
) => readonly EntryFile[];

type Judge = (
  family: DistributionFamily,
  id: string,
  codename: string,
  arch: string,
  others: OtherEntriesAnswer,
) => OtherEntry | undefined;

function diffRepository(
  source: PackageRepository,
  family: DistributionFamily,
  answers: RepositoryAnswers,
  filesOf: Files,
  judge: Judge,
): Outcome {
  const answerOf = (path: string): FileAnswer => {
    const found = answers[path as `/${string}`];
    if (found === undefined) throw new TypeError(`${path} was not asked about`);
    return found;
  };
  const { id, versionId, codename, arch } = answers.os;
  const other = judge(family, id, codename, arch, answers.others);
  if (other?.verdict === 'conflicts') return refused('PackageRepository', other.why, other.hint);
  const all = filesOf(family, id, versionId, codename);
  // Where an entry of another file does, one of slipway's own would only be in its way.
  const wanted = other === undefined ? all : all.filter(({ path }) => other.keyrings.includes(path));
  const left = all.filter(
    ({ path, isEntry, isOwn }) => other && isEntry && isOwn(answerOf(path).content ?? ''),
  );
  const parts = [
    ...wanted.map((one) => ({ ...one, outcome: diffFile(answerOf(one.path), one) })),
    ...left.map(({ path }) => ({ path, outcome: removed(path, answerOf(path)), before: [] })),
  ];
  const places = [...wanted.map(({ path }) => path), ...(other?.keyrings ?? [])];
  const closed = [
    ...new Set(places.map(directoryOf).filter((path) => isClosed(answers[path as `/${string}`]))),
  ];
  const changes = parts.flatMap(({ path, before, outcome }) =>
    outcome.answer === 'change' ? [{ path, before, ...outcome }] : [],
  );
  const outcome = changeOr(
    `${source.url} is ${other === undefined ? 'set up' : `offered by ${other.where}`}, with its key ${source.fingerprint}`,
    [
      ...closed.map((path) => ({ what: `${path} mode`, from: answerOf(path).mode, to: '0755' })),
      ...changes.flatMap(({ path, differences }) =>
        differences.map((difference) => ({ ...difference, what: `${path} ${difference.what}` })),
      ),
    ],
    () => [...closed.map(openDirectory), ...changes.flatMap(({ before, steps }) => [...before, ...steps])],
  );
  const notes = [
    ...(left.length > 0 && other ? [`${other.where} offers ${source.url}: slipway goes by that`] : []),
    ...changes.flatMap((one) => one.notes ?? []),
  ];
  return parts.find((part) => part.outcome.answer === 'refused')?.outcome ?? noted(outcome, notes);
}

/** An entry of slipway's that another one has taken the place of. */
const removed = (path: string, { content }: FileAnswer): Outcome =>
  change(
    [{ what: 'content', from: content, to: null }],
    [{ do: 'run', summary: `remove ${path}`, script: command('rm', '-f', '--', path) }],
  );

const directoryOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));

/** A directory that only its owner may read: the package manager reads keys as a user of its own. */
const isClosed = ({ type, mode = null }: Partial<FileAnswer> = {}): boolean =>
  type === 'directory' && mode !== null && (Number.parseInt(mode, 8) & 0o005) !== 0o005;

const openDirectory = (path: string): Step => ({
  do: 'run',
  summary: `let the package manager read ${path}`,
  script: command('chmod', '0755', path),
});

/** Enough for a plan made offline, which is there to be read. */
function withoutKey({ url, keyUrl }: PackageRepository): Outcome {
  const why = `the key from ${keyUrl} was not fetched: make the plan with a connection, and look whether the key is there`;
  return change(
    [{ what: 'repository', from: null, to: url }],
    [{ do: 'run', summary: `set up ${url}`, script: sh`echo ${why} >&2; exit 1` }],
  );
}
