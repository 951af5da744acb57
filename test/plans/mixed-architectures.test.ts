import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { RELEASES } from '#catalog/releases.ts';
import { outcomeOf, planInventory, withAnswer } from '#testing.ts';

import { scratchDirectory } from '../support/scratch-directory.ts';

const INVENTORY = `cluster: { name: mixed }
kubernetes: { version: 1.36.4 }
runtime: { source: upstream }
hosts:
  - { name: cp1, role: control-plane, address: 10.0.0.11 }
  - { name: w1, address: 10.0.0.12 }
  - { name: w2, address: 10.0.0.13 }
`;

/** A plan in which w1 has another processor than the others. */
async function mixed(arch: string) {
  const file = join(await scratchDirectory(), 'inventory.yaml');
  await writeFile(file, INVENTORY);
  const { facts } = await planInventory(file);
  return planInventory(file, { facts: withAnswer(facts, 'w1', 'os', null, { arch }) });
}

describe('a cluster of amd64 and arm64', () => {
  it('gets the release files of each host, by their digests', async () => {
    const plan = await mixed('arm64');
    const [version] = Object.keys(RELEASES.containerd.sha256) as [keyof typeof RELEASES.containerd.sha256];
    for (const [host, arch] of [
      ['cp1', 'amd64'],
      ['w1', 'arm64'],
      ['w2', 'amd64'],
    ] as const) {
      const text = JSON.stringify(outcomeOf(plan, host, 'download:containerd'));
      expect(text).toContain(`containerd-${version}-linux-${arch}.tar.gz`);
      expect(text).toContain(RELEASES.containerd.sha256[version][arch]);
      expect(outcomeOf(plan, host, 'check:Architecture')).toEqual({ answer: 'none', why: arch });
    }
    expect(plan.nodes.filter(({ outcome }) => outcome.answer === 'refused')).toEqual([]);
  });

  it('names nothing of one processor for all', async () => {
    const plan = await mixed('arm64');
    const ofHosts = ['cp1', 'w1', 'w2'].map((host) =>
      JSON.stringify(plan.nodes.filter((node) => node.host === host).map(({ outcome }) => outcome)),
    );
    expect(ofHosts.map((text) => text.includes('amd64'))).toEqual([true, false, true]);
    expect(ofHosts.map((text) => text.includes('arm64'))).toEqual([false, true, false]);
  });

  it('has no place for another processor', async () => {
    const plan = await mixed('riscv64');
    expect(outcomeOf(plan, 'w1', 'check:Architecture')).toMatchObject({ answer: 'refused' });
    expect(outcomeOf(plan, 'w1', 'download:containerd')).toMatchObject({
      answer: 'refused',
      check: 'DownloadArchitecture',
    });
  });
});
