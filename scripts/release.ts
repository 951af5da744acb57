/**
 * Prepares a release: `npm run release -- VERSION`. It is made in a clone, so that nothing here changes before all of it
 * has worked, and what would be published lies in build/release. With `--tag` its commit and its tag come into this
 * clone; without, that was a dry run. It publishes nothing, and says how that is done.
 */
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

import { $, echo } from 'zx';

import manifest from '../package.json' with { type: 'json' };
import { releaseChangelog } from './release/changelog.ts';
import { refusedParties, thirdParties, thirdPartyNotices } from './release/third-parties.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = join(root, 'build', 'release');

const { values, positionals } = parseArgs({
  allowPositionals: true,
  allowNegative: true,
  options: { tag: { type: 'boolean', default: false }, executable: { type: 'boolean', default: true } },
});
const [version = ''] = positionals;
const tag = `v${version}`;

const work = await mkdtemp(join(tmpdir(), 'slipway-release-'));
// npm calls what a list of materials is of by the name of its folder.
const clone = join(work, manifest.name);
const quietly = $({ quiet: true, cwd: clone, env: { ...process.env, npm_config_update_notifier: 'false' } });

try {
  await refuseUnready();
  await commitRelease();
  await makeArtifacts();
  if (values.tag) await $({ quiet: true, cwd: root })`git pull --ff-only --tags ${clone} HEAD`;
} catch (error) {
  echo(`Error: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
} finally {
  await rm(work, { recursive: true, force: true });
}
echo(`${tag} lies in build/release${values.tag ? ', and is tagged' : '; this clone is as it was (--tag changes it)'}.

To publish it, in a pipeline that may sign with its own identity:
  git push --follow-tags
  npm publish build/release/${manifest.name}-${version}.tgz --provenance --access public`);

async function refuseUnready(): Promise<void> {
  if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error('which version? npm run release -- 1.2.3');
  if (version.localeCompare(manifest.version, 'en', { numeric: true }) <= 0)
    throw new Error(`${version} is not newer than ${manifest.version}`);
  const here = $({ quiet: true, cwd: root });
  const { stdout: changes } = await here`git status --porcelain`;
  if (changes !== '') throw new Error(`there are changes that no commit has:\n${changes.trimEnd()}`);
  const { stdout: tags } = await here`git tag --list ${tag}`;
  if (tags !== '') throw new Error(`there is a tag ${tag} already`);
  const refused = refusedParties(await thirdParties(pathToFileURL(root)));
  if (refused.length > 0) {
    const names = refused.map(({ name, license }) => `${name} (${license})`);
    throw new Error(`licences that are on no list of scripts/release/third-parties.ts: ${names.join(', ')}`);
  }
  await here`git clone --quiet --local ${root} ${clone}`;
  await symlink(join(root, 'node_modules'), join(clone, 'node_modules'));
}

async function commitRelease(): Promise<void> {
  const file = join(clone, 'CHANGELOG.md');
  const date = new Date().toISOString().slice(0, 10);
  const { changelog, notes } = releaseChangelog(await readFile(file, 'utf8'), version, date);
  await writeFile(file, changelog);
  await writeFile(join(work, 'notes.md'), notes);
  await quietly`npm version ${version} --no-git-tag-version --ignore-scripts`;
  await quietly`${process.execPath} scripts/generate.ts`;
  await quietly`git commit --quiet --all --message ${`Release ${version}`}`;
  await quietly`git tag --annotate ${tag} --message ${`slipway ${version}`}`;
}

/** The package, the program, the licences and the list of materials, and the digests of all of them. */
async function makeArtifacts(): Promise<void> {
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  // Not by npm's own hook: that would install anew what the clone has borrowed.
  await quietly`${process.execPath} scripts/build.ts`;
  await quietly`npm pack --ignore-scripts --pack-destination ${target}`;
  if (values.executable)
    await quietly`${process.execPath} scripts/executable.ts ${join(target, `slipway-${version}-linux-x64`)}`;
  const { stdout: materials } =
    await quietly`npm sbom --sbom-format cyclonedx --omit dev --package-lock-only`;
  await writeFile(join(target, 'sbom.cyclonedx.json'), materials);
  const source = pathToFileURL(root);
  await writeFile(
    join(target, 'THIRD-PARTY-LICENSES.md'),
    await thirdPartyNotices(source, await thirdParties(source)),
  );
  await cp(join(work, 'notes.md'), join(target, 'notes.md'));
  const { stdout: sums } = await $({ quiet: true, cwd: target })`sha256sum ${await readdir(target)}`;
  await writeFile(join(target, 'SHA256SUMS'), sums);
}
