import type { HostKind } from '#core/cluster.ts';
import type { Resource } from '#core/resource.ts';
import { handlersOf, type Runtime, type RuntimeHandler } from '#core/runtime.ts';
import { givenPath } from '#facts/path.ts';

import { check } from './check.ts';

/** Where systemd looks for the programs of a unit, and so containerd for shims. */
const DIRECTORIES = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin'];

/** Packages that bring the programs of a handler, where the inventory has them installed. */
const PACKAGES: Readonly<Record<RuntimeHandler['type'], readonly string[]>> = {
  gvisor: ['runsc'],
  kata: ['kata-containers', 'kata-runtime'],
  crun: ['crun'],
};

const HINTS: Readonly<Record<RuntimeHandler['type'], string>> = {
  gvisor: 'runsc and containerd-shim-runsc-v1: https://gvisor.dev/docs/user_guide/install/',
  kata: 'Kata Containers: https://github.com/kata-containers/kata-containers/blob/main/docs/install/README.md',
  crun: 'crun, by packages: [crun] at the host',
};

/** A program, and the paths at one of which it is to be. */
interface Program {
  readonly name: string;
  readonly paths: readonly string[];
}

/** What handlers run is there: slipway configures them, and does not install them. */
export function runtimeHandlers({
  runtime,
  packages,
}: Pick<HostKind, 'runtime' | 'packages'>): readonly Resource[] {
  const wanted = handlersOf(runtime)
    .filter(({ type }) => !PACKAGES[type].some((name) => packages.includes(name)))
    // CRI-O brings its own.
    .filter(({ type }) => !(type === 'crun' && runtime.type === 'cri-o'));
  if (wanted.length === 0) return [];
  const programs = wanted.map((handler) => ({ handler, programs: programsOf(handler, runtime.type) }));
  const paths = new Set(programs.flatMap((one) => one.programs.flatMap((program) => program.paths)));
  return [
    check({
      name: 'RuntimeHandlers',
      facts: Object.fromEntries([...paths].map((path) => [path, givenPath(path)])),
      judge: (answers) => {
        const missing = programs.flatMap(({ handler, programs: all }) =>
          all
            .filter(({ paths: places }) => places.every((path) => answers[path] === 'absent'))
            .map(({ name }) => ({ handler, name })),
        );
        if (missing.length === 0) return 'the programs of its runtime handlers are there';
        const types = new Set(missing.map(({ handler }) => handler.type));
        return {
          why: `there is no ${missing.map(({ handler, name }) => `${name}, which runtime.handlers.${handler.name} runs`).join('; nor ')}`,
          hint: `install ${[...types].map((type) => HINTS[type]).join('; ')}`,
        };
      },
    }),
  ];
}

const found = (name: string): Program => ({
  name,
  paths: DIRECTORIES.map((directory) => `${directory}/${name}`),
});

function programsOf({ type, program }: RuntimeHandler, by: Runtime['type']): readonly Program[] {
  const own = { name: program, paths: [program] };
  if (by !== 'containerd' || type === 'crun') return [own];
  return type === 'kata' ? [found('containerd-shim-kata-v2')] : [own, found('containerd-shim-runsc-v1')];
}
