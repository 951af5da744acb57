import type { Environment } from '#core/environment.ts';
import { rememberEach } from '#core/remember-each.ts';
import { Secret } from '#core/secret.ts';

import type { Finding, Path } from './text/problem.ts';
import { localPath, type Places } from './values/local-path.ts';
import type { SecretReference } from './values/secret-reference.ts';

/** Where secrets come from. */
export interface SecretSources extends Places {
  readonly env: Environment;
  readonly readFile: (path: string) => Promise<string>;
  /** Runs a program of this machine. @throws {Error} that says how it failed, and nothing of what it printed. */
  readonly run: (argv: readonly string[]) => Promise<string>;
  /** Absent where there is nobody to ask. */
  readonly prompt?: ((question: string) => Promise<string>) | undefined;
}

/** A reference, and where it stands. */
export interface PlacedReference {
  readonly path: Path;
  readonly reference: SecretReference;
}

export interface ReadSecrets {
  /** By the path of the reference, as JSON. */
  readonly secrets: ReadonlyMap<string, Secret>;
  readonly findings: readonly Finding[];
}

/** Reads what the environment and files hold; questions are left for later. */
export async function readSecrets(
  references: readonly PlacedReference[],
  sources: SecretSources,
): Promise<ReadSecrets> {
  const secrets = new Map<string, Secret>();
  // What a reference leads to is got once, however many there are of it.
  const read = rememberEach(
    (reference: SecretReference) => readSecret(reference, sources),
    (reference) => JSON.stringify(reference),
  );
  const findings = await Promise.all(
    references.map(async ({ path, reference }): Promise<readonly Finding[]> => {
      const found = await read(reference);
      if (typeof found === 'string') return [{ path, message: found }];
      if (found !== undefined) secrets.set(JSON.stringify(path), found);
      return [];
    }),
  );
  return { secrets, findings: findings.flat() };
}

/** The secret, or what is wrong, or nothing where it is a question. */
async function readSecret(
  reference: SecretReference,
  sources: SecretSources,
): Promise<Secret | string | undefined> {
  const { env, file, command, prompt } = reference;
  if (env !== undefined) {
    const value = sources.env[env];
    return value === undefined || value === ''
      ? `the environment variable ${env} is ${value === undefined ? 'not set' : 'empty'}`
      : new Secret(value);
  }
  if (file !== undefined) return readSecretFile(localPath(file, sources), sources);
  if (command !== undefined) return runSecretProgram(command, sources);
  return prompt !== undefined && sources.prompt === undefined
    ? 'asks a question, and there is no terminal to ask on: use {env: NAME}, {file: PATH} or {command: [PROGRAM, ...]}'
    : undefined;
}

async function readSecretFile(path: string, { readFile }: SecretSources): Promise<Secret | string> {
  try {
    return secretOf(await readFile(path)) ?? `the file ${path} is empty`;
  } catch (error) {
    return `the file ${path} cannot be read: ${fileFault(error)}`;
  }
}

async function runSecretProgram(argv: readonly string[], { run }: SecretSources): Promise<Secret | string> {
  try {
    return secretOf(await run(argv)) ?? `the program ${argv[0]} printed nothing`;
  } catch (error) {
    return `the program ${argv[0]} failed: ${(error as Error).message}`;
  }
}

/** Without the line end that files and programs put behind it. */
function secretOf(text: string): Secret | undefined {
  const value = text.replace(/\r?\n$/, '');
  return value === '' ? undefined : new Secret(value);
}

/** Asks each question once, one after the other. */
export async function askSecrets(
  references: readonly PlacedReference[],
  { prompt }: SecretSources,
): Promise<ReadonlyMap<string, Secret>> {
  const answers = new Map<string, Secret>();
  const secrets = new Map<string, Secret>();
  for (const { path, reference } of references) {
    if (reference.prompt === undefined || prompt === undefined) continue;
    const answer = answers.get(reference.prompt) ?? new Secret(await prompt(reference.prompt));
    answers.set(reference.prompt, answer);
    secrets.set(JSON.stringify(path), answer);
  }
  return secrets;
}

/** Why a file could not be read, in words. */
export function fileFault(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  const words: Readonly<Record<string, string>> = {
    ENOENT: 'there is none',
    EACCES: 'permission denied',
    EISDIR: 'it is a directory',
  };
  if (code === undefined) throw error;
  return words[code] ?? code;
}
