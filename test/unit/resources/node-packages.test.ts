import { describe, expect, it } from 'vitest';

import { redhat } from '#distributions/redhat/redhat.ts';
import { os } from '#facts/os.ts';
import { packageState } from '#facts/package.ts';
import { packageIndex } from '#resources/packages/package-index.ts';
import { packages } from '#resources/packages/packages.ts';

const wanted = [{ name: 'kubelet', version: '1.36.3' }];
const definition = { name: 'kubernetes', packages: wanted, phase: 'kubernetes', hasNodePackages: true };
const kubernetes = packages({ ...definition, isHeld: true });
const index = packageIndex(definition);

const bare = os().family.bare(null as never);
const on = (id: string, idLike: readonly string[] = []) => ({
  os: { ...bare, id, idLike, versionId: '9.6' },
});
const ROCKY = on('rocky', ['rhel', 'centos', 'fedora']);

const KUBELET = { installed: '1.36.3-150500.1.1', isHeld: true, offered: null };
const isThere = { installed: '1-1.el9', isHeld: false, offered: null };
const isOffered = { installed: null, isHeld: false, offered: ['2-1.el9'] };

/** What a host says of all of them. */
const answers = (answer: object, kubelet: object = KUBELET) => ({
  'package kubelet': kubelet,
  'its bundle': null,
  ...Object.fromEntries(redhat.nodePackages!.names.map((name) => [`package ${name}`, answer])),
});
const diff = (resource: typeof kubernetes, given: object) =>
  resource.diff(given as never, { host: 'w1', changed: [] });

describe('what a node needs beside the packages of Kubernetes', () => {
  it('comes along where minimal images lack it, first, and is not held', () => {
    const outcome = diff(kubernetes, {
      ...ROCKY,
      ...answers(isOffered, { installed: null, isHeld: false, offered: ['1.36.3-150500.1.1'] }),
    });
    expect(outcome).toMatchObject({
      answer: 'change',
      steps: [
        {
          summary:
            'install conntrack-tools 2-1.el9, ethtool 2-1.el9, iproute-tc 2-1.el9, iptables-nft 2-1.el9, socat 2-1.el9',
        },
        { summary: 'install kubelet 1.36.3-150500.1.1' },
      ],
    });
    const scripts =
      'steps' in outcome ? outcome.steps.map((step) => ('script' in step ? step.script : '')) : [];
    expect(scripts.map((script) => /^lock kubelet$/m.test(script))).toEqual([false, true]);
    expect(scripts.map((script) => /^lock .*socat/m.test(script))).toEqual([false, false]);
    expect(JSON.stringify('differences' in outcome && outcome.differences)).not.toContain('socat held');
  });

  it('is left as it is where it is there, locked or not', () => {
    expect(diff(kubernetes, { ...ROCKY, ...answers(isThere) })).toMatchObject({ answer: 'none' });
    expect(diff(kubernetes, { ...ROCKY, ...answers({ ...isThere, isHeld: true }) })).toMatchObject({
      answer: 'none',
    });
  });

  it('is asked of the index, which is fetched where it has none of it', () => {
    const given = { ...ROCKY, ...answers({ ...isOffered, offered: [] }) };
    expect(diff(index, given)).toMatchObject({
      answer: 'change',
      differences: expect.arrayContaining([
        { what: 'iproute-tc on offer', from: null, to: 'any version' },
      ]) as [],
    });
    expect(diff(kubernetes, given)).toMatchObject({ answer: 'deferred' });
  });

  it('is refused where it would take others away', () => {
    const effects = {
      state: 'known',
      removed: [{ name: 'iptables-legacy', version: '1.8.10-1' }],
      changed: [],
    };
    const given = { ...ROCKY, ...answers(isOffered), 'effects on redhat with node packages': effects };
    expect(diff(kubernetes, given)).toMatchObject({
      answer: 'refused',
      check: 'PackageConflict',
      why: expect.stringContaining('iptables-legacy 1.8.10-1 would be removed') as string,
    });
  });

  it.each([
    ['debian', []],
    ['openEuler', []],
  ])('is nothing on %s, where these packages bring it or have other names', (id, idLike) => {
    const given = { ...on(id, idLike), ...answers(isOffered) };
    expect(diff(kubernetes, given)).toMatchObject({ answer: 'none', why: 'kubelet 1.36.3-150500.1.1' });
    expect(diff(index, given)).toMatchObject({ answer: 'none' });
  });

  it('is asked of hosts of its family alone', () => {
    const fact = packageState('iproute-tc', null, 'redhat');
    const script = fact.family.script([fact.question as never]);
    const debian = /\*' debian '[^)]*\) \(\n([\s\S]*?)\n\)\n;;/.exec(script)?.[1];
    expect(debian).toBe('echo debian');
    expect(script).toContain('iproute-tc');
  });
});
