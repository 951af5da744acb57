import { describe, expect, it } from 'vitest';

import { withHosts, withoutOwnHosts } from '#configuration/etc-hosts.ts';
import type { Outcome } from '#core/resource.ts';
import { hostname } from '#resources/host/hostname.ts';
import { openSlipway } from '#slipway.ts';

import { fileAnswer } from '../../support/file-answer.ts';
import { inventory, kubernetes, parse } from '../inventory/inventory-fixture.ts';

const outcome = (atBoot: string, now: string): Outcome =>
  hostname('w1').diff({ found: fileAnswer(atBoot), os: { hostname: now } } as never, {
    host: 'w1',
    changed: [],
  });
const summaries = (of: Outcome) => ('steps' in of ? of.steps.map(({ summary }) => summary) : []);

describe('the hostname', () => {
  it('is right where it is so now and at boot', () => {
    expect(outcome('# of ours\nw1\n', 'w1')).toMatchObject({ answer: 'none' });
  });

  it.each([
    ['ip-10-0-0-12\n', 'w1', ['write /etc/hostname']],
    ['w1\n', 'ip-10-0-0-12', ['call it w1']],
    ['', 'localhost', ['write /etc/hostname', 'call it w1']],
  ])('of %j at boot and %s now is changed', (atBoot, now, steps) => {
    expect(summaries(outcome(atBoot, now))).toEqual(steps);
  });

  it('that a link leads to is refused', () => {
    const link = { ...fileAnswer(''), type: 'link', content: null, target: '/etc/other' };
    const found = hostname('w1').diff({ found: link, os: { hostname: 'w1' } } as never, {
      host: 'w1',
      changed: [],
    });
    expect(found).toMatchObject({ answer: 'refused' });
  });
});

const planOf = async (text: string) => {
  const { cluster } = await parse(text);
  const slipway = await openSlipway(cluster, { env: {}, cacheDirectory: '/nonexistent' });
  return (await slipway.offlinePlan()).nodes;
};

describe('/etc/hosts', () => {
  const hosts = [{ name: 'cp1', address: '10.0.0.11' }];
  const line = '10.0.0.11 cp1 # A host of the cluster, written by slipway\n';

  it('has the hosts once, and what others have written', () => {
    const text = withHosts('127.0.1.1 cp1\n10.9.9.9 api # Written by slipway\n', hosts);
    expect(text).toBe(`127.0.1.1 cp1\n10.9.9.9 api # Written by slipway\n${line}`);
    expect(withHosts(text, hosts)).toBe(text);
    expect(withHosts(text, [])).not.toContain('10.0.0.11');
    expect(withoutOwnHosts(text)).toBe('127.0.1.1 cp1\n');
  });

  it('has names and the endpoint beside each other in one plan', async () => {
    const nodes = await planOf(
      kubernetes(
        'loadBalancer: {type: local}',
        '  - {name: w1, address: w1.lan, nodeIp: 10.0.0.12}',
        '  - {name: w2, address: w2.lan}',
        'names: {hostsFile: true, hostname: true}',
      ),
    );
    const written = nodes.flatMap(({ id, outcome: { answer, ...rest } }) =>
      answer === 'change' && /w1\/.*file:\/etc\/hosts$/.test(id) && 'steps' in rest
        ? rest.steps.flatMap((step) => ('content' in step ? [step.content] : []))
        : [],
    );
    expect(written).toEqual([
      `${line}10.0.0.12 w1 # A host of the cluster, written by slipway\n`,
      `${line}10.0.0.12 w1 # A host of the cluster, written by slipway\n127.0.0.1 kubernetes-api.internal # Written by slipway\n`,
    ]);
    expect(nodes.filter(({ id }) => id.endsWith('/names/hostname'))).toHaveLength(3);
    expect(nodes.filter(({ id }) => id.endsWith('check:Hostname'))).toEqual([]);
  });

  it('and hostnames are left alone unless that is wanted', async () => {
    const nodes = await planOf(inventory());
    expect(nodes.filter(({ phase }) => phase === 'names')).toEqual([]);
    expect(nodes.filter(({ id }) => id.endsWith('check:Hostname'))).toHaveLength(1);
  });
});
