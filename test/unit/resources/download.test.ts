import { describe, expect, it } from 'vitest';

import type { Outcome } from '../../../src/core/resource.ts';
import type { Download } from '../../../src/core/runtime.ts';
import { type OsAnswer, os } from '../../../src/facts/os.ts';
import { download } from '../../../src/resources/files/download.ts';
import { parse, inventory } from '../inventory/inventory-fixture.ts';

/** containerd as its project releases it, as the inventory alone says. */
async function released(): Promise<Download> {
  const { cluster } = await parse(inventory('runtime: {source: upstream, version: 2.3.4}'));
  const runtime = cluster.hosts[0]?.runtime;
  if (runtime?.type !== 'containerd' || runtime.source.from !== 'upstream') throw new Error('not released');
  return runtime.source.containerd;
}

const decided = async (arch: string, sha256: string | null = null): Promise<Outcome> =>
  decide(await released(), { arch }, sha256);

function decide(
  wanted: Download,
  machine: Partial<OsAnswer>,
  sha256: string | null = null,
  program = 'absent',
): Outcome {
  const found = { sha256, altered: [] };
  const answers = { os: { ...os().family.bare(null as never), ...machine }, found, program };
  const path = '/usr/local/bin/containerd';
  const resource = download({ name: 'containerd', download: wanted, into: '/usr/local', program: path });
  return resource.diff(answers as never, { host: 'cp1', changed: [] });
}

describe('a release file', () => {
  it.each(['amd64', 'arm64'])('for %s is the one of that architecture, with its digest', async (arch) => {
    const { files } = await released();
    const { url = '', sha256 = '' } = files[arch] ?? {};
    const outcome = await decided(arch);
    expect(url).toContain(`linux-${arch}`);
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(outcome).toMatchObject({ answer: 'change', differences: [{ to: sha256 }] });
    expect(JSON.stringify(outcome)).toContain(url);
    expect(await decided(arch, sha256)).toMatchObject({ answer: 'none' });
  });

  it('is another one for each architecture', async () => {
    const { files } = await released();
    expect(new Set(Object.values(files).map(({ sha256 }) => sha256)).size).toBe(2);
  });

  it('for an architecture without a digest is refused, with where to give one', async () => {
    expect(await decided('riscv64')).toMatchObject({
      answer: 'refused',
      check: 'DownloadArchitecture',
      hint: 'give downloads.containerd.sha256.riscv64 in the inventory',
    });
  });

  it('that is a package is installed where its family is, and refused elsewhere', async () => {
    const file = { url: 'https://example.com/containerd.deb', sha256: 'a'.repeat(64) };
    const packaged: Download = { ...(await released()), files: { amd64: file } };
    expect(JSON.stringify(decide(packaged, {}))).toContain('apt-get install -q -y --reinstall');
    expect(decide(packaged, { id: 'rocky', idLike: ['rhel'], prettyName: 'Rocky Linux 9.6' })).toEqual({
      answer: 'refused',
      check: 'DownloadFormat',
      why: 'Rocky Linux 9.6 cannot install https://example.com/containerd.deb',
      hint: 'give downloads.containerd.url of an archive, or of a package for Rocky Linux 9.6, in the inventory',
    });
  });

  it('says where a program of somebody else stays, and nothing of its own', async () => {
    const note = '/usr/local/bin/containerd was not written by slipway';
    expect(decide(await released(), {}, null, 'file')).toMatchObject({
      notes: [expect.stringContaining(note)],
    });
    expect(decide(await released(), {}, 'b'.repeat(64), 'file')).not.toHaveProperty('notes');
    expect(await decided('amd64')).not.toHaveProperty('notes');
  });
});
