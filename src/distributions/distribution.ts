import type { PackageRepository } from '#core/cluster.ts';
import type { Step } from '#core/step.ts';
import type { OsAnswer } from '#facts/os.ts';

/** A package at an exact version. */
interface PackageVersion {
  readonly name: string;
  readonly version: string;
}

/** A package repository as files on a host. */
interface RepositorySource extends PackageRepository {
  /** `kubernetes`. */
  readonly name: string;
  /** The signing key, ASCII-armoured. */
  readonly key: string;
}

/** What differs from one family of distributions to the next: how packages come. */
export interface Distribution {
  readonly family: string;
  /** Releases the tests run on, by os-release: `debian 12`. Others of the family may do as well. */
  readonly releases: readonly string[];
  readonly isFamilyOf: (os: OsAnswer) => boolean;
  readonly repositoryFiles: (
    source: RepositorySource,
    os: Pick<OsAnswer, 'id' | 'codename'>,
  ) => readonly { readonly path: string; readonly content: string }[];
  /** Fetches the index of all repositories, and fails unless it then offers the packages. */
  readonly refreshIndex: (
    wanted: readonly { readonly name: string; readonly version: string | null }[],
  ) => Step;
  readonly install: (packages: readonly PackageVersion[], options: InstallOptions) => Step;
  readonly hold: (names: readonly string[]) => Step;
  readonly unhold: (names: readonly string[]) => Step;
}

interface InstallOptions {
  /** Held afterwards: kept from the distribution's own upgrades. */
  readonly isHeld: boolean;
  readonly isDowngrade: boolean;
}
