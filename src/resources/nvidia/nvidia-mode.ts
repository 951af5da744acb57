import { readToml, tableAt } from '#configuration/toml.ts';
import type { GpuMode } from '#core/gpu.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { changeOr, deferred, differs, type Outcome, type Resource, resource } from '#core/resource.ts';
import { sh } from '#core/shell.ts';
import { run } from '#core/step.ts';
import { fileContent } from '#facts/file.ts';
import { packageState } from '#facts/package.ts';

/** Read whenever a container starts: no daemon has to be told. */
const CONFIG_PATH = '/etc/nvidia-container-runtime/config.toml';

export interface NvidiaModeDefinition {
  readonly mode: GpuMode;
  /** Programs to start containers with, in the order they are looked for; absent: the toolkit's own choice. */
  readonly runtimes?: readonly string[];
  /** The phase that installs the toolkit. */
  readonly phase: string;
}

/**
 * How the NVIDIA runtime puts devices into containers, and what it starts them with, set by the toolkit's own
 * program, as its package sets up the file.
 *
 * @see https://github.com/NVIDIA/nvidia-container-toolkit/blob/v1.20.0/cmd/nvidia-ctk/config/config.go
 */
export const nvidiaMode = (definition: NvidiaModeDefinition): Resource => {
  const { phase } = definition;
  return resource({
    address: `file:${CONFIG_PATH}`,
    facts: { package: packageState('nvidia-container-toolkit-base', null), found: fileContent(CONFIG_PATH) },
    diff: ({ package: toolkit, found }, { host }) => {
      if (toolkit.installed === null) {
        return deferred(
          { host, phase },
          'the configuration that comes with the toolkit',
          diffMode(definition, AS_PACKAGED),
        );
      }
      return diffMode(definition, tableAt(readToml(found.content), 'nvidia-container-runtime'));
    },
  });
};

/**
 * @see https://github.com/NVIDIA/nvidia-container-toolkit/blob/v1.20.0/internal/config/config.go (GetDefault)
 */
const AS_PACKAGED: JsonObject = { mode: 'auto', runtimes: ['runc', 'crun'] };

function diffMode({ mode, runtimes }: NvidiaModeDefinition, now: JsonObject | undefined): Outcome {
  const wrong = [
    { name: 'mode', found: now?.['mode'] ?? null, wanted: mode },
    ...(runtimes === undefined
      ? []
      : [{ name: 'runtimes', found: listOf(now?.['runtimes']), wanted: runtimes.join(':') }]),
  ].filter(({ found: value, wanted }) => value !== wanted);
  const flags = wrong.flatMap(({ name, wanted }) => ['--set', `nvidia-container-runtime.${name}=${wanted}`]);
  return changeOr(
    `the NVIDIA runtime's mode is ${mode}`,
    wrong.flatMap(({ name, found: value, wanted }) => differs(name, value, wanted)),
    [
      run(
        `set the ${wrong.map(({ name }) => name).join(' and ')} of the NVIDIA runtime`,
        sh`nvidia-ctk --quiet config --config-file=${CONFIG_PATH} --in-place ${flags}`,
      ),
    ],
  );
}

/** As nvidia-ctk takes a list: with colons between. */
const listOf = (value: Json | undefined): string | null => (Array.isArray(value) ? value.join(':') : null);
