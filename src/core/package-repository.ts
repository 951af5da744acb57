/** A package repository and the key that must have signed it. */
export interface PackageRepository {
  /** Without a trailing slash: `https://pkgs.k8s.io/core:/stable:/v1.34`, below which lies `deb/` or `rpm/`. */
  readonly url: string;
  /** Where the ASCII-armoured public key is. */
  readonly keyUrl: string;
  /** The fingerprint the key must have, 40 hexadecimal digits, upper case. */
  readonly fingerprint: string;
  /**
   * Absent: as pkgs.k8s.io has it. `docker`: below it lie the distributions, with a suite for each release.
   * `nvidia`: below `deb/` lies a folder for each architecture.
   */
  readonly layout?: 'docker' | 'nvidia';
  /** The key of its rpm packages, where that is another one. */
  readonly rpmKey?: { readonly keyUrl: string; readonly fingerprint: string };
}
