// The one gate: everything about the code that a machine can judge, but for the tests. Prints what fails, and
// nothing else.
import { $, chalk, echo } from 'zx';

const gates: Readonly<Record<string, readonly string[]>> = {
  types: ['tsc', '-p', '.'],
  'types of the package': ['tsc', '-p', 'tsconfig.build.json', '--noEmit'],
  lint: ['oxlint', '--deny-warnings'],
  format: ['oxfmt', '--check', 'src', 'scripts', 'test', 'vitest.config.ts', 'oxlint.config.ts'],
  'dead code': ['knip'],
  duplicates: ['jscpd', '--config', '.jscpd.json', 'src', 'scripts', 'test'],
  'generated files': ['node', 'scripts/generate.ts', '--check'],
};

const results = await Promise.all(
  Object.entries(gates).map(async ([name, argv]) => {
    const startedAt = performance.now();
    const { exitCode, stdout, stderr } = await $({ nothrow: true, quiet: true })`${argv}`;
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    if (exitCode === 0) echo(`${chalk.green('ok')}    ${name} (${seconds} s)`);
    else echo(`${chalk.red('fails')} ${name} (${seconds} s)\n${stdout}${stderr}`);
    return exitCode === 0;
  }),
);
process.exitCode = results.every(Boolean) ? 0 : 1;
