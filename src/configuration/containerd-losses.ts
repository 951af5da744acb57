import type { Json, JsonObject } from '#core/json.ts';
import { settingsDifferences } from '#core/settings.ts';

import { type ContainerdSettings, containerdTables, VERSION_OF_FORMAT } from './containerd-config.ts';

/** What "containerd config default" says of what nobody has set. */
const DEFAULTS: Readonly<Record<string, Json>> = {
  root: '/var/lib/containerd',
  state: '/run/containerd',
  'grpc.address': '/run/containerd/containerd.sock',
};

const SHOWN = 12;

/**
 * The settings of a configuration that slipway's would do away with, in words: `root = "/data", and 3 more`; undefined
 * where there are none. They are compared in the format of that file, so that the version need not be known.
 */
export function containerdLosses(before: JsonObject, settings: ContainerdSettings): string | undefined {
  const { imports: _, version, ...tables } = before;
  const {
    imports: __,
    version: ___,
    ...wanted
  } = containerdTables(VERSION_OF_FORMAT[Number(version)] ?? '1.7', settings);
  const lost = settingsDifferences(tables, wanted)
    .filter(({ what, from }) => from !== null && !isNothing(from) && DEFAULTS[what] !== from)
    .map(({ what, from, to }) => ({ text: `${what} = ${JSON.stringify(from)}`, isGone: to === null }))
    .toSorted((left, right) => Number(right.isGone) - Number(left.isGone))
    .map(({ text }) => text);
  if (lost.length === 0) return undefined;
  const more = lost.length - SHOWN;
  return [...lost.slice(0, SHOWN), ...(more > 0 ? [`and ${more} more`] : [])].join(', ');
}

/** What containerd's own "config default" writes where nothing is set. */
const isNothing = (value: Json): boolean =>
  [0, '', false, '0s'].some((one) => one === value) ||
  JSON.stringify(value) === '[]' ||
  JSON.stringify(value) === '{}';
