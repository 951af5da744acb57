import type { PackageRepository } from '#core/package-repository.ts';
import type { Asking } from '#core/fact.ts';
import type { Proxy } from '#core/proxy.ts';
import type { Script } from '#core/shell.ts';
import type { Step } from '#core/step.ts';

/**
 * What differs from one family of distributions to the next: how its releases are recognised, what its packages
 * are called, and how they are installed.
 *
 * A new family is a value of this type, in a folder of its own beside `debian`, and a line in `families.ts`.
 */
export interface DistributionFamily {
  /** `debian`. */
  readonly name: string;
  /** A distribution is of this family when its os-release has one of these as ID or in ID_LIKE. */
  readonly ids: readonly string[];
  /**
   * Releases that are supported, as ID and VERSION_ID: `debian 12`, `rocky 9` with all that 9 has after a dot. Others of
   * the family may do as well.
   */
  readonly releases: readonly string[];
  /** Their codenames, where they have any that places in repositories are named after. */
  readonly codenames?: Readonly<Record<string, string>>;
  /** Releases that cannot do; the first that a machine's is among says why. */
  readonly refused: readonly RefusedReleases[];
  /** The machine that a plan without a connection is made for. */
  readonly freshMachine: FreshMachine;
  /** Whose repositories it takes, of projects that have several. */
  readonly packageFormat: 'deb' | 'rpm';
  /** The names of the family's packages of software that other families name otherwise; empty: it has none. */
  readonly software: Readonly<Record<Software, readonly string[]>>;
  /** Of software that a release of the family has no package of: what to do instead. */
  readonly lacks?: (os: OsRelease, software: Software) => string | undefined;
  /**
   * What a node needs beside the packages of Kubernetes, where these do not bring it: absent, where they do. None on a
   * release whose packages have other names.
   */
  readonly nodePackages?: {
    readonly names: readonly string[];
    readonly isFor: (os: Pick<OsRelease, 'id'>) => boolean;
  };
  /** What a release's package manager has to be given before it can hold packages, as it is asked for; absent: nothing. */
  readonly holding?: (os: Pick<OsRelease, 'id'>) => readonly string[];
  /** Whether a package can have this name; packages with other names are not asked about. */
  readonly isPackageName: (name: string) => boolean;
  readonly packageFacts: PackageFacts;
  readonly installEffects: InstallEffects;
  /** How a person has the package manager say what it would do: `apt-get -s install`. */
  readonly simulation: string;
  /** Negative where the first version is the older one, as the package manager sees it. */
  readonly compareVersions: (left: string, right: string) => number;
  /** Their paths depend on the repository's name alone, for they are asked about before the release is known. */
  readonly repositoryFiles: (name: string) => readonly RepositoryFile[];
  readonly otherEntries: OtherEntries;
  /** Fails, and changes nothing, unless the package manager could read all its repositories with this entry among them. */
  readonly tryRepository: (name: string, content: string) => Step;
  /** Fetches the index of all repositories, and fails unless it then offers the packages. */
  readonly refreshIndex: (wanted: readonly PackageQuestion[]) => Step;
  readonly install: (packages: readonly PackageVersion[], options: InstallOptions) => Step;
  /** Keeps packages from the distribution's own upgrades. */
  readonly hold: (names: readonly string[]) => Step;
  readonly unhold: (names: readonly string[]) => Step;
  /** Removes packages and their configuration; fails, and changes nothing, where others would go with them. */
  readonly purge: (names: readonly string[]) => Step;
  /** The package in which the rest of a kernel's modules is, by the name of that kernel (`uname -r`), where it is one of the family's. */
  readonly moreModules?: (kernel: string) => { readonly name: string; readonly install: Step };
  readonly packageFile: PackageFile;
  readonly proxyFile: ProxyFile;
}

/** Releases of some distributions before one of them. */
export interface RefusedReleases {
  /** For people: `Debian 11 and older`. */
  readonly name: string;
  /** IDs in os-release. */
  readonly ids: readonly string[];
  /** VERSION_ID of the first that is not among them, as a number. */
  readonly before: number;
  /** Completes "it is too old: ". */
  readonly why: string;
  readonly source: string;
}

/** The part of os-release that identifies a release. */
export type OsRelease = {
  /** `debian`, of os-release's ID. */
  readonly id: string;
  /** Distributions it descends from, the closest first. */
  readonly idLike: readonly string[];
  /** `12`; empty for a rolling one. */
  readonly versionId: string;
  readonly codename: string;
  readonly prettyName: string;
};

export type FreshMachine = OsRelease & {
  readonly kernel: string;
  /** Programs of distribution families that are there. */
  readonly tools: readonly string[];
};

/**
 * Software that is asked for by what it is: each family says which of its packages it is in. `ipvs-tools` shows the
 * tables of kube-proxy's ipvs mode to an operator, and `container-selinux` is what SELinux knows of containers.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/proxy/ipvs/README.md#prerequisite (ipset)
 */
