import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { scratchDirectory } from '../support/scratch-directory.ts';
import { fakeCli } from './fake-cli.ts';
import { pending } from './fixture-plans.ts';

describe('usage', () => {
  test.each([
    [['plna'], "Error: unknown command 'plna'\nHint: did you mean plan?\n"],
    [['plan', '--limt', 'x'], "Error: unknown option '--limt'\nHint: did you mean --limit?\n"],
    [
      ['completion'],
      "Error: missing required argument 'shell'\nHint: slipway completion --help explains it\n",
    ],
    [
      ['plan', '--concurrency', '0'],
      "Error: option '--concurrency <count>' argument '0' is invalid. It must be a whole number above 0.\n" +
        'Hint: slipway plan --help explains it\n',
    ],
    [
      ['plan', '--offline', '--facts', 'x'],
      "Error: option '--offline' cannot be used with option '--facts <file>'\n" +
        'Hint: slipway plan --help explains it\n',
    ],
  ])('%j is refused with what to do instead', async (argv, stderr) => {
    expect(await fakeCli(argv)).toMatchObject({ code: 3, stdout: '', stderr });
  });

  test.each([
    [['destroy'], "Error: unknown command 'destroy'\nHint: slipway reset does that\n"],
    [['drain'], "Error: unknown command 'drain'\nHint: slipway remove NODE does that\n"],
    [['up'], "Error: unknown command 'up'\nHint: slipway apply does that\n"],
    [
      ['plan', '--dry-run'],
      "Error: unknown option '--dry-run'\nHint: slipway plan shows what would be done, and changes nothing\n",
    ],
    [
      ['plan', '-var', 'a=b'],
      "Error: unknown option '--var'\nHint: an inventory has ${NAME} for variables of the environment\n",
    ],
    // What others call by these names, the command has not.
    [['validate', '-y'], "Error: unknown option '-y'\nHint: slipway validate --help explains it\n"],
    [['validate', '--json'], "Error: unknown option '--json'\nHint: slipway validate --help explains it\n"],
    [['constructor'], "Error: unknown command 'constructor'\nHint: slipway --help explains it\n"],
  ])('in the words of another program is answered: %j', async (argv, stderr) => {
    expect(await fakeCli(argv)).toMatchObject({ code: 3, stdout: '', stderr });
  });

  test.each([
    [['plan', '-target=cp1', '-parallelism=3'], { limit: ['cp1'], concurrency: 3 }],
    [['plan', '-l', 'cp1,gpu01', '--forks', '4'], { limit: ['cp1', 'gpu01'], concurrency: 4 }],
    [['-l', 'cp1', 'plan', '--tags=swap'], { limit: ['cp1'], only: ['swap'] }],
    [['plan', '--limit', 'w[1-5],!w3', '--limit', 'group:gpu'], { limit: ['w[1-5]', '!w3', 'group:gpu'] }],
    // The value of an option, which only looks like one.
    [['plan', '--limit', '-l'], { limit: ['-l'] }],
  ])('%j means %j', async (argv, options) => {
    const { calls } = await fakeCli(argv, { plan: pending });
    expect(calls.opened).toEqual([expect.objectContaining(options)]);
  });

  test.each([['-y'], ['--auto-approve'], ['-auto-approve'], ['--assume-yes']])(
    'apply %s asks nobody',
    async (flag) => {
      const { code, calls } = await fakeCli(['apply', flag], { plan: pending });
      expect([code, calls.applied.length]).toEqual([0, 1]);
    },
  );

  test.each([[['--json']], [['-json']], [['-o', 'json']], [['--output=json']]])(
    'status %j is JSON',
    async (flags) => {
      const { stdout } = await fakeCli(['status', ...flags], { plan: pending });
      expect(() => JSON.parse(stdout) as unknown).not.toThrow();
    },
  );

  test.each([[['-o', 'FILE']], [['-out=FILE']], [['--output', 'FILE']]])(
    'plan %j saves the plan',
    async (flags) => {
      const file = join(await scratchDirectory(), 'a.plan');
      const argv = ['plan', '--offline', ...flags.map((word) => word.replace('FILE', file))];
      expect(await fakeCli(argv, { plan: pending })).toMatchObject({ code: 0 });
      expect(existsSync(file)).toBe(true);
    },
  );

  test('without a command shows the help as an error', async () => {
    const { code, stdout, stderr } = await fakeCli([]);
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toContain('Usage: slipway');
  });
});

describe('help', () => {
  const commands = [
    'init',
    'validate',
    'doctor',
    'facts',
    'plan',
    'apply',
    'status',
    'verify',
    'kubeconfig',
    'remove',
    'reset',
    'import',
    'graph',
    'completion',
    'version',
  ];

  test('lists every command', async () => {
    const { code, stdout } = await fakeCli(['--help']);
    expect(code).toBe(0);
    for (const command of commands) expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
  });

  test.each(commands)('of %s has the global options, and examples that fit 80 columns', async (command) => {
    const { code, stdout, stderr } = await fakeCli([command, '--help']);
    expect([code, stderr]).toEqual([0, '']);
    // The options before them are wrapped to the terminal that there is.
    const [, examples = ''] = stdout.split(/^(?=Examples:$)/m);
    expect(examples.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(stdout).toContain('Examples:\n');
    expect(stdout).toContain('--inventory <file>');
  });
});

test('version is the number alone as an option, and named as a command', async () => {
  expect((await fakeCli(['--version'])).stdout).toBe('1.2.3\n');
  expect((await fakeCli(['version'])).stdout).toBe('slipway 1.2.3\n');
});

describe('several inventories', () => {
  test('are opened in their order, and named again in what is to be done next', async () => {
    const directory = await scratchDirectory();
    const out = join(directory, 'x.plan');
    const argv = ['-i', 'base.yaml', 'plan', '--inventory=prod.yaml', '--out', out];
    const { calls, stderr } = await fakeCli(argv, { plan: pending });
    expect(calls.opened).toEqual([expect.objectContaining({ path: 'base.yaml prod.yaml' })]);
    expect(stderr).toContain(`slipway apply -i base.yaml -i prod.yaml ${out}\n`);
  });

  test('are asked for hosts by completion', async () => {
    const { calls } = await fakeCli(['__complete', '--', '-i', 'a.yaml', '-i', 'b.yaml', 'remove', '']);
    expect(calls.opened).toEqual([expect.objectContaining({ path: 'a.yaml b.yaml' })]);
  });

  test('are said to be valid by their names', async () => {
    const { stdout } = await fakeCli(['validate', '-i', 'a.yaml', '-i', 'b.yaml']);
    expect(stdout).toMatch(/^a\.yaml and b\.yaml are valid: cluster lab/);
  });

  test('are not written at once', async () => {
    const { code, stderr } = await fakeCli(['init', '--control-planes', 'a', '-i', 'a.yaml', '-i', 'b.yaml']);
    expect([code, stderr]).toEqual([
      3,
      'Error: one inventory is written at a time\nHint: name one file with --inventory FILE\n',
    ]);
  });
});

test('validate says where mirrors are', async () => {
  const mirrors = { kubernetes: 'https://m.lan/k8s', registries: { 'docker.io': 'https://d.lan' } };
  const { stdout } = await fakeCli(['validate'], { mirrors });
  expect(stdout).toContain('Mirrors:\n  kubernetes  https://m.lan/k8s\n  docker.io   https://d.lan\n');
});
