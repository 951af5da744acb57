import fc from 'fast-check';

import type { JsonObject } from '#core/json.ts';

import type { HostModel, ModelFile, ModelUnit } from './host-model.ts';
import { identity } from './kubectl-model.ts';

export const moment = fc.integer({ min: 1, max: 100 });

/** A file of any of these texts, or none, with some mode and owner. */
export const fileAt = (
  path: string,
  ...contents: readonly string[]
): fc.Arbitrary<readonly (readonly [string, ModelFile])[]> =>
  fc
    .option(
      fc.record({
        content: fc.constantFrom(...contents),
        mode: fc.constantFrom('0644', '0600'),
        owner: fc.constantFrom('root:root', 'debian:debian'),
        writtenAt: moment,
      }),
    )
    .map((file) => (file === null ? [] : [[path, file]]));

/** A file that is there. */
export const thereAt = (path: string, ...contents: readonly string[]) =>
  fileAt(path, ...contents).filter((files) => files.length > 0);

export const filesOf = (
  ...files: readonly fc.Arbitrary<readonly (readonly [string, ModelFile])[]>[]
): fc.Arbitrary<Map<string, ModelFile>> => fc.tuple(...files).map((entries) => new Map(entries.flat()));

export const anyUnit: fc.Arbitrary<ModelUnit> = fc.record({
  isThere: fc.constant(true),
  isMasked: fc.boolean(),
  isEnabled: fc.boolean(),
  isActive: fc.boolean(),
  needsReload: fc.boolean(),
  startedAt: moment,
});

/** With nothing on it. */
export const bareHost = (): HostModel => ({
  now: 1000,
  files: new Map(),
  sysctls: new Map(),
  modules: new Set(),
  swaps: [],
  swapUnits: new Set(),
  units: new Map(),
  packages: new Map(),
  offered: new Map(),
  isIndexed: true,
  published: new Map(),
  altered: new Map(),
  secrets: new Map(),
  cluster: new Map(),
  manifests: [],
});

/** A bare host, but for what is said of it. */
export const hostWith = (parts: {
  readonly [Name in keyof HostModel]?: fc.Arbitrary<HostModel[Name]>;
}): fc.Arbitrary<HostModel> =>
  fc.record(parts as Record<string, fc.Arbitrary<unknown>>).map((given) => ({ ...bareHost(), ...given }));

/** Each object may be there or not. */
export const someObjects = (...objects: readonly JsonObject[]): fc.Arbitrary<readonly JsonObject[]> =>
  fc.subarray([...objects]);

export const clusterOf = (
  ...parts: readonly fc.Arbitrary<readonly JsonObject[]>[]
): fc.Arbitrary<Map<string, JsonObject>> =>
  fc.tuple(...parts).map((lists) => new Map(lists.flat().map((object) => [identity(object), object])));
