import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, extname, join, relative, resolve, sep } from 'node:path';
import { parse } from 'yaml';

import { joinManifests } from '#core/join-manifests.ts';
import type { ArtifactRef, FileTree, ProgramRef } from '#core/artifact.ts';
import { SlipwayError } from '#core/slipway-error.ts';

import { validateManifest } from './validate-manifest.ts';

const MANIFESTS = new Set(['.yaml', '.yml', '.json']);
/** @see https://github.com/kubernetes-sigs/kustomize/blob/kustomize/v5.7.1/api/konfig/general.go */
const KUSTOMIZATIONS = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];
const PROGRAM_TIMEOUT_MS = 120_000;

/**
 * Reads what the controller has itself: a file, a directory of manifests, the files of a kustomization, or what a
 * program prints there.
 *
 * @throws {SlipwayError} when it cannot be had.
 */
export async function readLocalArtifact({ location, from }: ArtifactRef): Promise<string> {
  if (typeof from === 'object') return runProgram(location, from);
  try {
    if (from === 'manifests') return await readManifests(location);
    if (from === 'kustomization') return JSON.stringify(await readKustomization(location));
    return await readFile(location, 'utf8');
  } catch (cause) {
    if (cause instanceof SlipwayError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SlipwayError(`cannot read ${location}: ${why}`, { code: 'artifact-unreadable', cause });
  }
}

/** A file, or the files of a directory in the order of their names, as kubectl takes them. */
async function readManifests(path: string): Promise<string> {
  if (!(await stat(path)).isDirectory()) return readManifest(path);
  const names = (await readdir(path)).filter((name) => MANIFESTS.has(extname(name))).toSorted();
  if (names.length === 0) {
    throw new SlipwayError(`${path} holds no *.yaml, *.yml or *.json file`, { code: 'artifact-empty' });
  }
  const texts = await Promise.all(names.map((name) => readManifest(join(path, name))));
  return joinManifests(texts);
}

async function readManifest(path: string): Promise<string> {
  const text = await readFile(path, 'utf8');
  validateManifest(path, text);
  return text;
}

/** A kustomization and all files it names, those of its bases and components included. */
async function readKustomization(directory: string): Promise<FileTree> {
  const paths = await filesOf(resolve(directory), new Set());
  const root = commonDirectory([...paths].map((path) => dirname(path)));
  const files = await Promise.all(
    [...paths]
      .toSorted()
      .map(async (path): Promise<[string, string]> => [relative(root, path), await readFile(path, 'utf8')]),
  );
  return { start: relative(root, resolve(directory)), files: Object.fromEntries(files) };
}

async function filesOf(directory: string, seen: Set<string>): Promise<ReadonlySet<string>> {
  const names = await readdir(directory);
  const name = KUSTOMIZATIONS.find((candidate) => names.includes(candidate));
  if (name === undefined) {
    throw new SlipwayError(`${directory} has no kustomization.yaml`, {
      code: 'artifact-empty',
      hint: 'name the directory that it stands in, or give plain manifests with path',
    });
  }
  const file = join(directory, name);
  const paths = new Set([file]);
  if (seen.has(file)) return paths;
  seen.add(file);
  for (const word of words(parse(await readFile(file, 'utf8')))) {
    if (/^(https?|ssh|git):|^git@|\/\/.*\?ref=|^github\.com\//.test(word)) throw remote(file, word);
    for (const path of await named(resolve(directory, word), seen)) paths.add(path);
  }
  return paths;
}

/** All texts in a kustomization that may be paths; `key=path` names a file too. */
function words(value: unknown): readonly string[] {
  if (typeof value === 'string') {
    return value === '' || value.includes('\n') ? [] : [value.slice(value.indexOf('=') + 1)];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(words);
}

async function named(path: string, seen: Set<string>): Promise<ReadonlySet<string>> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() === true) {
    const names = await readdir(path);
    return KUSTOMIZATIONS.some((name) => names.includes(name)) ? filesOf(path, seen) : new Set();
  }
  return new Set(found?.isFile() === true ? [path] : []);
}

const remote = (file: string, word: string): SlipwayError =>
  new SlipwayError(`${file} names ${word}, which is elsewhere and may change`, {
    code: 'artifact-remote',
    hint: 'keep a copy beside it, or give it under addons.manifests as a url with its sha256',
  });

function commonDirectory(directories: readonly string[]): string {
  const [first = sep, ...others] = directories;
  return others.reduce((common, directory) => {
    let shared = common;
    while (directory !== shared && !directory.startsWith(shared === sep ? sep : `${shared}${sep}`))
      shared = dirname(shared);
    return shared;
  }, first);
}

async function runProgram(
  what: string,
  { argv: [program, ...args], stdin, hint }: ProgramRef,
): Promise<string> {
  const child = spawn(program, args, { stdio: 'pipe', timeout: PROGRAM_TIMEOUT_MS });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  // A program that ends before it has read its input says why by itself.
  child.stdin.on('error', () => undefined);
  child.stdin.end(stdin);
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    if (code === 0) return output.stdout;
    const said = output.stderr.trim().split('\n').slice(-5).join('\n');
    throw new SlipwayError(
      `${what}: ${program} ended with ${code === null ? 'a signal' : `code ${code}`}: ${said}`,
      {
        code: 'artifact-program-failed',
        hint: `try it by hand: ${[program, ...args].join(' ')}`,
      },
    );
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    throw new SlipwayError(`${what} needs the program ${program}, and this machine has none`, {
      code: 'artifact-program-missing',
      hint,
      cause,
    });
  }
}
