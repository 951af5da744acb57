import type { PackageRepository } from './package-repository.ts';
import type { FileRef } from './step.ts';

/** What a resource brings to hosts from outside: a bundle has all of it. */
export interface Supplies {
  /** Packages, by the names that families of distributions have for them. */
  readonly packages?: readonly PackageSupply[];
  /** A package repository that they may come from. */
  readonly repository?: { readonly name: string; readonly source: PackageRepository };
  /** A release file, by architecture. */
  readonly files?: Readonly<Record<string, FileRef>>;
  /** Images that pods of it run: looked for in its objects when somebody asks. */
  readonly images?: () => readonly string[];
}

/** By a name, as software that each family has its own packages of, or what a family needs beside, of its own accord. */
export type PackageSupply = (
  | { readonly name: string }
  | { readonly software: string }
  | { readonly beside: 'nodes' | 'holding' }
) & { readonly version: string | null };

/** The package that brings images of a bundle into the storage of CRI-O, whose own packages have none that could. */
export const IMAGE_COPIER = { name: 'skopeo', version: null } as const;
