import { fileURLToPath } from 'node:url';

import { type InputOptions, type Plugin, rolldown } from 'rolldown';

const root = new URL('../', import.meta.url);
const path = (name: string): string => fileURLToPath(new URL(name, root));

/**
 * The command line's parser can run subcommands that are programs of their own. slipway has none, and what a start loads of
 * Node for that is a tenth of it.
 */
const withoutPrograms: Plugin = {
  name: 'without-programs',
  resolveId: (source, importer) =>
    source === 'node:child_process' && importer?.includes('/node_modules/commander/') ? NOTHING : null,
  load: (id) => (id === NOTHING ? 'export default {};' : null),
};
const NOTHING = '\0nothing';

/** All commands are in the file that a start reads anyhow, so none of them is loaded alone. */
const withAllCommands: Plugin = {
  name: 'with-all-commands',
  load: (id) =>
    id === path('src/cli/program-for.ts') ? "export { program as programFor } from './program.ts';" : null,
};

const SLIPWAY: InputOptions = {
  input: path('src/main.ts'),
  platform: 'node',
  plugins: [withoutPrograms, withAllCommands],
  // What the oldest Node that it names does not read is written in older words.
  transform: { target: 'es2024' },
  // Native parts of ssh2, which does without them where they are not there.
  external: [/\.node$/, 'cpu-features'],
  onLog: (level, log, handle) => handle(level === 'warn' ? 'error' : level, log),
};

/** Writes all of slipway and its dependencies as one CommonJS file, as single executables want it. */
export async function bundleExecutable(file: string): Promise<void> {
  const packageFile = path('src/core/package-file.ts');
  await using bundled = await rolldown({
    ...SLIPWAY,
    plugins: [
      withoutPrograms,
      withAllCommands,
      {
        name: 'packed-files',
        async resolveId(source, importer, options) {
          const resolved = await this.resolve(source, importer, options);
          return resolved?.id === packageFile ? path('scripts/executable/packed-file.ts') : resolved;
        },
      },
    ],
  });
  await bundled.write({ file, format: 'cjs', codeSplitting: false });
}

/**
 * What many commands load after the command line itself: these modules and all that they need, as far as no part before has
 * it. Left alone, the bundler makes a file of whatever the same commands need, which are 90 for a plan; to find and read
 * those is a tenth of it.
 */
const PARTS: readonly (readonly [string, RegExp])[] = [
  ['inventory', /\/src\/inventory\/(?:cluster-in|load-inventory|select-hosts)\.ts$/],
  ['plan', /\/src\/(?:workflows\/(?:apply|offline-plan)|report\/plan\/text-plan)\.ts$/],
  ['session', /\/src\/(?:workflows\/open-session|report\/run\/(?:journal|reporter))\.ts$/],
];

/**
 * Writes the command line of the package, with its dependencies: `main.cjs`, the parts above, and a file for each other
 * part that only some commands need. CommonJS, because a module that imports a part of Node makes all that this part
 * exports.
 *
 * @param directory one below `dist`, as far from the package's root as the modules of `src` that read its files.
 */
export async function bundleProgram(directory: string): Promise<void> {
  await using bundled = await rolldown(SLIPWAY);
  await bundled.write({
    dir: directory,
    format: 'cjs',
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name]-[hash].cjs',
    codeSplitting: {
      groups: [
        { name: 'start', tags: ['$initial'], priority: PARTS.length },
        ...PARTS.map(([name, test], index) => ({ name, test, priority: PARTS.length - 1 - index })),
      ],
    },
    sourcemap: true,
    sourcemapExcludeSources: true,
  });
}
