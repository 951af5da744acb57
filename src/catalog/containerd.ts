/**
 * From this minor on the kubelet asks the runtime for its cgroup driver and nothing else, which containerd 1.x cannot tell. (It was
 * to be 1.36, and then 1.37.)
 *
 * @see https://github.com/kubernetes/enhancements/pull/6087 (deferred to 1.38)
 * @see https://github.com/kubernetes/kubernetes/pull/139268
 */
export const CONTAINERD_2_MINOR = 38;

/**
 * Whether pods would never end: from 23.10 on, Ubuntu's AppArmor 4 has a profile for runc that may not signal containers of a
 * containerd that does not know it.
 *
 * @see https://github.com/containerd/containerd/pull/10123 (in 1.7.16)
 * @see https://github.com/opencontainers/runc/issues/4281
 */
export function cannotEndPods(
  version: string,
  { id, versionId }: { readonly id: string; readonly versionId: string },
): boolean {
  const [, patch] = /^1\.7\.(\d+)/.exec(version) ?? [];
  return id === 'ubuntu' && Number.parseFloat(versionId) >= 23.1 && patch !== undefined && Number(patch) < 16;
}

/**
 * The newest configuration format a containerd reads: 2 for 1.x, 3 for 2.0 to 2.2, 4 from 2.3 on. A drop-in
 * with a higher one than the root file is refused.
 *
 * @see https://github.com/containerd/containerd/blob/v2.3.1/docs/cri/config.md
 * @see https://github.com/containerd/containerd/issues/12891 (v2.2)
 */
export function containerdConfigVersion(version: string): 2 | 3 | 4 {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number.parseFloat);
  if (major < 2) return 2;
  return major === 2 && minor < 3 ? 3 : 4;
}
