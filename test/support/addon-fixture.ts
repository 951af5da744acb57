import { readFileSync } from 'node:fs';

import { parse } from 'yaml';

/**
 * What a new addon brings for its tests, in test/fixtures/addons: as much of its project's files as slipway changes or
 * waits for, written for these tests, with an image that every host has (`manifest.yaml`), and what an inventory may
 * say of it (`settings.yaml`). What slipway makes of them stands in `rendered.txt`.
 */
export interface AddonFixture {
  readonly manifest: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

export function addonFixture(name: string): AddonFixture {
  const read = (file: string): string =>
    readFileSync(new URL(`../fixtures/addons/${name}/${file}`, import.meta.url), 'utf8');
  return {
    manifest: read('manifest.yaml'),
    settings: parse(read('settings.yaml')) as AddonFixture['settings'],
  };
}
