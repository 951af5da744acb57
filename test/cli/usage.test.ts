import { describe, expect, test } from 'vitest';

import { fakeCli } from './fake-cli.ts';

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

  test('without a command shows the help as an error', async () => {
    const { code, stdout, stderr } = await fakeCli([]);
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toContain('Usage: slipway');
  });
});

describe('help', () => {
  const commands = [
    'validate',
    'facts',
    'plan',
    'apply',
    'status',
    'verify',
    'kubeconfig',
    'reset',
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
