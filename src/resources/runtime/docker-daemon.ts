import { isEqualJson, type Json, type JsonObject, parseJsonObject } from '#core/json.ts';
import { mergeObjects } from '#core/merge-objects.ts';
import { type Outcome, refused, type Resource, resource } from '#core/resource.ts';
import type { Registry } from '#core/runtime.ts';
import { sh } from '#core/shell.ts';
import type { Step } from '#core/step.ts';
import { fileContent } from '#facts/file.ts';
import { diffFile, edited, refuseUnreadable } from '#resources/files/diff-file.ts';

export const DOCKER_CONFIG_PATH = '/etc/docker/daemon.json';

export interface DockerDaemonDefinition {
  readonly registries: readonly Registry[];
  /** Keys of the inventory's; they win over slipway's and over what is there. */
  readonly config: JsonObject;
}

/**
 * Docker's configuration, made of the file that is there: keys that others wrote are kept, and a file that differs in the
 * order of its keys only stays as it is.
 *
 * @see https://docs.docker.com/reference/cli/dockerd/#daemon-configuration-file (28.x)
 */
export const dockerDaemon = (definition: DockerDaemonDefinition): Resource =>
  resource({
    address: `file:${DOCKER_CONFIG_PATH}`,
    facts: { found: fileContent(DOCKER_CONFIG_PATH) },
    diff: ({ found }): Outcome => {
      const unreadable = refuseUnreadable(found, DOCKER_CONFIG_PATH);
      if (unreadable !== undefined) return unreadable;
      const text = found.content ?? '';
      const before = text.trim() === '' ? {} : parseJsonObject(text);
      if (before === undefined) {
        return refused(
          'DockerConfig',
          `${DOCKER_CONFIG_PATH} is not a map in JSON, so what others wrote there cannot be kept`,
          'mend it, or move it away',
        );
      }
      const wanted = daemonConfig(before, definition);
      const content =
        isEqualJson(before, wanted) && text !== '' ? text : `${JSON.stringify(wanted, null, 4)}\n`;
      const outcome = diffFile(found, edited(found, DOCKER_CONFIG_PATH, content));
      return outcome.answer === 'change' && content !== text
        ? { ...outcome, steps: [trial(content), ...outcome.steps] }
        : outcome;
    },
  });

/** What is there with slipway's settings in it. */
export function daemonConfig(before: JsonObject, { registries, config }: DockerDaemonDefinition): JsonObject {
  const docker = registries.find(({ host }) => host === 'docker.io');
  const mirrors = docker?.mirrors.map(({ url }) => url) ?? [];
  const insecure = registries.flatMap(({ endpoint, mirrors: others }) =>
    [endpoint, ...others]
      .filter(({ url, skipVerify }) => skipVerify || url.startsWith('http:'))
      .map(({ url }) => new URL(url).host),
  );
  const own: Record<string, Json> = {
    'exec-opts': [
      ...strings(before['exec-opts']).filter((option) => !option.startsWith('native.cgroupdriver=')),
      'native.cgroupdriver=systemd',
    ],
    ...(mirrors.length > 0 && { 'registry-mirrors': mirrors }),
    ...(insecure.length > 0 && {
      'insecure-registries': [...new Set([...strings(before['insecure-registries']), ...insecure])],
    }),
  };
  return mergeObjects({ ...before, ...own }, config);
}

const strings = (value: Json | undefined): readonly string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];

/** Docker checks the text before it is written, as far as it can (from 23.0 on). */
const trial = (content: string): Step => ({
  do: 'run',
  summary: 'have Docker check its configuration',
  stdin: content,
  script: sh`dockerd --help 2>&1 | grep -q -- --validate || exit 0
trial=$(mktemp)
cat >"$trial"
code=0
dockerd --validate --config-file "$trial" || code=$?
rm -f "$trial"
exit "$code"`,
});
