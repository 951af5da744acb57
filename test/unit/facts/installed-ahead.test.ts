import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { Fact } from '#core/fact.ts';
import { installEffects, packageState } from '#facts/package.ts';
import { groupFacts, probeScript, splitProbe } from '#transport/probe.ts';

import { scratchDirectory } from '../../support/scratch-directory.ts';

const NONCE = 'probe-0123456789';

/** Asks a machine of this distribution whose package manager knows of a package `curl`. */
async function look(
  id: string,
  facts: readonly Fact[],
): Promise<{ readonly asked: readonly string[]; readonly answers: Readonly<Record<string, unknown>> }> {
  const root = await scratchDirectory();
  const bin = join(root, 'bin');
  mkdirSync(bin);
  writeFileSync(join(root, 'os-release'), `ID=${id}\n`);
  const said = { 'dpkg-query': String.raw`curl ii |8.5.0-2\n`, rpm: String.raw`have curl 0:8.5.0-2\n` };
  for (const [name, text] of Object.entries(said)) {
    writeFileSync(join(bin, name), `#!/bin/sh\necho "$*" >>${root}/asked\nprintf '${text}'\nexit 1\n`);
    chmodSync(join(bin, name), 0o755);
  }
  const groups = groupFacts(facts);
  const script = probeScript(groups, NONCE).replaceAll('/etc/os-release', join(root, 'os-release'));
  const output = execFileSync('sh', ['-c', script], {
    encoding: 'utf8',
    env: { PATH: [bin, process.env['PATH']].join(delimiter) },
  });
  const { families } = splitProbe(output.trimEnd() + '\n', groups, NONCE);
  const asked = join(root, 'asked');
  return {
    asked: existsSync(asked) ? readFileSync(asked, 'utf8').trimEnd().split('\n') : [],
    answers: Object.fromEntries(
      groups.map(({ family, questions }) => [
        family.name,
        family.parse(families.get(family.name)?.stdout ?? '', questions as readonly never[]),
      ]),
    ),
  };
}

describe.each([
  ['debian', 'dpkg-query'],
  ['rocky', 'rpm'],
])('what is installed on %s', (id) => {
  const family = id === 'rocky' ? 'redhat' : 'debian';
  const wanted = [{ name: 'curl', version: '8.5.0' }];
  const facts: readonly Fact[] = [packageState('curl', '8.5.0'), installEffects(family, wanted)];

  it('is asked once, by whoever wants to know', async () => {
    const { asked, answers } = await look(id, facts);
    expect(asked.filter((words) => words.includes('curl'))).toHaveLength(1);
    expect(answers).toEqual({
      package: [{ installed: '8.5.0-2', isHeld: false, offered: null }],
      'install-effects': [{ state: 'unknown' }],
    });
  });

  it('is the same where one question alone is asked', async () => {
    const both = await look(id, facts);
    for (const fact of facts) {
      const { asked, answers } = await look(id, [fact]);
      expect(asked.filter((words) => words.includes('curl'))).toHaveLength(1);
      expect(both.answers).toMatchObject(answers);
    }
  });
});
