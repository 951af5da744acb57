import type { Resource } from '#core/resource.ts';
import type { Registry, RegistryLogin, Runtime } from '#core/runtime.ts';
import { secretPlace, withSecrets } from '#core/secret.ts';
import { SECRET_MARK } from '#facts/secret-file.ts';
import { secretFile } from '#resources/files/secret-file.ts';

export const LOGINS_DIRECTORY = '/var/lib/kubelet';
export const LOGINS_PATH = `${LOGINS_DIRECTORY}/config.json`;

/**
 * Logins for the kubelet, which passes them to the container runtime. CRI-O, cri-dockerd and Docker's client read the
 * same file for what is pulled without the kubelet: the pause image, and the images of a control plane.
 *
 * @see https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/ (v1.34)
 * The kubelet takes no notice of other keys: https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/credentialprovider/config.go
 *
 * @see https://kubernetes.io/docs/concepts/containers/images/#config-json (v1.34)
 */
export function kubeletLogins(
  registries: readonly Registry[],
  runtime: Runtime['type'] = 'containerd',
): readonly Resource[] {
  const logins = loginsIn(registries, runtime);
  if (logins.length === 0) return [];
  const auths = Object.fromEntries(
    logins.map(({ key, login }) => [key, { auth: secretPlace(login.secret) }]),
  );
  return [
    secretFile({
      path: LOGINS_PATH,
      content: withSecrets(`${JSON.stringify({ '//': SECRET_MARK, auths }, null, 2)}\n`),
      secrets: new Map(logins.map(({ login }) => [login.secret, login.basic])),
    }),
  ];
}

/** Whether there is such a file. */
export const hasLogins = (registries: readonly Registry[], runtime: Runtime['type']): boolean =>
  loginsIn(registries, runtime).length > 0;

interface PlacedLogin {
  readonly key: string;
  readonly login: RegistryLogin;
}

/**
 * Logins of registries, and for CRI-O those of mirrors, which it looks up by their own names. containerd has these in
 * hosts.toml, and Docker logs in to no mirror.
 *
 * @see https://github.com/containers/image/blob/v5.36.0/docker/docker_image_src.go (newImageSourceAttempt)
 */
function loginsIn(registries: readonly Registry[], runtime: Runtime['type']): readonly PlacedLogin[] {
  const mirrors = runtime === 'cri-o' ? registries.flatMap((registry) => registry.mirrors) : [];
  return [
    ...mirrors.flatMap(({ url, login }) => placed(new URL(url).host, login)),
    ...registries.flatMap(({ host, endpoint }) => placed(authKey(host), endpoint.login)),
  ];
}

/** For historic reasons the logins of Docker's registry stand under this name. */
const authKey = (host: string): string => (host === 'docker.io' ? 'https://index.docker.io/v1/' : host);

const placed = (key: string, login: RegistryLogin | undefined): readonly PlacedLogin[] =>
  login === undefined ? [] : [{ key, login }];
