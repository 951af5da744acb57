import { describe, expect, it } from 'vitest';

import type { Outcome } from '../../../src/core/resource.ts';
import type { Download } from '../../../src/core/runtime.ts';
import { download } from '../../../src/resources/files/download.ts';
import { parse, inventory } from '../inventory/inventory-fixture.ts';

/** containerd as its project releases it, as the inventory alone says. */
async function released(): Promise<Download> {
  const { cluster } = await parse(inventory('runtime: {source: upstream, version: 2.3.4}'));
  const runtime = cluster.hosts[0]?.runtime;
  if (runtime?.type !== 'containerd' || runtime.source.from !== 'upstream') throw new Error('not released');
  return runtime.source.containerd;
}

async function decided(arch: string, sha256: string | null = null): Promise<Outcome> {
  const wanted = download({ name: 'containerd', download: await released(), into: '/usr/local' });
  const answers = { os: { arch }, found: { sha256, altered: [] } };
  return wanted.diff(answers as never, { host: 'cp1', changed: [] });
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
});
