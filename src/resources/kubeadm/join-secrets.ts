import { X509Certificate } from 'node:crypto';

import { CA_CERT_HASH, CERTIFICATE_KEY, initConfig, JOIN_TOKEN } from '#configuration/kubeadm-config.ts';
import type { Cluster } from '#core/cluster.ts';
import { CLUSTER } from '#core/fact.ts';
import type { SecretSource } from '#core/secret.ts';
import { sha256Of } from '#core/sha256.ts';
import { command, embed, lines, type Script, sh } from '#core/shell.ts';
import { kubectl } from '#facts/kubectl.ts';

const ADMIN = '--kubeconfig=/etc/kubernetes/admin.conf';
const UPLOAD_CONFIG = '/run/slipway/upload-certs.yaml';

/** What joins need of a control plane: made when the first one asks, and taken back when the run ends. */
export function joinSecrets(cluster: Cluster): readonly SecretSource[] {
  const host = CLUSTER;
  return [
    {
      name: JOIN_TOKEN,
      host,
      create: createToken,
      read: (stdout) =>
        found(stdout, /^[a-z0-9]{6}\.[a-z0-9]{16}$/m, 'kubeadm token create printed no token'),
      revoke: (token) => command('kubeadm', ADMIN, 'token', 'delete', token.slice(0, 6)),
    },
    {
      name: CA_CERT_HASH,
      host,
      create: sh`cat /etc/kubernetes/pki/ca.crt`,
      read: (pem) => {
        const key = new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'der' });
        return `sha256:${sha256Of(key)}`;
      },
    },
    {
      name: CERTIFICATE_KEY,
      host,
      create: uploadCertificates(cluster),
      read: (stdout) => found(stdout, /^[0-9a-f]{64}$/m, 'kubeadm upload-certs printed no key'),
      revoke: () => sh`${embed(kubectl)} -n kube-system delete secret kubeadm-certs --ignore-not-found`,
    },
  ];
}

/**
 * Makes a token and waits until the controller-manager has signed cluster-info with it, which takes seconds
 * while it is just starting: kubeadm join would ask again only every 5 s. Here the host waits, as
 * the output of this one program is the token, and whoever gets it must be able to use it.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/bootstrap-tokens/#configmap-signing (v1.34)
 */
const createToken: Script = lines(
  sh`set -e`,
  sh`token=$(kubeadm ${ADMIN} token create --ttl=1h --description=${'slipway: joins of one run'})`,
  sh`id=$(echo "$token" | cut -d. -f1)`,
  sh`i=0; while [ "$i" -lt 50 ]; do`,
  sh`${embed(kubectl)} -n kube-public get configmap cluster-info -o yaml | grep -q "jws-kubeconfig-$id:" && break`,
  sh`i=$((i+1)); sleep 0.2; done`,
  sh`printf '%s\n' "$token"`,
);

/** Without a configuration kubeadm looks on the internet for a version first, and takes 20 s to give up. */
const uploadCertificates = (cluster: Cluster): Script =>
  lines(
    sh`set -e`,
    sh`( umask 077; mkdir -p /run/slipway; printf %s ${initConfig(cluster)} >${UPLOAD_CONFIG} )`,
    sh`kubeadm init phase upload-certs --upload-certs --config=${UPLOAD_CONFIG}`,
    sh`rm -f ${UPLOAD_CONFIG}`,
  );

function found(text: string, pattern: RegExp, otherwise: string): string {
  const match = pattern.exec(text)?.[0];
  if (match === undefined) throw new Error(otherwise);
  return match;
}
