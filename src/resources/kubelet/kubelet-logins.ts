import type { Resource } from '#core/resource.ts';
import type { Registry } from '#core/runtime.ts';
import { secretPlace, withSecrets } from '#core/secret.ts';
import { SECRET_MARK } from '#facts/secret-file.ts';
import { secretFile } from '#resources/files/secret-file.ts';

/**
 * Logins for the kubelet, which passes them to the container runtime.
 *
 * @see https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/ (v1.34)
 * The kubelet takes no notice of other keys: https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/credentialprovider/config.go
 *
 * @see https://kubernetes.io/docs/concepts/containers/images/#config-json (v1.34)
 */
export function kubeletLogins(registries: readonly Registry[]): readonly Resource[] {
  const logins = registries.flatMap(({ host, endpoint: { login } }) => (login ? [{ host, login }] : []));
  if (logins.length === 0) return [];
  const auths = Object.fromEntries(
    logins.map(({ host, login }) => [authKey(host), { auth: secretPlace(login.secret) }]),
  );
  return [
    secretFile({
      path: '/var/lib/kubelet/config.json',
      content: withSecrets(`${JSON.stringify({ '//': SECRET_MARK, auths }, null, 2)}\n`),
      secrets: new Map(logins.map(({ login }) => [login.secret, login.basic])),
    }),
  ];
}

/** For historic reasons the logins of Docker's registry stand under this name. */
const authKey = (host: string): string => (host === 'docker.io' ? 'https://index.docker.io/v1/' : host);
