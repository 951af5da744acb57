import { criContradictions, criSettings, removedSettings } from '#catalog/containerd-contradictions.ts';
import {
  type ContainerdSettings,
  containerdConfig,
  containerdTables,
  importsIn,
} from '#configuration/containerd-config.ts';
import { containerdLosses } from '#configuration/containerd-losses.ts';
import { isSameToml, readToml } from '#configuration/toml.ts';
import type { JsonObject } from '#core/json.ts';
import { rememberLast } from '#core/remember-last.ts';
import { type Outcome, type Resource, deferred, noted, refused, resource } from '#core/resource.ts';
import { sh } from '#core/shell.ts';
import type { Step } from '#core/step.ts';
import { unknown } from '#core/unknown.ts';
import { type FileAnswer, fileContent } from '#facts/file.ts';
import { diffFile, isMarked, keepStep, keptNote, refuseUnreadable } from '#resources/files/diff-file.ts';
import {
  type PackageAnswers,
  type PackageFacts,
  type WantedPackage,
  packageFacts,
  packagesOn,
} from '#resources/packages/wanted-package.ts';

export const CONTAINERD_CONFIG_PATH = '/etc/containerd/config.toml';

export interface ContainerdConfigurationDefinition extends ContainerdSettings {
  /** Decides the form of the file. */
  readonly version: ContainerdVersion;
}

/** A version that is known already, or that of a package, which is known when the phase is done. */
export type ContainerdVersion = { readonly phase: string } & (
  | { readonly known: string }
  | { readonly packages: readonly [WantedPackage] }
);

/** What is to be asked for the version. */
export const versionFacts = (version: ContainerdVersion): PackageFacts =>
  packageFacts('known' in version ? [] : version.packages);

/** Null where it is not known yet. */
export function versionOf(version: ContainerdVersion, answers: PackageAnswers): string | null {
  if ('known' in version) return version.known;
  const looked = packagesOn(answers, version.packages);
  return 'answer' in looked ? null : (looked.found[0]?.to ?? null);
}

/**
 * containerd's configuration file, in the form that the version wants that is, or will be, installed. Of one that somebody
 * else has written the imports are kept; the plan names what goes, before the version is known as well.
 */
export const containerdConfiguration = (definition: ContainerdConfigurationDefinition): Resource => {
  const foundIn = rememberLast((text: string | null) => {
    const tables = readToml(text);
    const settings = { ...definition, imports: importsIn(tables) };
    const lost = tables && containerdLosses(tables, settings);
    return { settings, notes: lost === undefined ? [] : [lostNote(lost)] };
  });
  const made = rememberLast((version: string, settings: ContainerdSettings) => ({
    content: containerdConfig(version, settings),
    contradiction: faultOf(version, containerdTables(version, settings)),
  }));
  return resource({
    address: `file:${CONTAINERD_CONFIG_PATH}`,
    facts: { ...versionFacts(definition.version), found: fileContent(CONTAINERD_CONFIG_PATH) },
    diff: ({ found, ...answers }, { host }) => {
      // Of another that is not text there is a copy; what a link leads to is not looked at.
      const linked = found.type === 'link' ? refuseUnreadable(found, CONTAINERD_CONFIG_PATH) : undefined;
      if (linked !== undefined) return linked;
      const version = versionOf(definition.version, answers);
      const isForeign = found.type === 'file' && !isMarked(found.content ?? '');
      const { settings, notes } = foundIn(found.content);
      const lost = isForeign ? notes : [];
      if (version === null) {
        const waiting = deferred(
          { host, phase: definition.version.phase },
          'the version of containerd, which decides the form of its configuration',
          written(found, unknown('containerd is installed'), [perhapsKept]),
        );
        return lost.length === 0 ? waiting : noted(waiting, [keptNote(CONTAINERD_CONFIG_PATH), ...lost]);
      }
      const { content, contradiction } = made(version, settings);
      if (contradiction !== undefined) {
        return refused(
          'ContainerdConfig',
          contradiction,
          'mend runtime.config in the inventory; registries have a section of their own there',
        );
      }
      // nvidia-ctk writes the file anew, in its own order and without comments, to say the same.
      const isRight = isSameToml(found.content, content);
      const outcome = written(found, isRight ? (found.content ?? content) : content);
      return outcome.answer === 'change' ? noted(outcome, lost) : outcome;
    },
  });
};

/** What in the inventory keeps this containerd from starting, or is passed over by it. */
function faultOf(version: string, tables: JsonObject): string | undefined {
  const [contradiction] = criContradictions([{ name: 'runtime.config', cri: criSettings(tables) }]);
  const [removed] = removedSettings(version, tables);
  return contradiction ?? (removed && `runtime.config sets ${removed}`);
}

/** @param kept what is done first where nothing was there as the plan was made. */
function written(found: FileAnswer, content: string, kept: readonly Step[] = []): Outcome {
  const outcome = diffFile(found, { path: CONTAINERD_CONFIG_PATH, content });
  if (outcome.answer !== 'change') return outcome;
  const before = found.type === 'absent' ? kept : [];
  return { ...outcome, steps: [trial(content), ...before, ...outcome.steps] };
}

const perhapsKept: Step = { ...keepStep(CONTAINERD_CONFIG_PATH), onlyIf: 'its package brings one' };

const lostNote = (lost: string): string =>
  `these settings in ${CONTAINERD_CONFIG_PATH} go; write those that are to stay into the inventory, under runtime.config: ${lost}`;

/** containerd checks the text before it is written: a mistake in the inventory does not stop containerd. */
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
