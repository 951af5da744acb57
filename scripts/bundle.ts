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

const SLIPWAY: InputOptions = {
  input: path('src/main.ts'),
  platform: 'node',
  plugins: [withoutPrograms],
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
 * Writes the command line of the package, with its dependencies: `main.cjs`, and a file for each part that only some
 * commands need. CommonJS, because a module that imports a part of Node makes all that this part exports.
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
    sourcemap: true,
    sourcemapExcludeSources: true,
  });
}
