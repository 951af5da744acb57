import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';

import { expect, it } from 'vitest';

import { KEEPING } from '#core/fact.ts';
import { type ContainerdDump, containerdDump } from '#facts/containerd-dump.ts';

import { scratchDirectory } from '../../support/scratch-directory.ts';
import { parseText } from './ask.ts';

const PATHS = [['plugins', 'cri', 'sandbox']];
/** It says how often it was asked; a program whose first bytes are those of a binary, and which a shell runs all the same. */
const STAND_IN = '#ELF: a stand-in for containerd\n';

interface Host {
  readonly root: string;
  readonly binary: string;
  readonly config: string;
  readonly dropIn: string;
  readonly kept: string;
  /** Asks as a plan does, or as a run that holds the lock. */
  readonly ask: (keeping?: boolean) => ContainerdDump;
  /** How many dumps were made. */
  readonly dumps: () => number;
}

/** A host below a directory: all paths of the program are moved there. */
async function makeHost(config = `imports = ["ROOT/etc/containerd/conf.d/*.toml"]\n`): Promise<Host> {
  const root = await scratchDirectory();
  const at = (path: string): string => join(root, path);
  for (const directory of ['bin', 'etc/containerd/conf.d', 'run/slipway'])
    mkdirSync(at(directory), { recursive: true });
  const host = {
    root,
    binary: at('bin/containerd'),
    config: at('etc/containerd/config.toml'),
    dropIn: at('etc/containerd/conf.d/90-it.toml'),
    kept: at('run/slipway/containerd-dump'),
  };
  writeFileSync(
    host.binary,
    `${STAND_IN}echo >>${at('asked')}\nprintf '[plugins.cri]\\nsandbox = "%s"\\n' "$(cat ${at('etc/containerd/conf.d')}/*.toml | grep -o 'pause:[0-9]*')"\n`,
  );
  chmodSync(host.binary, 0o755);
  writeFileSync(host.config, config.replaceAll('ROOT', root));
  writeFileSync(host.dropIn, '# pause:1\n');
  const question = containerdDump(PATHS, [`${root}/etc/containerd/conf.d/*.toml`]);
  const script = question.family
    .script([question.question] as never[])
    .replaceAll(/(?<=[\s'>])\/(?=etc\/containerd|run\/slipway)/g, `${root}/`);
  const ask = (keeping = false): ContainerdDump => {
    const output = execFileSync('sh', ['-c', `${keeping ? KEEPING : ''}\n${script}`], {
      env: { PATH: [at('bin'), process.env['PATH']].join(delimiter) },
      encoding: 'utf8',
    });
    const [answer] = parseText(output, [question]);
    if (answer === undefined) throw new TypeError('no answer');
    return answer;
  };
  const dumps = (): number => (existsSync(at('asked')) ? readFileSync(at('asked'), 'utf8').length : 0);
  return { ...host, ask, dumps };
}

const sandboxOf = ({ effective }: ContainerdDump): unknown => effective[0]?.value;

it('a plan keeps no dump, and a run does', async () => {
  const host = await makeHost();
  const fresh = host.ask();
  expect(sandboxOf(fresh)).toBe('pause:1');
  expect(existsSync(host.kept)).toBe(false);
  expect(host.ask(true)).toEqual(fresh);
  expect(statSync(host.kept).mode & 0o777).toBe(0o600);
  expect(host.dumps()).toBe(2);
  expect(host.ask()).toEqual(fresh);
  expect(host.ask(true)).toEqual(fresh);
  expect(host.dumps()).toBe(2);
});

const touched: readonly (readonly [string, (host: Host) => void])[] = [
  ['a drop-in says something else', ({ dropIn }) => writeFileSync(dropIn, '# pause:2\n')],
  [
    'a drop-in says something else, with its time as before',
    ({ dropIn }) => {
      const { atime, mtime } = statSync(dropIn);
      writeFileSync(dropIn, '# pause:2\n');
      utimesSync(dropIn, atime, mtime);
    },
  ],
  ['there is another drop-in', ({ dropIn }) => writeFileSync(dropIn.replace('90', '95'), '\n')],
  [
    'there is one more that a shell does not see',
    ({ dropIn }) => writeFileSync(dropIn.replace('90', '.9'), '\n'),
  ],
  ['a drop-in is gone', ({ dropIn }) => rmSync(dropIn)],
  [
    'a drop-in is a link to another file',
    ({ dropIn }) => {
      renameSync(dropIn, `${dropIn}.former`);
      symlinkSync(`${dropIn}.former`, dropIn);
    },
  ],
  ['the configuration is touched', ({ config }) => utimesSync(config, 10, 20)],
  ['the configuration is gone', ({ config }) => rmSync(config)],
  [
    'the program is replaced by one of the same size and time',
    ({ binary }) => {
      const { atime, mtime } = statSync(binary);
      writeFileSync(`${binary}.new`, readFileSync(binary), { mode: 0o755 });
      utimesSync(`${binary}.new`, atime, mtime);
      renameSync(`${binary}.new`, binary);
    },
  ],
  ['the program has other rights', ({ binary }) => chmodSync(binary, 0o700)],
  [
    'what was kept is cut off',
    ({ kept }) => writeFileSync(kept, readFileSync(kept, 'utf8').split('dump ')[0] ?? ''),
  ],
];

it.each(touched)('a kept dump is not taken where %s', async (_, touch) => {
  const host = await makeHost();
  host.ask(true);
  touch(host);
  const before = host.dumps();
  const found = host.ask();
  expect(host.dumps()).toBe(before + 1);
  rmSync(host.kept);
  expect(found).toEqual(host.ask());
});

it.each([
  [
    'the program may be the wrapper of another',
    (host: Host) =>
      writeFileSync(host.binary, readFileSync(host.binary, 'utf8').replace(STAND_IN, '#!/bin/sh\n')),
  ],
  [
    'an imported file may import others',
    (host: Host) => writeFileSync(host.dropIn, 'imports = ["/other.toml"]\n'),
  ],
  [
    'files are imported by a key in quotes',
    (host: Host) => writeFileSync(host.config, '"imports" = ["/other.toml"]\n'),
  ],
  [
    'files are imported by a key that is written in numbers',
    (host: Host) => writeFileSync(host.config, String.raw`"\u0069mports" = ["/other.toml"]`),
  ],
])('no dump is kept where %s', async (_, change) => {
  const host = await makeHost();
  change(host);
  host.ask(true);
  expect(existsSync(host.kept)).toBe(false);
});

it('a dump is kept where nothing is imported, and where a remark speaks of it', async () => {
  for (const config of ['version = 3\n', '# imports = ["/other.toml"]\nversion = 3\n']) {
    const host = await makeHost(config);
    host.ask(true);
    expect(existsSync(host.kept)).toBe(true);
  }
});

it('what containerd cannot read is not kept', async () => {
  const host = await makeHost();
  writeFileSync(host.binary, `${STAND_IN}echo broken >&2; exit 1\n`);
  expect(host.ask(true).problem).toBe('broken');
  expect(existsSync(host.kept)).toBe(false);
});
