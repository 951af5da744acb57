import { readFile } from 'node:fs/promises';

import type { Cluster } from '#core/cluster.ts';
import type { Environment } from '#core/environment.ts';

import { buildCluster, inventory, type InventoryDocument } from './inventory.ts';
import { askSecrets, type PlacedReference, readSecrets, type SecretSources } from './read-secrets.ts';
import type { BuildContext, ValidationContext, ValidDocument } from './section.ts';
import { type ExpandedHost, expandHosts } from './sections/hosts/expand-hosts.ts';
import { withMirrorsFile } from './mirrors-file.ts';
import { withMirrors } from './sections/mirrors.ts';
import { askSshItself } from './ask-ssh.ts';
import { runProgram } from './run-program.ts';
import { type AskSsh, withSshConfig } from './ssh-config.ts';
import { type InventoryText, readInventoryText } from './text/document.ts';
import { interpolate } from './text/interpolate.ts';
import { mergedText } from './text/merged-text.ts';
import { type Finding, formatProblem, InventoryError, type Path } from './text/problem.ts';
import { validate, valueAt } from './text/validate.ts';
import { type LocalFile, localFile, localFileFindings, type LookAtPath } from './values/local-file.ts';
import type { Places } from './values/local-path.ts';

/** A cluster, and the files it was read from. */
export interface Inventory {
  readonly cluster: Cluster;
  /** As they were named. */
  readonly paths: readonly string[];
}

interface NamedText {
  readonly text: string;
  /** The name that problems give the file. */
  readonly path: string;
}

export interface ParseOptions extends ReadOptions {
  /** The name that problems give the file. */
  readonly path: string;
}

interface ReadOptions {
  /** What relative paths are relative to; absolute. */
  readonly directory: string;
  readonly env: Environment;
  /** What `~/` stands for; default HOME of `env`. */
  readonly home?: string | undefined;
  /** Asks a question without showing the answer; absent where there is nobody to ask. */
  readonly prompt?: ((question: string) => Promise<string>) | undefined;
  /** `skip` leaves passwords out, for uses that do not connect; default `read`. */
  readonly secrets?: 'read' | 'skip';
  /** Reads the file of a secret; default from the disk. */
  readonly readFile?: (path: string) => Promise<string>;
  /** Looks at files and directories that the inventory names; by default they are taken to be there. */
  readonly lookAt?: LookAtPath;
  /** Asks ssh what a file of its settings says of a host; default: the program. */
  readonly askSsh?: AskSsh;
  /**
   * Hears of keys that are missing, for uses that connect to nobody; without it, they are among what is wrong.
   */
  readonly warn?: ((warning: string) => void) | undefined;
}

/**
 * Makes a cluster of an inventory's text.
 *
 * @throws {InventoryError} with everything that is wrong, at once.
 */
export const parseInventory = (text: string, { path, ...options }: ParseOptions): Promise<Inventory> =>
  parseInventories([{ text, path }], options);

/** The same of several texts, of which later ones say more than those before. */
export async function parseInventories(
  texts: readonly NamedText[],
  options: ReadOptions,
): Promise<Inventory> {
  const { env, directory } = options;
  const places = { directory, home: options.home ?? env['HOME'] };
  const paths = texts.map(({ path }) => path);
  const written = mergedText(texts.map(({ text, path }) => readInventoryText(text, path)));
  const readText = options.readFile ?? ((file) => readFile(file, 'utf8'));
  const { document, findings: unread } = await withMirrorsFile(written, {
    ...places,
    env,
    readFile: readText,
  });
  if (document.value === undefined) throw new InventoryError(document.problems);

  const isFile = async (file: string): Promise<boolean> => (await options.lookAt?.(file)) === 'file';
  const placeOf = (path: Path): string => {
    const { path: file, line } = document.locate({ path, message: '' });
    return file === paths[0] && paths.length === 1 ? `line ${line}` : `line ${line} of ${file}`;
  };
  const examined = examine(document, { env, placeOf });
  const sshSources = { ...places, askSsh: options.askSsh ?? askSshItself(), isFile };
  const { valid, hosts: all, findings } = await withSshConfig(examined, sshSources);
  const { hosts, leaving } = split(all);
  const sources: SecretSources = {
    ...places,
    env,
    readFile: readText,
    run: (argv) => runProgram(argv, directory, env),
    prompt: options.prompt,
  };
  const isReading = options.secrets !== 'skip';
  const named = secretReferences(valid, [...hosts, ...leaving]);
  const references = isReading ? named : [];
  const read = await readSecrets(references, sources);

  // What is read says itself that it is missing.
  const files = [...inventory.files(valid, []), ...(isReading ? [] : named.flatMap(secretFile))];
  const { missing, missingKeys } = await findMissing(files, options, places);

  const problems = [
    ...document.problems,
    ...[...unread, ...findings, ...read.findings, ...missing].map(document.locate),
  ];
  if (problems.length > 0) throw new InventoryError(problems);
  for (const finding of missingKeys) options.warn?.(formatProblem(document.locate(finding)));

  const secrets = new Map([...read.secrets, ...(await askSecrets(references, sources))]);
  const cluster = buildCluster({ document: valid as InventoryDocument, hosts, leaving, places, secrets });
  return { cluster, paths };
}

