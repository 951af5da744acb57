import { isSameDropIn, nvidiaDropIn, type NvidiaDropInSettings } from '#configuration/nvidia-drop-in.ts';
import { rememberLast } from '#core/remember-last.ts';
import { type Outcome, type Resource, deferred, refused, resource } from '#core/resource.ts';
import { hasUnknown, unknown } from '#core/unknown.ts';
import { type FileAnswer, fileContent } from '#facts/file.ts';
import { diffFile } from '#resources/files/diff-file.ts';
import { CONTAINERD_CONFIG_PATH } from '#resources/runtime/containerd-configuration.ts';

/** The file that nvidia-ctk writes too, so that there are not two files that differ. */
export const NVIDIA_DROP_IN_PATH = '/etc/containerd/conf.d/99-nvidia.toml';

export interface NvidiaContainerdDefinition extends NvidiaDropInSettings {
  /** The phase that writes containerd's own configuration, which this one goes by. */
  readonly phase: string;
}

/** containerd's NVIDIA runtime, in the file that nvidia-ctk would write, or has written. */
export const nvidiaContainerd = ({ phase, ...settings }: NvidiaContainerdDefinition): Resource => {
  const dropInFor = rememberLast((root: string) => nvidiaDropIn(root, settings));
  return resource({
    address: `file:${NVIDIA_DROP_IN_PATH}`,
    facts: { root: fileContent(CONTAINERD_CONFIG_PATH), found: fileContent(NVIDIA_DROP_IN_PATH) },
    restartOn: [`file:${CONTAINERD_CONFIG_PATH}`],
    diff: ({ root, found }, { changed, host, planned }) => {
      const isLater = root.content === null || changed.length > 0;
      const text = isLater ? planned?.(CONTAINERD_CONFIG_PATH) : root.content;
      const outcome =
        text === undefined || text === null || hasUnknown(text)
          ? diffFile(found, {
              path: NVIDIA_DROP_IN_PATH,
              content: unknown(`${CONTAINERD_CONFIG_PATH} is written`),
            })
          : dropIn(found, text, dropInFor(text));
      return isLater
        ? deferred(
            { host, phase },
            `${CONTAINERD_CONFIG_PATH}, whose options the NVIDIA runtime shares`,
            outcome,
          )
        : outcome;
    },
  });
};

function dropIn(found: FileAnswer, root: string, content: string | undefined): Outcome {
  if (content === undefined) {
    return refused(
      'ContainerdConfig',
      `${CONTAINERD_CONFIG_PATH} is not a configuration that takes drop-ins`,
      'let phase runtime write it',
    );
  }
  const isRight = isSameDropIn(root, found.content, content);
  return diffFile(found, {
    path: NVIDIA_DROP_IN_PATH,
    content: isRight ? (found.content ?? content) : content,
  });
}
