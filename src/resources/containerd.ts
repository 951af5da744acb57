import { type PhaseRef, type Resource, deferred, resource } from '#core/resource.ts';
import { sh } from '#core/shell.ts';
import type { Step } from '#core/step.ts';
import { fileContent } from '#facts/file.ts';
import { packageState, resolveVersion } from '#facts/package.ts';

import { type ContainerdSettings, containerdConfig } from './containerd-config.ts';
import { diffFile } from './file.ts';
import type { WantedPackage } from './wanted-package.ts';

export const CONTAINERD_CONFIG_PATH = '/etc/containerd/config.toml';

export interface ContainerdConfigurationDefinition extends ContainerdSettings {
  /** Its version decides the form of the file. */
  readonly package: WantedPackage;
  /** The phase that makes the version known. */
  readonly phase: PhaseRef;
}

/** containerd's configuration file, in the form that the version wants that is, or will be, installed. */
export const containerdConfiguration = (definition: ContainerdConfigurationDefinition): Resource => {
  const { name, version: wanted } = definition.package;
  return resource({
    address: `file:${CONTAINERD_CONFIG_PATH}`,
    facts: { package: packageState(name, wanted), found: fileContent(CONTAINERD_CONFIG_PATH) },
    diff: ({ package: answer, found }) => {
      const version = resolveVersion(answer, wanted);
      if (version === null)
        return deferred(
          definition.phase,
          'the version of containerd, which decides the form of its configuration',
        );
      const content = containerdConfig(version, definition);
      const outcome = diffFile(found, { path: CONTAINERD_CONFIG_PATH, content });
      return outcome.answer === 'change'
        ? { ...outcome, steps: [trial(content), ...outcome.steps] }
        : outcome;
    },
  });
};

/** containerd reads the file before it goes where a restart would find it: a slip in the inventory stops nothing. */
const trial = (content: string): Step => ({
  do: 'run',
  summary: 'have containerd check its configuration',
  stdin: content,
  script: sh`trial=$(mktemp)
cat >"$trial"
code=0
containerd --config "$trial" config dump >/dev/null || code=$?
rm -f "$trial"
exit "$code"`,
});
