/** A file of Kubernetes objects that the controller fetches. */
export interface ManifestSource {
  /** An http(s) URL, or a path (absolute by the time it stands here). */
  readonly location: string;
  /** sha256 of the file, lower-case hexadecimal. */
  readonly sha256: string;
}
