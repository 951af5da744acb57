import { Decrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { describe, expect, it } from 'vitest';

import { Secret } from '#core/secret.ts';
import { pkiEncrypter, readPki } from '#etcd/pki-backup.ts';

const withArguments = (extraArgs: Readonly<Record<string, string>>) => ({
  kubernetes: { apiServer: { extraArgs, extraVolumes: [], certSANs: [] } },
});
const cluster = withArguments({});
const encrypted = withArguments({ 'encryption-provider-config': '/etc/kubernetes/enc/keys.yaml' });

const CA = '/etc/kubernetes/pki/ca';
/** An archive as tar ends it. */
const ARCHIVE = Buffer.concat([Buffer.alloc(512, 'k'), Buffer.alloc(1024)]);

const decided = (there: readonly string[], given = cluster) => {
  const action = readPki('cp1', given);
  const answers = Object.fromEntries(
    Object.keys(action.facts).map((path) => [path, there.includes(path) ? 'file' : 'absent']),
  );
  return action.decide(answers as never, { host: 'cp1' });
};

const scriptOf = (outcome: ReturnType<typeof decided>): string =>
  outcome.answer === 'act' ? outcome.steps.map((step) => (step.do === 'run' ? step.script : '')).join() : '';

describe("the cluster's PKI", () => {
  it('is what all control planes share, and what there is of it', () => {
    const facts = Object.keys(readPki('cp1', cluster).facts);
    expect(facts).toContain('/etc/kubernetes/pki/etcd/ca.key');
    expect(facts).toContain('/etc/kubernetes/pki/sa.key');
    expect(facts.filter((path) => path.includes('apiserver') || path.includes('server.'))).toEqual([]);
    const script = scriptOf(decided([`${CA}.crt`, `${CA}.key`]));
    expect(script).toContain('-- etc/kubernetes/pki/ca.crt etc/kubernetes/pki/ca.key |');
  });

  it('has the keys of Secrets in etcd, where the inventory names their file', () => {
    const keys = '/etc/kubernetes/enc/keys.yaml';
    expect(scriptOf(decided([`${CA}.crt`, keys], encrypted))).toContain('etc/kubernetes/enc/keys.yaml |');
    expect(scriptOf(decided([`${CA}.crt`, keys]))).not.toContain('enc/keys.yaml');
  });

  it('is without the key of an authority that is kept elsewhere, and not had of a host without any', () => {
    expect(scriptOf(decided([`${CA}.crt`]))).not.toContain('ca.key');
    expect(decided([])).toMatchObject({ answer: 'refused', check: 'no-pki' });
  });

  it('is refused where its end is missing', () => {
    const { read } = readPki('cp1', cluster);
    expect(read(ARCHIVE.toString('base64')).equals(ARCHIVE)).toBe(true);
    for (const part of [ARCHIVE.subarray(0, 1024), ARCHIVE.subarray(0, 600), Buffer.alloc(0)])
      expect(() => read(part.toString('base64'))).toThrow('did not arrive whole');
  });
});

describe('the PKI as it is kept', () => {
  it('is read by each of its recipients, and by nobody else', async () => {
    const [one, two, other] = await Promise.all([1, 2, 3].map(() => generateX25519Identity()));
    const recipients = await Promise.all([one, two].map((key) => identityToRecipient(key ?? '')));
    const file = await (await pkiEncrypter({ recipients }))(ARCHIVE);
    expect(Buffer.from(file).includes('kkkkkkkk')).toBe(false);
    const decrypt = (key = ''): Promise<Uint8Array> => {
      const decrypter = new Decrypter();
      decrypter.addIdentity(key);
      return decrypter.decrypt(file);
    };
    for (const key of [one, two]) expect(Buffer.from(await decrypt(key)).equals(ARCHIVE)).toBe(true);
    await expect(decrypt(other)).rejects.toThrow('no identity matched');
  });

  it('is read with its passphrase', async () => {
    const encrypt = await pkiEncrypter({ passphrase: new Secret('correct horse') }, 10);
    const file = await encrypt(ARCHIVE);
    expect(Buffer.from(file).includes('kkkkkkkk')).toBe(false);
    const decrypter = new Decrypter();
    decrypter.addPassphrase('correct horse');
    expect(Buffer.from(await decrypter.decrypt(file)).equals(ARCHIVE)).toBe(true);
  });

  it('is encrypted for no key that is none, and a private key is not repeated', async () => {
    await expect(pkiEncrypter({ recipients: ['age1abc'] })).rejects.toThrow('"age1abc" is no public key');
    const identity = await generateX25519Identity();
    const failed = await pkiEncrypter({ recipients: [identity] }).catch(String);
    expect(failed).toContain('a recipient is a private key');
    expect(failed).not.toContain(identity);
  });
});
