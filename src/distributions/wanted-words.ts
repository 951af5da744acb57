import type { PackageQuestion } from './distribution-family.ts';

/** Packages as words for a shell, each its name and its version: `kubelet 1.34.9`; `-` where any will do. */
export const wantedWords = (wanted: readonly PackageQuestion[]): string =>
  wanted.map(({ name, version }) => `${name} ${version ?? '-'}`).join(' ');
