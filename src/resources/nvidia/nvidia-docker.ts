import { NVIDIA_RUNTIME } from '#configuration/nvidia-drop-in.ts';
import { isEqualJson, isJsonObject, type JsonObject, parseJsonObject } from '#core/json.ts';
import { type Outcome, type Resource, deferred, refused, resource } from '#core/resource.ts';
import { hasUnknown, unknown } from '#core/unknown.ts';
import { type FileAnswer, fileContent } from '#facts/file.ts';
import { diffFile, edited } from '#resources/files/diff-file.ts';
import { DOCKER_CONFIG_PATH, withDockerNumbers } from '#resources/runtime/docker-daemon.ts';

export interface NvidiaDockerDefinition {
  readonly isDefaultRuntime: boolean;
  /** Docker itself puts CDI devices into containers, beside the NVIDIA runtime. */
  readonly hasCdi: boolean;
  /** The phase that writes Docker's own settings into the same file. */
  readonly phase: string;
}

/** Docker's NVIDIA runtime, among whatever else daemon.json says; nvidia-ctk writes the same keys. */
export const nvidiaDocker = ({ phase, ...settings }: NvidiaDockerDefinition): Resource =>
  resource({
    address: `nvidia-runtime:${DOCKER_CONFIG_PATH}`,
    facts: { found: fileContent(DOCKER_CONFIG_PATH) },
    restartOn: [`file:${DOCKER_CONFIG_PATH}`],
    diff: ({ found }, { changed, host, planned }) => {
      if (found.content !== null && changed.length === 0) return diffDaemon(found, settings);
      const content = planned?.(DOCKER_CONFIG_PATH) ?? unknown(`${DOCKER_CONFIG_PATH} is written`);
      return deferred(
        { host, phase },
        `${DOCKER_CONFIG_PATH}, which the NVIDIA runtime is added to`,
        hasUnknown(content)
          ? diffFile(found, edited(found, DOCKER_CONFIG_PATH, content))
          : diffDaemon({ ...found, type: 'file', content }, settings),
      );
    },
  });

function diffDaemon(found: FileAnswer, settings: Omit<NvidiaDockerDefinition, 'phase'>): Outcome {
  const text = found.content ?? '';
  const before = parseJsonObject(text);
  if (before === undefined) {
    return refused('DockerConfig', `${DOCKER_CONFIG_PATH} is not a map in JSON`, 'mend it, or move it away');
  }
  const wanted = withNvidia(before, settings);
  const isRight = isEqualJson(before, wanted);
  const content = isRight ? text : `${JSON.stringify(wanted, null, 4)}\n`;
  const outcome = diffFile(found, edited(found, DOCKER_CONFIG_PATH, content));
  return isRight ? outcome : withDockerNumbers(outcome, text);
}

/**
 * The keys that nvidia-ctk writes. A default that is no longer wanted goes, as long as it is the NVIDIA one.
 *
 * @see https://github.com/NVIDIA/nvidia-container-toolkit/blob/v1.20.0/pkg/config/engine/docker/docker.go
 */
export function withNvidia(
  before: JsonObject,
  { isDefaultRuntime, hasCdi }: Pick<NvidiaDockerDefinition, 'isDefaultRuntime' | 'hasCdi'>,
): JsonObject {
  const { 'default-runtime': fallback, runtimes, features, ...rest } = before;
  const known = isJsonObject(runtimes) ? runtimes : {};
  const own = known[NVIDIA_RUNTIME.name];
  const isKnown = isJsonObject(own) && PATHS.some((path) => path === own['path']);
  const others =
    fallback === undefined || fallback === NVIDIA_RUNTIME.name ? {} : { 'default-runtime': fallback };
  return {
    ...rest,
    ...(isDefaultRuntime ? { 'default-runtime': NVIDIA_RUNTIME.name } : others),
    runtimes: {
      ...known,
      [NVIDIA_RUNTIME.name]: isKnown ? own : { args: [], path: 'nvidia-container-runtime' },
    },
    ...(hasCdi || features !== undefined
      ? { features: hasCdi ? { ...(isJsonObject(features) && features), cdi: true } : features }
      : {}),
  };
}

const PATHS = ['nvidia-container-runtime', NVIDIA_RUNTIME.path];
