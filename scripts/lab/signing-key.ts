import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exclusively } from './exclusive.ts';
import { cacheDirectory } from './lab-paths.ts';
import { run } from './run.ts';

/** An OpenPGP key that signs repositories; worth nothing outside the lab. */
export interface SigningKey {
  readonly fingerprint: string;
  /** ASCII-armoured, as a Release.key is. */
  readonly publicKey: string;
  /** Signs the file `release`, making InRelease and Release.gpg beside it. */
  signRelease(release: string): Promise<void>;
  /** Signs the rpms of a directory; rpmsign has to be there. */
  signRpms(directory: string): Promise<void>;
}

/** The lab's key, made the first time. `name` tells keys apart, for a test that signs with a wrong one. */
export async function signingKey(name = 'lab'): Promise<SigningKey> {
  const directory = join(cacheDirectory(), 'keys');
  const secretKey = join(directory, `${name}.secret.asc`);
  await exclusively(join(directory, 'lock'), async () => {
    const isThere = await readFile(secretKey).then(
      () => true,
      () => false,
    );
    if (!isThere) await makeKey(name, secretKey);
  });
  const { fingerprint, publicKey } = await withKey(secretKey, async (home) => ({
    fingerprint: await fingerprintIn(home),
    publicKey: (await run`gpg --homedir ${home} --batch --armor --export`).stdout,
  }));
  return {
    fingerprint,
    publicKey,
    signRelease: (release) => signRelease(secretKey, release),
    signRpms: (place) => signRpms(secretKey, place),
  };
}

async function makeKey(name: string, path: string): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
  const user = `slipway lab (${name}) <lab@slipway.invalid>`;
  await withHome(async (home) => {
    await run`gpg --homedir ${home} --batch --passphrase '' --quick-generate-key ${user} rsa2048 sign never`;
    const { stdout } = await run`gpg --homedir ${home} --batch --armor --export-secret-keys`;
    await writeFile(`${path}.tmp`, stdout, { mode: 0o600 });
    await rename(`${path}.tmp`, path);
  });
}

async function signRelease(secretKey: string, release: string): Promise<void> {
  const inRelease = join(release, '..', 'InRelease');
  await rm(inRelease, { force: true });
  await rm(`${release}.gpg`, { force: true });
  await withKey(secretKey, async (home) => {
    await run`gpg --homedir ${home} --batch --digest-algo SHA512 --clear-sign --output ${inRelease} ${release}`;
    await run`gpg --homedir ${home} --batch --armor --digest-algo SHA512 --detach-sign --output ${`${release}.gpg`} ${release}`;
  });
}

async function signRpms(secretKey: string, directory: string): Promise<void> {
  const rpms = (await readdir(directory)).filter((name) => name.endsWith('.rpm'));
  if (rpms.length === 0) return;
  await withKey(secretKey, async (home) => {
    const fingerprint = await fingerprintIn(home);
    const defines = [
      '--define',
      '__gpg /usr/bin/gpg',
      '--define',
      `_gpg_path ${home}`,
      '--define',
      `_gpg_name ${fingerprint}`,
    ];
    await run`rpmsign ${defines} --addsign ${rpms.map((name) => join(directory, name))}`;
  });
}

async function fingerprintIn(home: string): Promise<string> {
  const { stdout } = await run`gpg --homedir ${home} --batch --with-colons --list-keys`;
  return /^fpr:+([0-9A-F]+):/m.exec(stdout)?.[1] ?? '';
}

async function withKey<T>(secretKey: string, body: (home: string) => Promise<T>): Promise<T> {
  return await withHome(async (home) => {
    await run`gpg --homedir ${home} --batch --quiet --import ${secretKey}`;
    return await body(home);
  });
}

/** A GNUPGHOME for one use: in the temporary directory, since the agent's socket needs a short path. */
async function withHome<T>(body: (home: string) => Promise<T>): Promise<T> {
  const home = await mkdtemp(join(tmpdir(), 'slipway-gpg-'));
  try {
    return await body(home);
  } finally {
    await run`gpgconf --homedir ${home} --kill all`.nothrow();
    await rm(home, { recursive: true, force: true });
  }
}
