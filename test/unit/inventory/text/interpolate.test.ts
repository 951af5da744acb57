import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { interpolate } from '#inventory/text/interpolate.ts';

import { inventory, parse, problemsOf } from '../inventory-fixture.ts';

describe('reference', () => {
  test.each([
    ['${A}', 'a'],
    ['x${A}y${A}', 'xaya'],
    ['${NONE:-b}', 'b'],
    ['${EMPTY:-b}', 'b'],
    ['${EMPTY}', ''],
    ['${A:-b}', 'a'],
    ['${NONE:-}', ''],
    ['$${A}', '${A}'],
    ['$A $', '$A $'],
    ['${LOOKS}', '${A}'],
  ])('%s is %s', (text, value) => {
    const env = { A: 'a', EMPTY: '', LOOKS: '${A}' };
    expect(interpolate({ key: text }, env)).toMatchObject({ value: { key: value }, findings: [] });
  });

  test('in a key is left alone', () => {
    expect(interpolate({ '${A}': 1 }, { A: 'a' }).value).toEqual({ '${A}': 1 });
  });

  test('to nothing is told, with its place', async () => {
    expect(await problemsOf(inventory('cluster:', '  name: ${NAME}'))).toMatchInlineSnapshot(
      `"inventory.yaml:5:9: cluster.name: the environment variable NAME is not set"`,
    );
  });

  test.each(['${}', '${1A}', '${A', '${A-b}', '${A:b}'])('%s is refused', (text) => {
    expect(interpolate([text], { A: 'a' }).findings).toHaveLength(1);
  });
});

test('number and truth value may come from the environment', async () => {
  const text = inventory().replace(
    'role:',
    'port: "${PORT}", become: "${BECOME:-true}", gpu: "${GPU}", role:',
  );
  const { cluster } = await parse(text, { env: { PORT: '2222', GPU: 'auto' } });
  expect(cluster.hosts[0]).toMatchObject({ port: 2222, become: true, gpu: 'auto' });
});

test('value from the environment is not repeated in messages', async () => {
  const text = inventory().replace('role:', 'port: "${PORT}", role:');
  expect(await problemsOf(text, { env: { PORT: 'hunter2' } })).toMatchInlineSnapshot(
    `"inventory.yaml:3:43: hosts[0].port: must be an integer from 1 to 65535 (got "\${PORT}")"`,
  );
});

test('escaped text is what it was', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const escaped = text.replaceAll('${', '$$${');
      fc.pre(!text.includes('$${'));
      expect(interpolate(escaped, {}).value).toBe(text);
    }),
  );
});
