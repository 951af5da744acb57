import type { ManifestSource } from './manifest-source.ts';
import { sha256Of } from './sha256.ts';

/** A file that the controller fetches and hosts need: a manifest, a signing key. */
export interface ArtifactRef {
  /** An http(s) URL, or an absolute path. */
  readonly location: string;
  /** What pins it, as a word: `sha256:...`, `fingerprint:...`. Part of the cache's key. */
  readonly pin: string;
  /** Says what is wrong with the text; undefined when it is the file that was asked for. */
  readonly faultIn: (text: string) => string | undefined;
  /** True where only some hosts want it, and it is not known yet which: it may be missing. */
  readonly isOptional?: true;
  /** How it is read, where it is not simply a file or a URL. */
  readonly from?: 'manifests' | 'kustomization' | ProgramRef;
}

/** A program of the controller's whose output is the text. */
export interface ProgramRef {
  readonly argv: readonly [string, ...string[]];
  readonly stdin: string;
  /** What to do where the controller does not have it. */
  readonly hint: string;
}

/** Files by their paths below a common root, as JSON: what `from: 'kustomization'` gives. */
export interface FileTree {
  /** Directory of the kustomization that is meant, relative to the root; empty for the root itself. */
  readonly start: string;
  readonly files: { readonly [path: string]: string };
}

/** A file that has to have its digest. */
export const pinnedArtifact = ({ location, sha256 }: ManifestSource): ArtifactRef => ({
  location,
  pin: `sha256:${sha256}`,
  faultIn: (text) => {
    const found = sha256Of(text);
    return found === sha256 ? undefined : `its sha256 is ${found}, wanted ${sha256}`;
  },
});
