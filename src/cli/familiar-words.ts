import type { CommandUnknownOpts } from '@commander-js/extra-typings';

import { findOption, nothingRead, readWord } from './read-words.ts';

/** Options as Terraform, Ansible, kubectl and others have them, and the one that does the same here. */
const OPTIONS: Readonly<Record<string, string>> = {
  '-y': '--yes',
  '--assume-yes': '--yes',
  '--auto-approve': '--yes',
  '--target': '--limit',
  '--hosts': '--limit',
  '-l': '--limit',
  '--parallelism': '--concurrency',
  '--forks': '--concurrency',
  '--tags': '--only',
  '--skip-tags': '--skip',
  '-o': '--out',
  '--output': '--out',
};

/** Commands as others have them, and what to type here. */
const COMMANDS: Readonly<Record<string, string>> = {
  ...alike('reset', ['destroy', 'down', 'teardown', 'uninstall']),
  ...alike('remove NODE', ['drain', 'cordon', 'evict', 'leave', 'rm']),
  ...alike('remove NODE, or slipway reset for a whole cluster,', ['delete']),
  ...alike('apply', ['up', 'deploy', 'install', 'create', 'provision', 'run', 'converge', 'sync']),
  ...alike('plan', ['diff', 'preview', 'drift', 'dry-run', 'refresh', 'show']),
  ...alike('validate', ['lint', 'fmt']),
  ...alike('verify', ['test', 'check', 'conformance']),
  ...alike('status', ['get', 'nodes', 'ls', 'list', 'describe', 'health']),
  ...alike('facts', ['ping', 'setup', 'gather']),
  ...alike('etcd snapshot', ['backup']),
  ...alike('etcd restore', ['restore']),
  ...alike('kubeconfig', ['config', 'get-kubeconfig', 'output']),
  ...alike('certs', ['certificates', 'renew', 'rotate']),
  ...alike('plan, with another kubernetes.version in the inventory,', ['upgrade', 'update']),
};

const PLAN = 'slipway plan shows what would be done, and changes nothing';

/** What has no counterpart on the command line, and where it is said instead. */
const ANSWERS: Readonly<Record<string, string>> = {
  ...alike(PLAN, ['--dry-run', '--check', '-C', '--diff', '-n', '--refresh-only']),
  ...alike('slipway reset --plan shows what a reset would do, and slipway reset does it', ['--destroy']),
  ...alike('checks that stand in the way are ignored by their names: ignoreChecks in the inventory', [
    '--force',
    '--ignore-preflight-errors',
  ]),
  ...alike('who logs in is said in the inventory: user and identityFile, under defaults or at a host', [
    '-u',
    '--user',
    '--private-key',
    '--key-file',
  ]),
  ...alike('the password of sudo is asked for where the inventory says becomePassword: {prompt: Password?}', [
    '-K',
    '-k',
    '-b',
    '--become',
    '--ask-become-pass',
    '--ask-pass',
  ]),
  ...alike('-i base.yaml -i prod.yaml puts one inventory on top of another', ['--var-file']),
  ...alike('an inventory has ${NAME} for variables of the environment', [
    '--var',
    '-e',
    '--extra-vars',
    '--set',
  ]),
  ...alike('there is no state file: the hosts themselves are asked', ['--state', '--lock', '--backup']),
};

/** The command line with the options of other programs in slipway's own words, where the command has those. */
export function inOwnWords(root: CommandUnknownOpts, argv: readonly string[]): readonly string[] {
  const words: string[] = [];
  let read = nothingRead(root);
  for (const [index, word] of argv.entries()) {
    const isOption = word.startsWith('-') && read.waiting === undefined && !read.isProgram;
    const own = isOption ? inOwnWord(root, read.command, word, argv[index + 1]) : [word];
    for (const one of own) read = readWord(root, read, one);
    words.push(...own);
  }
  return words;
}

function inOwnWord(
  root: CommandUnknownOpts,
  command: CommandUnknownOpts,
  word: string,
  next: string | undefined,
): readonly string[] {
  const [flag, value] = parts(word);
  const [given = ''] = word.split('=');
  if (findOption(root, command, given) !== undefined) return [word];
  const format = findOption(root, command, '--format');
  if (flag === '--json' && value === undefined && format !== undefined) return ['--format', 'json'];
  if (Object.hasOwn(ANSWERS, flag)) return [flag];
  const own = OPTIONS[flag] ?? flag;
  // kubectl has the format there, Terraform the file.
  const isFormat = own === '--out' && format?.argChoices?.includes(value ?? next ?? '') === true;
  const name = isFormat ? '--format' : own;
  if (findOption(root, command, name) === undefined) return [word];
  return value === undefined ? [name] : [`${name}=${value}`];
}

/** What to do in the place of something that there is not; undefined where nobody knows. */
export function answerTo(message: string): string | undefined {
  const [, kind, word = ''] = /^unknown (command|option) '(.*)'$/s.exec(message) ?? [];
  if (kind === 'command' && Object.hasOwn(COMMANDS, word)) return `slipway ${COMMANDS[word]} does that`;
  const [flag] = parts(word);
  return kind === 'option' && Object.hasOwn(ANSWERS, flag) ? ANSWERS[flag] : undefined;
}

/** Its name and value; Terraform's long options have a single dash. */
function parts(word: string): readonly [string, string | undefined] {
  const [, name = word, value] = /^([^=]+)=(.*)$/s.exec(word) ?? [];
  return [/^-[^-]./.test(name) ? `-${name}` : name, value];
}

function alike(answer: string, words: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(words.map((word) => [word, answer]));
}
