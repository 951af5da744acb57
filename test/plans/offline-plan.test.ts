import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';

import type { Cluster } from '#core/cluster.ts';
import type { Plan } from '#core/plan.ts';
import { supportedReleases } from '#distributions/supported.ts';
import { parseInventory } from '#inventory/parse-inventory.ts';
import { prettyJson } from '#report/text/pretty-json.ts';
import { renderMarkdownPlan } from '#report/plan/markdown-plan.ts';
import { renderTextPlan } from '#report/plan/text-plan.ts';
import { openSlipway } from '#slipway.ts';

import { runs } from '../support/runs.ts';

const path = fileURLToPath(new URL('../../inventory.yaml', import.meta.url));
const example = await readFile(path, 'utf8');
/** No manifest is fetched and none is cached, so the plans are the same on every machine. */
const cacheDirectory = '/nonexistent';

async function clusterOf(text: string): Promise<Cluster> {
  const { cluster } = await parseInventory(text, {
    path,
    directory: '/etc/slipway',
    env: { HOME: '/root' },
    secrets: 'skip',
  });
  return cluster;
}

const rendered = (plan: Plan): string => [...prettyJson(plan)].join('');

const planOf = async (text: string, limit?: readonly string[]) => {
  const slipway = await openSlipway(await clusterOf(text), { env: {}, cacheDirectory, limit });
  return slipway.offlinePlan();
};

/** One control plane that runs this, with containerd from there. */
const running = (os: string, runtime: string): string =>
  stringify({
    kubernetes: { version: '1.36.4' },
    runtime: { source: runtime },
    defaults: { os },
    hosts: [{ name: 'cp1', address: '10.0.0.1', role: 'control-plane' }],
  });

const outcomeOf = async (address: string, ...written: Parameters<typeof running>) =>
  (await planOf(running(...written))).nodes.find(({ id }) => id.endsWith(address))?.outcome;

describe('the offline plan of hosts that say what they run', () => {
  it.each([
    ['rocky 9', 'refused'],
    ['rhel 10', 'refused'],
    ['fedora 44', 'deferred'],
    ['debian 12', 'deferred'],
  ])('%s: whether its own containerd is to be had is known', async (os, answer) => {
    const outcome = await outcomeOf('/packages:containerd', os, 'distribution');
    expect(outcome?.answer).toBe(answer);
  });

  it('says what to do where there is none', async () => {
    expect(await outcomeOf('/packages:containerd', 'rocky 9', 'distribution')).toEqual({
      answer: 'refused',
      check: 'Packages',
      why: 'rocky 9 has no package of containerd',
      hint: 'set runtime.source: docker in the inventory (or upstream)',
    });
  });

  it('is of a supported one, whichever it is', async () => {
    for (const os of supportedReleases()) {
      expect(await outcomeOf('/check:OS', os, 'docker')).toEqual({ answer: 'none', why: os });
    }
  });
});

describe('the offline plan of the example inventory', () => {
  it('reads as it did', async () => {
    const text = renderTextPlan(await planOf(example), { color: false, verbose: false, width: 100 });
    await expect(text).toMatchFileSnapshot('example-inventory.plan.txt');
  });

  it('reads as it did in Markdown', async () => {
    const text = renderMarkdownPlan(await planOf(example), { verbose: false });
    await expect(text).toMatchFileSnapshot('example-inventory.plan.md');
  });

  it('of hosts with other labels each is not told as the same for all', async () => {
    const hosts = ['a', 'b'].map(
      (rack) => `  - {name: w-${rack}, address: 10.9.0.${rack === 'a' ? 1 : 2}, labels: {rack: ${rack}}}`,
    );
    const plan = await planOf([example, ...hosts].join('\n'), ['w-a', 'w-b', 'cp1']);
    const text = renderTextPlan(plan, { color: false, verbose: false, width: 100 });
    expect(text).toContain('(2 hosts, the same changes, with other values where marked)');
    expect(text).toMatch(/on w-a:\n +label rack: a, .*\n +on w-b:\n +label rack: b, /);
  });

  it('tells a cause outside of --limit in one line', async () => {
    const plan = await planOf(example, ['cpu1', 'gpu01', 'gpu02']);
    const text = renderTextPlan(plan, { color: false, verbose: false, width: 100 });
    const plain = text.replaceAll(/\s+/g, ' ');
    expect(plain.match(/where this plan does nothing \(/g)).toHaveLength(1);
    expect(plain).toContain(
      'needs phase control-plane on cp1, where this plan does nothing (cpu1, gpu01, gpu02)',
    );
  });

  it('is the same bytes each time', async () => {
    expect(rendered(await planOf(example))).toBe(rendered(await planOf(example)));
  });

  it('does not depend on the order of keys in the inventory', async () => {
    const wanted = rendered(await planOf(example));
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.nat(1000)), async (dice) => {
        const shuffled = stringify(shuffle(parse(example), () => dice.next().value ?? 0));
        expect(rendered(await planOf(shuffled))).toBe(wanted);
      }),
      { numRuns: runs(15) },
    );
  });

  it('with --limit is about those hosts only', async () => {
    const plan = await planOf(example, ['gpu01']);
    expect(new Set(plan.nodes.map(({ host }) => host))).toEqual(new Set(['gpu01']));
  });
});

/** What workers of these names get. */
const planOfWorkers = async (names: readonly string[]): Promise<string> => {
  const hosts = names.map((name, index) => ({ name, address: `10.0.0.${index + 21}` }));
  const inventory = {
    cluster: { name: 'lab' },
    kubernetes: { version: '1.34.9' },
    hosts: [{ name: 'cp1', address: '10.0.0.11', role: 'control-plane' }, ...hosts],
  };
  return renderTextPlan(await planOf(stringify(inventory)), { color: false, verbose: true, width: 100 });
};

describe('the offline plan of hosts', () => {
  it('does not depend on what they are called', async () => {
    // A name such as 1 is another one in the files of kubeadm, where it stands in quotes.
    const odd = ['answer', 'host', 'outcome', 'why', 'steps', 'none', '1a'];
    // Of the same lengths, so that lines are broken at the same places.
    const plain = ['aaaaaa', 'bbbb', 'ccccccc', 'ddd', 'eeeee', 'ffff', 'gg'];
    const text = await planOfWorkers(odd);
    expect(text).toContain(`\n${odd.join(', ')} (7 hosts, the same changes)\n`);
    expect(text.replace(odd.join(', '), plain.join(', '))).toBe(await planOfWorkers(plain));
  });
});

/** The same document with the keys of every map in another order; lists keep theirs. */
function shuffle(value: unknown, roll: () => number): unknown {
  if (Array.isArray(value)) return value.map((item) => shuffle(item, roll));
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([key, member]) => ({
    key,
    member: shuffle(member, roll),
    at: roll(),
  }));
  return Object.fromEntries(
    entries.toSorted((left, right) => left.at - right.at).map(({ key, member }) => [key, member]),
  );
}
