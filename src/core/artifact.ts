/** A file that the controller fetches and hosts need: a manifest, a signing key. */
export interface ArtifactRef {
  /** An http(s) URL, or an absolute path. */
  readonly location: string;
  /** What pins it, as a word: `sha256:...`, `fingerprint:...`. Part of the cache's key. */
  readonly pin: string;
  /** Says what is wrong with the text; undefined when it is the file that was asked for. */
  readonly verify: (text: string) => string | undefined;
}
