/**
 * Writes what the package has and a clone runs without: `dist` in the place of `src`, with JavaScript, types and source
 * maps for those who import it; `dist/program`, the command line in one piece, which starts in half the time; and `man`, the
 * manual pages.
 */
import { cp, readdir, rm, writeFile } from 'node:fs/promises';

import { $ } from 'zx';

import manifest from '../package.json' with { type: 'json' };
import { bundleProgram } from './bundle.ts';
import { writeManPages } from './manual/write-man-pages.ts';
import { thirdParties, thirdPartyNotices } from './release/third-parties.ts';

const root = new URL('..', import.meta.url);
const source = new URL('src/', root);
const target = new URL('dist/', root);

await rm(target, { recursive: true, force: true });
await $({ cwd: root.pathname, stdio: 'inherit', quiet: true })`tsc -p tsconfig.build.json`;

const files = await readdir(source, { recursive: true });
for (const file of files.filter((name) => name.endsWith('.json')))
  await cp(new URL(file, source), new URL(file, target));

// What `#core/plan.ts` is in here. Node asks the nearest package.json.
const inner = { type: 'module', imports: { '#*.ts': './*.js' } };
await writeFile(new URL('package.json', target), `${JSON.stringify(inner, null, 2)}\n`);

const program = new URL('program/', target);
await bundleProgram(program.pathname);
// Of the dependencies that are in it.
await writeFile(new URL('LICENSES.md', program), await thirdPartyNotices(root, await thirdParties(root)));

await writeManPages(new URL('man/', root), manifest.version);