export type Software = 'containerd' | 'docker' | 'ipvs-tools' | 'container-selinux';

/** The questions that the fact `package` asks on hosts of a family, in a shell of its own. */
export interface PackageFacts extends Asking<PackageQuestion, PackageAnswer> {
  /**
   * Prints what is installed of packages. Where several questions of a look want it, it is asked once, ahead of them, see
   * `installedStatus`; absent: each asks by itself.
   */
  readonly installed?: (names: readonly string[]) => Script;
}

export type PackageQuestion = {
  readonly name: string;
  /** The upstream version wanted, `1.34.9` for `1.34.9-1.1`, or a whole one; null when any will do. */
  readonly version: string | null;
  /** The name of the family whose hosts alone are asked; absent: all that may have a package of this name. */
  readonly of?: string;
};

/** A package on a host, and what the host's package index offers where something is to be installed. */
export type PackageAnswer = {
  /** Null unless it is wholly installed. */
  readonly installed: string | null;
  readonly isHeld: boolean;
  /** Versions in the index, the preferred one first; null when not looked up because the right one is installed. */
  readonly offered: readonly string[] | null;
  /** Why the package manager could not look up anything, in its own words. */
  readonly problem?: string;
};

/** A package at an exact version. */
interface PackageVersion {
  readonly name: string;
  readonly version: string;
}

/** What installing packages would do to others: asked, and never tried. */
export type InstallEffects = Asking<InstallEffectsQuestion, InstallEffectsAnswer>;

export type InstallEffectsQuestion = { readonly packages: readonly PackageQuestion[] };

export type InstallEffectsAnswer =
  /** Not all of the packages are on offer yet. */
  | { readonly state: 'unknown' }
  | {
      readonly state: 'impossible';
      readonly why: string;
      /** Places where an administrator keeps packages away: `/etc/apt/preferences.d/mine:3`. */
      readonly pins: readonly string[];
    }
  | {
      readonly state: 'known';
      readonly removed: readonly { readonly name: string; readonly version: string }[];
      /** Packages that are there in another version, those that were asked for included. */
      readonly changed: readonly { readonly name: string; readonly from: string; readonly to: string }[];
    };

interface InstallOptions {
  /** Names of other packages that the plan has shown to change their version. */
  readonly others: readonly string[];
  /** Held afterwards. */
  readonly isHeld: boolean;
  readonly isDowngrade: boolean;
  /** Units that the plan starts later: what is installed must not start them before. */
  readonly startsLater?: readonly string[];
}

/** What a repository's files may depend on of a release. */
export type RepositoryRelease = Pick<OsRelease, 'id' | 'versionId' | 'codename'>;

/** One of the files by which the package manager knows a repository. */
interface RepositoryFile {
  readonly path: string;
  readonly content: (source: RepositorySource, release: RepositoryRelease) => string;
  /** Whether slipway has written a text that is there, for this or another release or version. */
  readonly isOwn: (text: string) => boolean;
  /** Whether it is what names the repository to the package manager, rather than its key. */
  readonly isEntry?: boolean;
}

/** What else a host's package manager has been told of a repository, in files of other names. */
export interface OtherEntries extends Asking<OtherEntriesQuestion, OtherEntriesAnswer> {
  /** What that comes to; undefined where a repository can be set up beside it. */
  readonly judge: (
    name: string,
    source: RepositorySource,
    machine: Pick<OsRelease, 'id' | 'codename'> & { readonly arch: string },
    answer: OtherEntriesAnswer,
  ) => OtherEntry | undefined;
}

export type OtherEntriesQuestion = { readonly name: string; readonly url: string };

/** Files that may be about the repository, and in base64 the keyrings that they name; empty where only root may read one. */
export type OtherEntriesAnswer = {
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly keyrings: { readonly [path: string]: string };
};

export type OtherEntry =
  /** It has all that is wanted, and trusts the wanted key alone. */
  | {
      readonly verdict: 'offers';
      /** `/etc/apt/sources.list.d/docker.sources:1`. */
      readonly where: string;
      /** The files of keys that it names. */
      readonly keyrings: readonly string[];
    }
  | { readonly verdict: 'conflicts'; readonly why: string; readonly hint: string };

export interface RepositorySource extends PackageRepository {
  /** The signing key, ASCII-armoured. */
  readonly key: string;
}

/** The file of slipway's that has the package manager go through a proxy. */
interface ProxyFile {
  readonly path: string;
  /** @param exempt hosts of repositories that are reached without it. */
  readonly content: (proxy: Proxy, exempt: readonly string[]) => string;
}

/** A package that comes as a file, and not from a repository. */
export interface PackageFile {
  /** `.deb`. */
  readonly extension: string;
  /** Installs the file, removes it, and writes the paths of what it has brought into the file `$files`. */
  readonly install: (path: string) => Script;
}
