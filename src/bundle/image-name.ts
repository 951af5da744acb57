/** An image as registries are asked for it. */
export interface ImageName {
  /** `docker.io`, `registry.example.com:5000`. */
  readonly host: string;
  /** `library/nginx`. */
  readonly path: string;
  /** A tag or `sha256:...`. */
  readonly reference: string;
  /** The whole name, as container runtimes keep it: `docker.io/library/nginx:1.28-alpine`. */
  readonly text: string;
}

/**
 * Reads the name of an image as a container runtime does: without a registry it is Docker Hub's, without a tag it is
 * `latest`, and beside a digest a tag means nothing.
 *
 * @see https://github.com/distribution/reference/blob/v0.6.0/normalize.go
 * @throws {RangeError} when no image can have this name.
 */
export function readImageName(name: string): ImageName {
  const [, named = '', tag, digest] =
    /^(.+?)(?::([\w][\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(name) ?? [];
  const slash = named.indexOf('/');
  const first = named.slice(0, Math.max(slash, 0));
  const hasHost = first === 'localhost' || /[.:]/.test(first);
  const host = hasHost ? first : 'docker.io';
  const rest = hasHost ? named.slice(slash + 1) : named;
  const path = host === 'docker.io' && !rest.includes('/') ? `library/${rest}` : rest;
  if (!/^[a-z0-9]+(?:(?:\.|_{1,2}|-+|\/)[a-z0-9]+)*$/.test(path))
    throw new RangeError(`"${name}" is not the name of an image`);
  const reference = digest ?? tag ?? 'latest';
  return { host, path, reference, text: `${host}/${path}${digest === undefined ? ':' : '@'}${reference}` };
}