interface Examined {
  /** The whole document where there are no findings. */
  readonly valid: ValidDocument;
  /** Those that leave as well. */
  readonly hosts: readonly ExpandedHost[];
  readonly findings: readonly Finding[];
}

/** Finds all that is wrong: what the schema refuses first, then what shows in the rest. */
function examine(
  document: InventoryText,
  { env, placeOf }: Pick<ReadOptions, 'env'> & Pick<ValidationContext, 'placeOf'>,
): Examined {
  const { value, references, findings: faultyReferences } = interpolate(withoutOwnKeys(document.value), env);
  const { schema } = inventory;
  const { source } = document;
  const { valid: rest, findings: faults } = validate(value, { schema, references, source });
  const unresolved = new Set(faultyReferences.map(({ path }) => path.join('\0')));
  const isResolved = ({ path }: Finding): boolean => !unresolved.has(path.join('\0'));

  const isMap = typeof rest === 'object' && rest !== null && !Array.isArray(rest);
  const valid = withMirrors(isMap ? rest : {});
  const first = [...faultyReferences, ...faults.filter(isResolved)];
  const expanded = expandHosts(valid);
  const context = {
    document: valid,
    ...split(expanded.hosts),
    isFaulty: faultFinder([...first, ...expanded.findings]),
    placeOf,
  };
  const later = isMap ? inventory.validate(valid, context, []) : [];
  const findings = [...first, ...[...expanded.findings, ...later].filter(isResolved)];
  const asWritten = (finding: Finding): Finding => {
    const isFromOutside = finding.got !== undefined && references.has(JSON.stringify(finding.path));
    return isFromOutside ? { ...finding, got: JSON.stringify(document.source(finding.path)) } : finding;
  };
  return { valid, hosts: expanded.hosts, findings: findings.map(asWritten) };
}

/** What is a part of the cluster, and what leaves it. */
const split = (all: readonly ExpandedHost[]): Pick<BuildContext, 'hosts' | 'leaving'> => ({
  hosts: all.filter(({ isLeaving }) => !isLeaving),
  leaving: all.filter(({ isLeaving }) => isLeaving),
});

/** Without keys at its top that begin with `x-`, in which people keep what they refer to by aliases. */
const withoutOwnKeys = (value: unknown): unknown =>
  typeof value !== 'object' || value === null || Array.isArray(value)
    ? value
    : Object.fromEntries(Object.entries(value).filter(([key]) => !key.startsWith('x-')));

/** Files that the inventory names and that are not there; of keys, only a warning may be wanted. */
async function findMissing(
  files: readonly LocalFile[],
  { lookAt, warn }: ReadOptions,
  places: Places,
): Promise<{ readonly missing: readonly Finding[]; readonly missingKeys: readonly Finding[] }> {
  if (lookAt === undefined) return { missing: [], missingKeys: [] };
  const [keys = [], others = []] = [true, false].map((wanted) =>
    files.filter(({ isForLogin }) => (isForLogin && warn !== undefined) === wanted),
  );
  const [missingKeys, missing] = await Promise.all([
    localFileFindings(keys, places, lookAt),
    localFileFindings(others, places, lookAt),
  ]);
  return { missing, missingKeys };
}

/** Whether something at, below or above a path is among the findings. */
function faultFinder(findings: readonly Finding[]): (path: Path) => boolean {
  const at = new Set(findings.map(({ path }) => JSON.stringify(path)));
  const above = new Set(findings.flatMap(({ path }) => startsOf(path)));
  return (path) => above.has(JSON.stringify(path)) || startsOf(path).some((start) => at.has(start));
}

/** A path and those of all that it is in but the whole, as JSON. */
const startsOf = (path: Path): readonly string[] =>
  path.map((_, index) => JSON.stringify(path.slice(0, index + 1)));

/** The file that a secret is in; only who connects needs it. */
const secretFile = ({ path, reference: { file } }: PlacedReference): readonly LocalFile[] =>
  localFile(file, [...path, 'file'], { isForLogin: true });

/** Every reference that there is need of, once. */
function secretReferences(
  document: ValidDocument,
  hosts: readonly ExpandedHost[],
): readonly PlacedReference[] {
  const paths = [
    ...hosts.flatMap(({ secrets }) => Object.values(secrets)),
    ...inventory.secrets(document, []),
  ];
  const unique = new Map(paths.map((path) => [JSON.stringify(path), path]));
  return [...unique.values()].map((path) => ({
    path,
    reference: valueAt(document, path) as PlacedReference['reference'],
  }));
}
