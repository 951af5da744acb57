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
