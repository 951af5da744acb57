import type { ExtraVolume } from '#core/kubernetes.ts';
import { type ComponentName, kubeadmMounts, namedPaths } from '#catalog/component-paths.ts';
import type { Program } from '#catalog/kubernetes-settings.ts';
import {
  flag,
  list,
  map,
  oneOf,
  required,
  type Schema,
  text,
  type TextMap,
  type ValidPart,
} from '#core/schema.ts';
import { flagPairs } from '#core/flags.ts';
import type { ValidationContext } from '#inventory/section.ts';
import { type Finding, isFirstAtPath, type Path, quoteValue } from '#inventory/text/problem.ts';
import { flagFindings, withoutFaults, type WrittenFlags } from '#inventory/values/flag-finding.ts';

const absolutePath = (description: string, example: string) =>
  required(text(description, { wanted: 'an absolute path', pattern: '^/', examples: [example] }));

/** @see https://kubernetes.io/docs/reference/config-api/kubeadm-config.v1beta4/#kubeadm-k8s-io-v1beta4-HostPathMount (v1.34) */
export const extraVolumes = (program: string): Schema<readonly ExtraVolume[]> =>
  list(
    map(
      {
        name: required(
          text('The name of the volume.', {
            wanted: 'lower-case letters, digits and -',
            pattern: '^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$',
            examples: ['audit'],
          }),
        ),
        hostPath: absolutePath('What of the host is mounted.', '/etc/kubernetes/audit'),
        mountPath: absolutePath('Where it is for the program.', '/etc/kubernetes/audit'),
        readOnly: flag('Whether the program may not write there.', { default: false }),
        pathType: oneOf(
          ['File', 'FileOrCreate', 'Directory', 'DirectoryOrCreate'],
          'What has to be there, or is made.',
        ),
      },
      'A file or directory of the control planes.',
    ),
    `Files and directories of the control planes that ${program} is to see beside those that kubeadm mounts.`,
    { wanted: 'a list of volumes' },
  );

interface Written {
  readonly extraArgs?: WrittenFlags;
  readonly extraVolumes?: readonly (ValidPart<ExtraVolume> | null)[];
  /** Of etcd. */
  readonly dataDir?: string;
}

const isWhole = (volume: ValidPart<ExtraVolume> | null): volume is ExtraVolume =>
  volume?.name !== undefined && volume.hostPath !== undefined && volume.mountPath !== undefined;

/** What is wrong with the flags of a component, and with the files that they and its volumes name. */
export const componentFindings =
  (name: ComponentName, program: Program, reserved: TextMap = {}) =>
  (written: Written = {}, { document }: ValidationContext, path: Path): readonly Finding[] => [
    ...flagFindings(written.extraArgs, [...path, 'extraArgs'], {
      program,
      version: document.kubernetes?.version,
      reserved,
    }),
    ...pathFindings(name, written, path),
  ];

/** Flags that name files which the program's pod would not see, and names of volumes that stand twice. */
function pathFindings(
  name: ComponentName,
  { extraArgs: writtenArgs, extraVolumes: written = [], ...settings }: Written,
  path: Path,
): readonly Finding[] {
  const extraArgs = withoutFaults(writtenArgs);
  const volumes = written.filter(isWhole);
  const names = new Set<string>();
  return [
    ...flagPairs(extraArgs).flatMap(([flagName, value]): readonly Finding[] => {
      if (!/-(ca|cert|key)?file$/.test(flagName) || /^(\/|-?$)/.test(value)) return [];
      const at = [...path, 'extraArgs', flagName];
      return [{ path: at, message: 'must be an absolute path', got: quoteValue(value) }];
    }),
    ...namedPaths(name, { extraArgs, extraVolumes: volumes, ...settings })
      .flatMap((named): readonly Finding[] => {
        const at = { path: [...path, 'extraArgs', named.flag], got: quoteValue(named.path) };
        if (named.mount === undefined) return [{ ...at, message: unseen(name, settings) }];
        if (!named.isWritten || !named.mount.isReadOnly) return [];
        return [{ ...at, message: `is mounted read-only at ${named.mount.mountPath}, and is written to` }];
      })
      .filter(isFirstAtPath()),
    ...written.flatMap((volume, index) => {
      if (volume?.name === undefined || !names.has(volume.name)) {
        if (volume?.name !== undefined) names.add(volume.name);
        return [];
      }
      const at = [...path, 'extraVolumes', index, 'name'];
      return [{ path: at, message: 'is the name of another volume', got: quoteValue(volume.name) }];
    }),
  ];
}

/** etcd's pod takes no other volumes. */
function unseen(name: ComponentName, settings: Pick<Written, 'dataDir'>): string {
  const seen = kubeadmMounts(name, settings)
    .map(({ mountPath }) => mountPath)
    .join(', ');
  const fault = `is not seen by its pod, which has of the host only ${seen}`;
  return name === 'etcd' ? fault : `${fault}: mount it with ${name}.extraVolumes`;
}
