import { readdirSync, readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { parse } from '../inventory/inventory-fixture.ts';

const root = new URL('../../../', import.meta.url);

const blocks = ['README.md', ...readdirSync(new URL('docs/', root)).map((name) => `docs/${name}`)]
  .filter((name) => name.endsWith('.md'))
  .flatMap((name) => {
    const text = readFileSync(new URL(name, root), 'utf8');
    const found = [...text.matchAll(/^```yaml\n(# inventory\.yaml\n[\s\S]*?)^```$/gm)];
    return found.map(([, block = ''], index) => [`${name} (${index + 1})`, block] as const);
  });

describe('inventories in the documentation', () => {
  it('are found', () => {
    expect(blocks.length).toBeGreaterThan(0);
  });

  it.each(blocks)('%s is valid', async (_, block) => {
    const { cluster } = await parse(block, {
      env: { REGISTRY_PASSWORD: 'secret' },
      askSsh: () => Promise.resolve(''),
    });
    expect(cluster.hosts.length).toBeGreaterThan(0);
  });
});
