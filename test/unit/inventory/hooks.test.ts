import { describe, expect, it } from 'vitest';

import { inventory, parse, problemsOf } from './inventory-fixture.ts';

const hooks = (...written: readonly string[]): string =>
  inventory('hooks:', ...written.map((one) => `  - { ${one} }`));

describe('hooks', () => {
  it('are programs for hosts, with every default', async () => {
    const { cluster } = await parse(hooks('name: a, before: runtime, command: "systemctl stop x"'));
    expect(cluster.hooks).toEqual([
      {
        name: 'a',
        phase: 'runtime',
        place: 'before',
        runsOn: 'hosts',
        hosts: ['cp1'],
        program: { text: '#!/bin/sh\nset -eu\nsystemctl stop x\n' },
        runs: 'changed',
        environment: {},
        timeoutMs: 60_000,
      },
    ]);
  });

  it('are files, on hosts that are selected, under a condition', async () => {
    const { cluster } = await parse(
      hooks(
        'name: a, after: kubelet, script: hooks/a.sh, hosts: ["role:worker", cp1], creates: /x, timeout: 5',
      ),
    ).catch((error: Error) => ({ cluster: { hooks: error.message } }));
    expect(cluster.hooks).toContain('hooks[0].hosts[0]: stands for no host of the inventory');
    const one = await parse(hooks('name: a, after: kubelet, script: hooks/a.sh, creates: /x, timeout: 5'));
    expect(one.cluster.hooks).toMatchObject([
      {
        place: 'after',
        program: { localFile: '/etc/lab/hooks/a.sh' },
        runs: { creates: '/x' },
        timeoutMs: 5000,
      },
    ]);
  });

  it('run on the controller where they say so', async () => {
    const { cluster } = await parse(hooks('name: a, after: join, runsOn: controller, command: x'));
    expect(cluster.hooks).toMatchObject([{ runsOn: 'controller', hosts: ['cp1'] }]);
  });

  it.each([
    ['name: a, before: swap, command: x, runsOn: here', '5:50: hooks[0].runsOn: must be hosts or controller'],
    ['before: runtime, command: x', '5:5: hooks[0]: the key "name" is missing'],
    ['name: a, command: x', '5:5: hooks[0]: has neither before nor after: one of them must be there'],
    ['name: a, before: swap', '5:5: hooks[0]: has neither command nor script: one of them must be there'],
    [
      'name: a, before: swap, after: swap, command: x',
      '5:30: hooks[0]: "after" has no meaning beside before',
    ],
    ['name: a, before: swp, command: x', '5:24: hooks[0].before: must be swap, kernel,'],
    [
      'name: A b, before: swap, command: x',
      '5:13: hooks[0].name: must be lower-case letters, digits and hyphens',
    ],
    [
      'name: a, before: swap, command: x, run: once, unless: y',
      '5:53: hooks[0]: "unless" has no meaning beside run',
    ],
    [
      'name: a, before: swap, command: x, environment: {A-B: c}',
      '5:56: hooks[0].environment: is no name of a variable',
    ],
    [
      'name: a, before: swap, command: x, environment: {SLIPWAY_HOST: c}',
      '5:56: hooks[0].environment: is set by slipway',
    ],
    [
      'name: a, before: swap, command: x, hosts: [w9]',
      '5:50: hooks[0].hosts[0]: stands for no host of the inventory',
    ],
  ])('%s is refused', async (written, problem) => {
    const problems = await problemsOf(hooks(written));
    expect(problems.slice(0, problem.length + 15)).toBe(`inventory.yaml:${problem}`);
  });

  it('of the same name are refused', async () => {
    const one = 'name: a, before: swap, command: x';
    expect(await problemsOf(hooks(one, one))).toBe(
      'inventory.yaml:6:13: hooks[1].name: another hook is called a',
    );
  });
});
