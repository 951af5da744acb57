import type { Suite } from './debian-mirror.ts';
import { LabError } from './lab-error.ts';
import type { PackageSource } from './web-server.ts';

const highestHostCount = 200;

export interface LabHostSpec {
  readonly name: string;
  /** Default: bookworm. */
  readonly suite?: Suite;
  /** Has a swap file in fstab and, to all appearances, in use; default: false. */
  readonly swap?: boolean;
}

export interface LabOptions {
  readonly hosts: readonly LabHostSpec[];
  /** Default: {@link kubernetesRepository}, which honours SLIPWAY_LAB_REPO. */
  readonly repository?: PackageSource;
  /** A directory of image tarballs that containerd imports when it starts; default: SLIPWAY_LAB_IMAGES. */
  readonly images?: string;
  readonly log?: (line: string) => void;
}

/** @throws LabError for hosts that no lab can have. */
export function checkHosts(hosts: readonly LabHostSpec[]): void {
  const names = hosts.map(({ name }) => name);
  const bad = names.find((name) => !/^[a-z0-9]([a-z0-9-]{0,40}[a-z0-9])?$/.test(name));
  if (bad !== undefined) throw new LabError(`"${bad}" is not a host name`);
  if (new Set(names).size < names.length) throw new LabError('two hosts have one name');
  if (names.length > highestHostCount) throw new LabError(`a lab has at most ${highestHostCount} hosts`);
}
