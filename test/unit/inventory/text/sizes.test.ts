import { describe, expect, test } from 'vitest';

import { host, inventory, kubernetes, parse, problemsOf } from '../inventory-fixture.ts';

/** Of the thread, so that it is the same beside other work; what is quadratic takes minutes. */
const SECONDS = 5;

const many = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n');

async function withinSeconds<T>(work: () => Promise<T>): Promise<T> {
  const before = process.threadCpuUsage();
  const result = await work();
  expect(process.threadCpuUsage(before).user / 1e6).toBeLessThan(SECONDS);
  return result;
}

describe('an inventory of any size is judged within seconds', { timeout: 120_000 }, () => {
  test.each<[string, string]>([
    [
      'of too many bytes',
      inventory(
        'defaults:',
        '  labels:',
        many(600_000, (n) => `    l${n}: v`),
      ),
    ],
    ['with one huge text', inventory(`cluster: {name: ${'x'.repeat(5_000_000)}}`)],
    ['nested deep in flow style', inventory(`runtime: {config: ${'{a: '.repeat(5000)}1${'}'.repeat(5001)}`)],
    ['nested deep in lists', inventory(`runtime: {config: ${'['.repeat(200)}${']'.repeat(200)}}`)],
    [
      'nested deep in block style',
      inventory(
        'runtime:',
        many(1500, (n) => `${' '.repeat(n + 1)}k${n}:`),
      ),
    ],
    ['whose group and hosts multiply', inventory(...multiplying())],
    ['with ranges that multiply', inventory(many(30, (n) => `  - {name: "h${n}-[1:5000]"}`))],
    ['with an anchor that many refer to', inventory(...manyAliases())],
    ['that begins with quotes', `${'"'.repeat(40_000)}\n${inventory()}`],
    ['with a value of quotes', host('labels: {}').replace('w1', "'".repeat(100_001))],
    ['with a line of maps', `${'{}'.repeat(20_000)}\n${inventory()}`],
    ['with one endless bracket', host('labels: {}').replace('w1', '['.repeat(100_000))],
  ])('%s', async (_, text) => {
    const problems = await withinSeconds(() => problemsOf(text));
    expect(problems.replaceAll(/:\d+:\d+: (?=nested)/g, ': ')).toMatchSnapshot();
  });

  test.each<[string, string]>([
    [
      'wrong labels',
      inventory(
        'defaults:',
        '  labels:',
        many(10_000, (n) => `    l${n}: ${n}`),
      ),
    ],
    ['unknown keys', inventory(many(10_000, (n) => `k${n}: 1`))],
    ['keys that stand twice', inventory(many(20_000, () => 'k: 1'))],
    [
      'taints that are none',
      inventory(
        'defaults:',
        '  taints:',
        many(5000, () => '    - {key: a, effect: x}'),
      ),
    ],
    [
      'unknown groups',
      inventory(
        many(1000, (n) => `  - {name: w${n}, group: g${n}x}`),
        'groups:',
        many(1000, (n) => `  g${n}: {}`),
      ),
    ],
    ['hosts that are one', inventory(many(3000, () => '  - {name: w, address: 10.0.0.12}'))],
    ['faults of YAML', inventory(many(10_000, (n) => `k${n} v`))],
  ])('many %s', async (_, text) => {
    const lines = (await withinSeconds(() => problemsOf(text))).split('\n');
    expect(lines.length).toBeLessThanOrEqual(501);
    expect(lines.at(-1)).toMatch(lines.length > 500 ? /^and \d+ more$/ : /^inventory\.yaml:/);
  });

  test.each<[string, string]>([
    [
      'labels',
      inventory(
        'defaults:',
        '  labels:',
        many(20_000, (n) => `    l${n}: v`),
      ),
    ],
    ['hosts', inventory(many(9999, (n) => `  - {name: w${n}}`))],
    [
      'manifests',
      inventory(
        'addons:',
        '  manifests:',
        many(5000, (n) => `    - {name: m${n}, path: a}`),
      ),
    ],
    [
      'anchors',
      inventory(
        'defaults:',
        '  labels:',
        many(8000, (n) => `    l${n}: &a${n} v\n    m${n}: *a${n}`),
      ),
    ],
  ])('many %s are fine', async (_, text) => {
    const { cluster } = await withinSeconds(() => parse(text));
    expect(cluster.hosts.length).toBeGreaterThan(0);
  });

  test.each([
    ['flags', `apiServer: {extraArgs: {${many(10_000, (n) => ` f${n}: x,`)} }}`],
    ['fields', `kubelet: {${many(10_000, (n) => ` f${n}: x,`)} }`],
    ['gates', `kubelet: {featureGates: {${many(10_000, (n) => ` F${n}: true,`)} }}`],
  ])('many %s that nobody knows are named as quickly', async (_, text) => {
    const problems = await withinSeconds(() => problemsOf(kubernetes(text)));
    expect(problems).toContain('in Kubernetes 1.34');
  });
});

function multiplying(): readonly string[] {
  return [
    many(2000, (n) => `  - {name: w${n}, labels: {a: b}}`),
    'defaults:',
    '  labels:',
    many(10_000, (n) => `    l${n}: v`),
  ];
}

function manyAliases(): readonly string[] {
  const list = `[${'x,'.repeat(10_000)}]`;
  return [`x-list: &list ${list}`, 'runtime:', '  config:', many(5000, (n) => `    k${n}: *list`)];
}

test('a key without end is neither looked through for each misspelt one, nor repeated in full', async () => {
  const problems = await withinSeconds(() => problemsOf(inventory(...misspelt())));
  const lines = problems.split('\n');
  expect(lines).toHaveLength(60);
  for (const line of lines) expect(line.length).toBeLessThan(2100);
});

/** Each is looked up among the known ones. */
function misspelt(): readonly string[] {
  const words = many(60, (n) => `  - {name: w${n}, address: 10.1.1.${n}, group: ${'g'.repeat(80)}${n}}`);
  return [words, 'groups:', `  ? ${'a'.repeat(400_000)}`, '  : {}'];
}
