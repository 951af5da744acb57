/**
 * Writes slipway as one program for Linux on x64, which needs no Node on the machine that it runs on:
 * `npm run executable [-- FILE]`.
 *
 * @see https://nodejs.org/docs/latest-v24.x/api/single-executable-applications.html (24.21)
 */
import { chmod, copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import { $, echo } from 'zx';

import { bundleExecutable } from './bundle.ts';

/** By which Node finds what was put into its program. */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = process.argv[2] ?? join(root, 'build', 'slipway-linux-x64');

if (process.platform !== 'linux' || process.arch !== 'x64')
  throw new Error(`it is made of this machine's Node, which is for ${process.platform} on ${process.arch}`);

const work = await mkdtemp(join(tmpdir(), 'slipway-executable-'));
try {
  await makeExecutable();
} finally {
  await rm(work, { recursive: true, force: true });
}
echo(`${target} is written`);

async function makeExecutable(): Promise<void> {
  const main = join(work, 'slipway.cjs');
  const output = join(work, 'slipway.blob');
  const config = join(work, 'config.json');
  await bundleExecutable(main);
  const settings = {
    main,
    output,
    disableExperimentalSEAWarning: true,
    useCodeCache: true,
    // Neither NODE_OPTIONS nor --node-options change what it does.
    execArgvExtension: 'none',
    assets: await assets(),
  };
  await writeFile(config, JSON.stringify(settings));
  await $({ quiet: true })`${process.execPath} --experimental-sea-config ${config}`;
  await mkdir(dirname(target), { recursive: true });
  await copyFile(process.execPath, target);
  await $({ quiet: true })`postject ${target} NODE_SEA_BLOB ${output} --sentinel-fuse ${FUSE}`;
  await chmod(target, 0o755);
}

/** What `packageFile` is asked for, by its path from `src`. */
async function assets(): Promise<Readonly<Record<string, string>>> {
  const source = join(root, 'src');
  const entries = await Promise.all(
    ['src', 'templates'].map((folder) =>
      readdir(join(root, folder), { recursive: true, withFileTypes: true }),
    ),
  );
  const files = entries
    .flat()
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.ts'))
    .map(({ parentPath, name }) => join(parentPath, name));
  return Object.fromEntries(
    [...files, join(root, 'package.json')].map((file) => [relative(source, file), file]),
  );
}
