import type { Resource } from '#core/resource.ts';
import type { Registry } from '#core/runtime.ts';
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
export function kubeletLogins(registries: readonly Registry[]): readonly Resource[] {
  if (!hasLogins(registries)) return [];
  const logins = registries.flatMap(({ host, endpoint: { login } }) => (login ? [{ host, login }] : []));
  const auths = Object.fromEntries(
    logins.map(({ host, login }) => [authKey(host), { auth: secretPlace(login.secret) }]),
  );
  return [
    secretFile({
      path: LOGINS_PATH,
      content: withSecrets(`${JSON.stringify({ '//': SECRET_MARK, auths }, null, 2)}\n`),
      secrets: new Map(logins.map(({ login }) => [login.secret, login.basic])),
    }),
  ];
}

/** Whether there is such a file: logins of mirrors are the runtime's alone. */
export const hasLogins = (registries: readonly Registry[]): boolean =>
  registries.some(({ endpoint }) => endpoint.login !== undefined);

/** For historic reasons the logins of Docker's registry stand under this name. */
const authKey = (host: string): string => (host === 'docker.io' ? 'https://index.docker.io/v1/' : host);
