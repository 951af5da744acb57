import type { Host } from '#core/cluster.ts';
import { type Accepted, eitherOf, integer, map, mapOf, oneOf } from '#core/schema.ts';
import type { Section, ValidationContext, ValidDocument } from '#inventory/section.ts';
import {
  buildSharing,
  MIG_STRATEGIES,
  MPS_WITH_MIG,
  pluginOf,
  sharingFindings,
  sharingSchema,
  splitSettings,
} from '#inventory/sections/gpu/device-plugin.ts';
import { type Finding, isFirstAtPath, meaningless, type Path } from '#inventory/text/problem.ts';
import { CONFIG_LABEL } from '#core/gpu-labels.ts';

import type { HostContext } from './expand-hosts.ts';

const schema = map(
  {
    migStrategy: oneOf(MIG_STRATEGIES, 'As gpu.devicePlugin.migStrategy, for these hosts.'),
    sharing: eitherOf(
      [oneOf(['none'], 'A GPU belongs to one container at a time.'), sharingSchema],
      'As gpu.sharing, for these hosts; none: a GPU belongs to one container at a time.',
      { wanted: 'a map, or none', examples: [{ timeSlicing: { replicas: 4 } }] },
    ),
    migDevices: eitherOf(
      [
        oneOf(['none'], 'GPUs are whole, without MIG.'),
        mapOf(
          integer('How many of it.', { minimum: 1, maximum: 8 }),
          'How many devices of each profile every GPU is cut into.',
          { wanted: 'a map of profiles' },
        ),
      ],
      'What every GPU of these hosts is cut into, now and after each boot, by nvidia-smi; none: whole GPUs. By default cutting them is yours.',
      { wanted: 'a map of profiles, or none', examples: [{ '3g.40gb': 1, '1g.10gb': 4 }] },
    ),
    hami: map(splitSettings, 'As the same keys of gpu.hami, for these hosts.'),
  },
  "How the GPUs of these hosts are handed out, where it is otherwise than gpu says; each key over the same one of the group and of the defaults. The device plugin's configuration is then chosen by a label of the node.",
);

export type GpuDevicesDocument = Accepted<typeof schema>;

/** What a host says of its GPUs for itself. */
export const gpuDevices: Section<typeof schema, Pick<Host, 'gpuDevices'>, HostContext> = {
  schema,
  validate: (written, { document }, path) => {
    if (written === undefined) return [];
    const { type } = pluginOf(document);
    const { migDevices, sharing } = written;
    return [
      ...(migDevices === undefined || migDevices === 'none'
        ? []
        : profileFindings(migDevices, [...path, 'migDevices'])),
      ...(written.migDevices !== undefined && document.gpu?.toolkit === 'none'
        ? [meaningless([...path, 'migDevices'], 'with gpu.toolkit: none')]
        : []),
      ...OF_TYPE[type]
        .filter((key) => written[key] !== undefined)
        .map((key) => meaningless([...path, key], `with gpu.devicePlugin.type: ${type}`)),
      ...(sharing === undefined || sharing === 'none' ? [] : sharingFindings(sharing, [...path, 'sharing'])),
    ];
  },
  build: (written = {}) => {
    const { migDevices, migStrategy, sharing, hami = {} } = written;
    const own = {
      ...(migStrategy !== undefined && { migStrategy }),
      ...(sharing !== undefined && { sharing: sharing === 'none' ? null : (buildSharing(sharing) ?? null) }),
      ...(migDevices !== undefined && { migDevices: migDevices === 'none' ? {} : migDevices }),
      ...hami,
    };
    return Object.keys(own).length === 0 ? {} : { gpuDevices: own };
  },
};

/** Keys that say nothing to a device plugin. */
const OF_TYPE = {
  nvidia: ['hami'],
  hami: ['migDevices', 'migStrategy', 'sharing'],
  none: ['migStrategy', 'sharing', 'hami'],
} as const;

/** Of devices that are cut once more, `1c.3g.40gb`, the device plugin knows nothing. */
const PROFILE = /^[1-9]g\.\d+gb(\+[a-z]+(\.[a-z]+)?|-me)?$/;

const profileFindings = (written: Readonly<Record<string, number>>, path: Path): readonly Finding[] =>
  Object.keys(written).length === 0
    ? [{ path, message: 'names no profile: write none for whole GPUs' }]
    : Object.keys(written)
        .filter((profile) => !PROFILE.test(profile))
        .map((profile) => ({
          path: [...path, profile],
          isKey: true,
          message: `"${profile}" is no profile of MIG devices such as 1g.10gb, which nvidia-smi mig -lgip lists`,
        }));

/** What of hosts, groups and defaults is wrong together. */
export function gpuDevicesFindings({ document, hosts }: ValidationContext, path: Path): readonly Finding[] {
  return hosts
    .flatMap(({ entry, settings }): readonly Finding[] => {
      const { gpuDevices: own, gpu = document.gpu === undefined ? false : 'auto', labels } = settings;
      const at = (key: string): Path => [...path, entry, key];
      if (own !== undefined && gpu === false) {
        const why = document.gpu === undefined ? 'without a gpu section, or gpu: true' : 'with gpu: false';
        return [meaningless(at('gpuDevices'), `${why}: the host has no GPUs for containers`)];
      }
      return [
        ...strategyFindings(document, own, at('gpuDevices')),
        ...(isMpsOnMig(document, own) ? [{ path: at('gpuDevices'), message: MPS_WITH_MIG }] : []),
        ...(gpu !== false && pluginOf(document).type === 'nvidia' && labels?.[CONFIG_LABEL] !== undefined
          ? [{ path: at('labels'), message: `${CONFIG_LABEL} is set by slipway: use gpuDevices` }]
          : []),
      ];
    })
    .filter(isFirstAtPath());
}

/** Only where the host has a part in it: what the cluster says is judged where it says so. */
function isMpsOnMig(document: ValidDocument, own: GpuDevicesDocument | undefined): boolean {
  if (own?.sharing === undefined && own?.migStrategy === undefined) return false;
  const { type, migStrategy } = pluginOf(document);
  const sharing = own.sharing ?? document.gpu?.sharing;
  const isMps = sharing !== undefined && sharing !== 'none' && sharing.mps !== undefined;
  return type === 'nvidia' && isMps && (own.migStrategy ?? migStrategy) !== 'none';
}

/** MIG devices that nobody would be offered. */
function strategyFindings(
  document: ValidDocument,
  own: GpuDevicesDocument | undefined,
  path: Path,
): readonly Finding[] {
  const { type, migStrategy } = pluginOf(document);
  if (own?.migDevices === undefined || own.migDevices === 'none' || type !== 'nvidia') return [];
  const strategy = own.migStrategy ?? migStrategy;
  const profiles = Object.keys(own.migDevices);
  if (strategy === 'none') {
    return [{ path, message: 'migDevices are offered to nobody without migStrategy: single or mixed' }];
  }
  return strategy === 'single' && profiles.length > 1
    ? [{ path, message: `migStrategy: single wants one profile, and there are ${profiles.join(', ')}` }]
    : [];
}
