/**
 * The upstream part of a package's version, without the epoch in front and the revision behind: `2.2.1` of
 * `1:2.2.1-0ubuntu1` and of `2.2.1-150500.1.1`.
 */
export const upstreamVersion = (version: string): string =>
  version.replace(/^\d+:/, '').replace(/-[^-]*$/, '');

/** Whether a package's version is the wanted upstream version, whatever its epoch and revision. */
export function isVersion(version: string, wanted: string | null): boolean {
  if (wanted === null || version === wanted) return true;
  const rest = version.replace(/^\d+:/, '');
  return rest.startsWith(wanted) && /^([-~+]|$)/.test(rest.slice(wanted.length));
}
