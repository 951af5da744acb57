import { describe, expect, it } from 'vitest';

import type { Host } from '#core/cluster.ts';
import { type Fact, type HostAnswers } from '#core/fact.ts';
import { sh } from '#core/shell.ts';
import type { Connection, Observer } from '#core/transport.ts';
import { bundleOnHost } from '#facts/bundle-state.ts';
import { installEffects, packageState } from '#facts/package.ts';
import { os } from '#facts/os.ts';
import { bundledObserver, bundledTransport } from '#workflows/bundled-transport.ts';

const ID = 'b'.repeat(64);

const otherBundle = (): Observer => ({ ask: async () => ({ bundle: { null: 'c'.repeat(64) } }) });

describe('hosts that go by a bundle', () => {
  it('have apt ask its packages in every program, where they are there', async () => {
    const scripts: string[] = [];
    const inner = {
      host: 'cp1',
      isOpen: true,
      execute: async ({ script }: { readonly script: string }) => {
        scripts.push(script);
        return { code: 0, stdout: '', stderr: '' };
      },
    } as unknown as Connection;
    const transport = bundledTransport({ connect: async () => inner });
    const connection = await transport.connect({} as Host);
    await connection.execute({ script: sh`apt-get install x`, via: 'argument', timeoutMs: 1000 });
    expect(scripts).toEqual([
      `if [ -e /var/lib/slipway/bundle/id ]; then
  export APT_CONFIG=/var/lib/slipway/bundle/apt.conf
  export 'SLIPWAY_DNF_OPTIONS=--setopt=reposdir=/var/lib/slipway/bundle/repos.d --setopt=cachedir=/var/lib/slipway/bundle/cache'
fi
apt-get install x`,
    ]);
    expect({ host: connection.host, isOpen: connection.isOpen }).toEqual({ host: 'cp1', isOpen: true });
  });

  const facts = [
    os(),
    packageState('socat', null),
    packageState('kubelet', '1.35.8'),
    installEffects('debian', []),
  ];
  const ask = async (
    id: string | null,
  ): Promise<{ readonly asked: readonly string[]; readonly answers: HostAnswers }> => {
    const asked: string[] = [];
    const inner = (): Observer => ({
      ask: async (all: readonly Fact[]) => {
        asked.push(...all.map(({ family }) => family.name));
        return {
          os: { null: {} },
          package: {
            [facts[1]!.key]: { installed: '1.7', isHeld: false, offered: null },
            [facts[2]!.key]: { installed: null, isHeld: false, offered: ['1.34.9-1.1'] },
          },
          'install-effects': { [facts[3]!.key]: { state: 'known', removed: [], changed: [] } },
          ...(asked.includes('bundle') && { bundle: { null: id } }),
        };
      },
    });
    const observer = bundledObserver(inner, ID)({} as Connection);
    return { asked, answers: await observer.ask(facts) };
  };

  it('go by none that they were set up from before, where one is given', async () => {
    const answers = await bundledObserver(otherBundle, ID)({} as Connection).ask([bundleOnHost()]);
    expect(answers).toEqual({ bundle: { [bundleOnHost().key]: null } });
  });

  it('offer what the bundle offers, once it is there', async () => {
    const { asked, answers } = await ask(ID);
    expect(asked).toContain('bundle');
    expect(answers).not.toHaveProperty('bundle');
    expect(answers['package']?.[facts[2]!.key]).toMatchObject({ offered: ['1.34.9-1.1'] });
  });

  it.each([null, 'c'.repeat(64)])('offer nothing before, whatever they could fetch (%s)', async (id) => {
    const { answers } = await ask(id);
    expect(answers['package']).toEqual({
      [facts[1]!.key]: { installed: '1.7', isHeld: false, offered: null },
      [facts[2]!.key]: { installed: null, isHeld: false, offered: [] },
    });
    expect(answers['install-effects']).toEqual({ [facts[3]!.key]: { state: 'unknown' } });
  });
});
