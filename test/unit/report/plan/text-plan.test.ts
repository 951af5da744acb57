import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';

import { differs, none, type Outcome } from '#core/resource.ts';
import { renderTextPlan } from '#report/plan/text-plan.ts';
import {
  converged,
  file,
  nodesOf,
  planOf,
  sysctl,
  threeHosts,
  troubled,
  twoHundredHosts,
} from './fixture-plan.ts';

const plain = { color: false, verbose: false, width: 100 };

describe('text plan', () => {
  test.each([
    ['three-hosts', threeHosts(), plain],
    ['three-hosts-narrow', threeHosts(), { ...plain, width: 60 }],
    ['three-hosts-verbose', threeHosts(), { ...plain, verbose: true, hasShell: true }],
    ['troubled', troubled(), plain],
    ['two-hundred-hosts', twoHundredHosts(), plain],
    ['converged-verbose', converged(), { ...plain, verbose: true }],
  ])('%s reads as its golden', async (name, plan, options) => {
    await expect(renderTextPlan(plan, options)).toMatchFileSnapshot(`__snapshots__/plan-${name}.txt`);
  });

  test('with nothing to do is one line', () => {
    expect(renderTextPlan(converged(), plain)).toBe(
      'No changes. 64 resources on 3 hosts are as the inventory says.\n',
    );
  });

  test('names hosts with nothing to do in one line', () => {
    const { nodes, hosts } = threeHosts();
    const partly = planOf(
      hosts,
      nodes.map((node) =>
        node.host === 'cp1' ? node : { ...node, outcome: { answer: 'none', why: 'it is right' } },
      ),
    );
    const text = renderTextPlan(partly, plain);
    expect(text).toContain('\nNothing to do on gpu01, gpu02 (2 hosts, 44 already right)\n');
    expect(renderTextPlan(partly, { ...plain, verbose: true })).toContain('gpu01, gpu02 (2 hosts');
  });

  test('ends with the counts, and names what is refused or unreachable only when there is some', () => {
    expect(renderTextPlan(threeHosts(), plain)).toMatch(
      /\nPlan: 38 to change, 5 not known yet, 21 already right on 3 hosts\n$/,
    );
    expect(renderTextPlan(troubled(), plain)).toMatch(
      /\n\nPlan: 1 to change, 1 already right on 3 hosts, 3 refused, 1 unreachable\n$/,
    );
  });

  test.each([60, 80, 100, 132])(
    'has no line over %i columns but lines of a file and the summary',
    (width) => {
      for (const plan of [threeHosts(), twoHundredHosts()]) {
        const lines = renderTextPlan(plan, { ...plain, width }).split('\n');
        const long = lines.filter((line) => line.length > width && !/^( {10}[ +@-]|Plan: )/.test(line));
        expect(long).toEqual([]);
      }
    },
  );

  test('says the same with colour and without', () => {
    const colored = renderTextPlan(troubled(), { ...plain, color: true });
    expect(colored).toContain('\u001b[');
    expect(stripVTControlCharacters(colored)).toBe(renderTextPlan(troubled(), plain));
  });

  test('keeps 200 hosts within a few screens', () => {
    expect(renderTextPlan(twoHundredHosts(), plain).split('\n').length).toBeLessThan(150);
  });

  test('shows a value that differs on one host of many, and where', () => {
    const text = renderTextPlan(twoHundredHosts(), plain);
    expect(text).toContain('on gpu077:\n          stored: (none) -> 1, live value: 2 -> 1');
  });

  test('folds many values of one resource, and shows all of them when asked', () => {
    const hosts = Array.from({ length: 9 }, (_, index) => `w${index + 1}`);
    const plan = planOf(
      hosts.map((name) => ({ name })),
      hosts.flatMap((host, index) =>
        nodesOf(host, [
          [
            'kernel',
            'sysctl:vm.swappiness',
            { answer: 'change', differences: differs('live value', String(index + 10), '1'), steps: [] },
          ],
        ]),
      ),
    );
    expect(renderTextPlan(plan, plain)).toContain('... on 6 more hosts (-v shows all)');
    const whole = renderTextPlan(plan, { ...plain, verbose: true });
    for (const index of hosts.keys()) expect(whole).toContain(`live value: ${index + 10} -> 1`);
  });

  test('says of a change without a step that it is only waited for', () => {
    const outcome: Outcome = { answer: 'change', differences: differs('ready', false, true), steps: [] };
    const plan = planOf([{ name: 'cp1' }], nodesOf('cp1', [['join', 'node-ready:cp1', outcome]]));
    expect(renderTextPlan(plan, plain)).toContain(
      '    ~ node-ready:cp1  ready: false -> true, only waited for\n',
    );
  });

  test('shows one value that several hosts have, and are called by, as what it is', () => {
    const plan = planOf(
      [{ name: '1' }, { name: '2' }],
      ['1', '2'].flatMap((host) => nodesOf(host, [sysctl('vm.swappiness', '2')])),
    );
    expect(renderTextPlan(plan, plain)).toContain(
      '1, 2 (2 hosts, the same changes)\n  kernel\n    ~ sysctl:vm.swappiness  stored: (none) -> 1, live value: 2 -> 1\n',
    );
  });

  test('does not take a long file for another that begins like it', () => {
    const long = 'line\n'.repeat(30);
    const plan = planOf(
      [{ name: 'cp1' }, { name: 'gpu01' }],
      [
        ...nodesOf('cp1', [
          ['kernel', 'file:/etc/x', file('/etc/x', `${long}a\n`)],
          ['join', 'y', none('right')],
        ]),
        ...nodesOf('gpu01', [['kernel', 'file:/etc/x', file('/etc/x', `${long}b\n`)]]),
      ],
    );
    expect(renderTextPlan(plan, plain)).not.toContain('content as on cp1');
  });

  test('writes out what would steer the terminal', () => {
    const plan = planOf(
      [{ name: 'cp1' }],
      nodesOf('cp1', [
        [
          'kernel',
          'file:/etc/motd',
          {
            answer: 'change',
            differences: differs('content', 'a\n\u001b[2Jb\n', 'a\n'),
            steps: [],
          },
        ],
      ]),
    );
    expect(renderTextPlan(plan, plain)).toContain('-^[[2Jb');
  });
});
