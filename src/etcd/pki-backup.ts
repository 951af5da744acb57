import { act, type Action, action } from '#core/action.ts';
import { EXIT } from '#core/exit-code.ts';
import type { Kubernetes } from '#core/kubernetes.ts';
import { flagValue } from '#core/flags.ts';
import { refused } from '#core/resource.ts';
import type { Secret } from '#core/secret.ts';
import { sh } from '#core/shell.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import { AUTHORITIES } from '#configuration/kubeadm-certificates.ts';
import { pathKind } from '#facts/path.ts';

/** For whom the keys of a cluster are encrypted: public keys of age, or a passphrase. */
export type PkiReaders = { readonly recipients: readonly string[] } | { readonly passphrase: Secret };

interface OfApiServer {
  readonly kubernetes: Pick<Kubernetes, 'apiServer'>;
}

/** With these, kubeadm makes all other certificates anew, on any machine. */
const SHARED = [
  ...AUTHORITIES.flatMap((path) => [`${path}.crt`, `${path}.key`]),
  '/etc/kubernetes/pki/sa.key',
  '/etc/kubernetes/pki/sa.pub',
];

/** tar ends an archive with two empty blocks: https://www.gnu.org/software/tar/manual/html_node/Standard.html (1.35) */
const BLOCK_BYTES = 512;
const END_BYTES = 2 * BLOCK_BYTES;

/**
 * What all control planes have the same of, as a tar archive: authorities with their keys, the key that signs tokens, and
 * the keys by which Secrets are encrypted in etcd, where the inventory names their file. It is a secret.
 *
 * @see https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/high-availability/#manual-certs (v1.34)
 */
export function readPki(host: string, { kubernetes: { apiServer } }: OfApiServer): Action<Buffer> {
  const encryption = flagValue(apiServer.extraArgs, 'encryption-provider-config');
  const paths = [...SHARED, ...(encryption === undefined ? [] : [encryption])];
  return action({
    name: 'read the PKI',
    runsOn: host,
    facts: Object.fromEntries(paths.map((path) => [path, pathKind(path)])),
    decide: (kinds) => {
      const there = paths.filter((path) => kinds[path] === 'file');
      const [first] = AUTHORITIES;
      if (!there.includes(`${first}.crt`))
        return refused(
          'no-pki',
          `${host} has no ${first}.crt`,
          'take the snapshot of a control plane that has joined',
        );
      const found = there.map((path) => path.slice(1));
      return act({
        do: 'run',
        summary: `read ${found.length} files of the cluster's PKI`,
        script: sh`tar -C / --owner=0 --group=0 -chf - -- ${found} | base64 -w 0`,
      });
    },
    read: (stdout) => whole(Buffer.from(stdout, 'base64'), host),
  });
}

/** @throws {SlipwayError} when its end is missing. */
function whole(archive: Buffer, host: string): Buffer {
  const end = archive.subarray(-END_BYTES);
  if (archive.length > END_BYTES && archive.length % BLOCK_BYTES === 0 && end.every((byte) => byte === 0))
    return archive;
  throw new SlipwayError('the PKI did not arrive whole', {
    code: 'pki-broken',
    host,
    hint: 'nothing was written; run it again',
  });
}

/**
 * Encrypts for its readers alone.
 *
 * @param workFactor how dear a try of a passphrase is, as scrypt's log2 N; default age's own, 18, which takes seconds.
 * @throws {SlipwayError} when a recipient is none.
 */
export async function pkiEncrypter(
  readers: PkiReaders,
  workFactor?: number,
): Promise<(archive: Buffer) => Promise<Uint8Array>> {
  const { Encrypter } = await import('age-encryption');
  const encrypter = new Encrypter();
  if (workFactor !== undefined) encrypter.setScryptWorkFactor(workFactor);
  if ('passphrase' in readers) encrypter.setPassphrase(readers.passphrase.reveal());
  else for (const recipient of readers.recipients) addRecipient(encrypter, recipient);
  return (archive) => encrypter.encrypt(archive);
}

/** What is no public key may be a private one: it is not repeated. */
function addRecipient(encrypter: { addRecipient(recipient: string): void }, recipient: string): void {
  try {
    encrypter.addRecipient(recipient);
  } catch {
    const isPrivate = recipient.toUpperCase().startsWith('AGE-SECRET-KEY-');
    throw new SlipwayError(
      isPrivate ? 'a recipient is a private key of age' : `"${recipient}" is no public key of age`,
      {
        code: 'not-a-recipient',
        exitCode: EXIT.usage,
        hint: 'give public keys, as age-keygen prints them: age1...; a private key stays where the backup is restored',
      },
    );
  }
}
