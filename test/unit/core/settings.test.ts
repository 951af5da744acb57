import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { JsonObject } from '#core/json.ts';
import { changeSettings, settingsDifferences } from '#core/settings.ts';

const leaf = fc.oneof(fc.integer(), fc.boolean(), fc.string(), fc.array(fc.integer(), { maxLength: 2 }));
const key = fc.constantFrom('a', 'b', 'c', 'memory.available');
const settings: fc.Arbitrary<JsonObject> = fc.dictionary(
  key,
  fc.oneof(leaf, fc.dictionary(key, leaf, { minKeys: 1 })),
);

describe('settings', () => {
  it.each<[string, JsonObject, JsonObject, JsonObject, JsonObject]>([
    ['keep what others set', { a: 1, b: 2 }, {}, { a: 3 }, { a: 3, b: 2 }],
    ['lose what was set before', { a: 1, b: 2 }, { b: 2 }, { a: 1 }, { a: 1 }],
    ['are merged map by map', { m: { x: 1, y: 2 } }, {}, { m: { x: 3 } }, { m: { x: 3, y: 2 } }],
    ['lose a map with its last key', { m: { x: 1 } }, { m: { x: 1 } }, {}, {}],
    ['keep a map in which others have a key', { m: { x: 1, y: 2 } }, { m: { x: 1 } }, {}, { m: { y: 2 } }],
    ['have lists as a whole', { l: [1, 2] }, {}, { l: [3] }, { l: [3] }],
  ])('%s', (_, current, previous, wanted, result) => {
    expect(changeSettings({ current, previous, wanted })).toEqual(result);
  });

  it('go back to what holds without them', () => {
    const change = {
      current: { maxPods: 50 },
      previous: { maxPods: 50 },
      wanted: {},
      base: { maxPods: 200 },
    };
    expect(changeSettings(change)).toEqual({ maxPods: 200 });
  });

  it('have nothing left to change once they are changed', () => {
    fc.assert(
      fc.property(settings, settings, settings, settings, (current, previous, wanted, base) => {
        const once = changeSettings({ current, previous, wanted, base });
        const twice = changeSettings({ current: once, previous: wanted, wanted, base });
        expect(settingsDifferences(once, twice)).toEqual([]);
      }),
    );
  });

  it('have everything that is wanted', () => {
    fc.assert(
      fc.property(settings, settings, settings, (current, previous, wanted) => {
        expect(changeSettings({ current, previous, wanted })).toMatchObject(wanted);
      }),
    );
  });

  it('differ leaf by leaf', () => {
    expect(settingsDifferences({ a: { x: 1 }, b: 1 }, { a: { x: 2 }, c: [1] })).toEqual([
      { what: 'a.x', from: 1, to: 2 },
      { what: 'b', from: 1, to: null },
      { what: 'c', from: null, to: [1] },
    ]);
  });
});
