import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { TestContext } from 'vitest';

import manifest from '../../package.json' with { type: 'json' };

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Without what npm tells the programs that it runs: it would speak of this project. */
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')));

export const run = (argv: readonly string[], cwd: string): Ended => {
  const [program = '', ...args] = argv;
  const ended = spawnSync(program, args, { cwd, env, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  return { status: ended.status, stdout: ended.stdout, stderr: ended.stderr };
};

/** What npm says where it reaches no registry and its cache does not have what is asked for. */
const WITHOUT_REGISTRY = /\b(?:ENOTCACHED|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH)\b/;

/** Installs packages into a project, from npm's cache as far as they are there; undefined where that worked. */
function whyNotInstalled(directory: string, packages: readonly string[]): string | undefined {
  const flags = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  const { status, stderr } = run(['npm', 'install', ...flags, ...packages], directory);
  if (status === 0) return undefined;
  if (WITHOUT_REGISTRY.test(stderr)) return `no npm registry: ${stderr}`;
  throw new Error(`npm install ${packages.join(' ')}: ${stderr}`);
}

const { typescript, '@types/node': types } = manifest.devDependencies;
const COMPILERS = [`typescript@${typescript}`, `@types/node@${types}`];

/** The package as it would be published, and a project that installs it. */
export class Packed {
  readonly #directory: string;
  /** Why a project could not be installed, by its name; undefined where it was. */
  readonly #reasons = new Map<string, string | undefined>();
  readonly tarball: string;

  private constructor(directory: string, tarball: string) {
    this.#directory = directory;
    this.tarball = tarball;
  }

  static async make(): Promise<Packed> {
    const directory = await mkdtemp(join(tmpdir(), 'slipway-package-'));
    const { status, stdout, stderr } = run(
      ['npm', 'pack', '--silent', '--pack-destination', directory],
      root,
    );
    if (status !== 0) throw new Error(`npm pack: ${stderr}`);
    return new Packed(directory, join(directory, stdout.trim().split('\n').at(-1) ?? ''));
  }

  /** The names of its files, as they lie in the package's folder. */
  files(): readonly string[] {
    const { stdout } = run(['tar', '-tzf', this.tarball], this.#directory);
    return stdout
      .trim()
      .split('\n')
      .map((name) => name.replace('package/', ''));
  }

  /** A project that has the package and an inventory; the test is skipped where no registry can be reached. */
  async project(context: TestContext): Promise<string> {
    const directory = await this.#install(context, 'project', [this.tarball, ...COMPILERS]);
    await cp(join(root, 'inventory.yaml'), join(directory, 'inventory.yaml'));
    return directory;
  }

  /** A Node from npm, by its version; the test is skipped where there is none for this machine. */
  async node(context: TestContext, version: string): Promise<string> {
    const name = `node-${process.platform}-${process.arch}`;
    const directory = await this.#install(context, `node-${version}`, [`${name}@${version}`]);
    return join(directory, 'node_modules', name, 'bin', 'node');
  }

  async #install(context: TestContext, name: string, packages: readonly string[]): Promise<string> {
    const directory = join(this.#directory, name);
    let reason = this.#reasons.get(name);
    if (!this.#reasons.has(name)) {
      await mkdir(directory);
      await writeFile(join(directory, 'package.json'), '{"private": true, "type": "module"}\n');
      reason = whyNotInstalled(directory, packages);
      this.#reasons.set(name, reason);
    }
    if (reason !== undefined) context.skip(reason);
    return directory;
  }

  remove(): Promise<void> {
    return rm(this.#directory, { recursive: true, force: true });
  }
}
