import { describe, expect, it } from 'vitest';

import type { Outcome, Resource } from '#core/resource.ts';
import { leftovers } from '#phases/leftovers.ts';
import { purge } from '#phases/purge.ts';

import { broken, type Case, decided, type Given, resourceOf } from './foretold-case.ts';

/** Before and after `kubeadm reset`. */
const afterReset = (before: Given, after: Given): Case => ({
  before: { traces: ['/etc/kubernetes/kubelet.conf'], ...before },
  after: { traces: [], ...after },
});

const CONFLIST = '/etc/cni/net.d/10-calico.conflist';
const link = (name: string) => ({ kind: 'interface', name });
const address = (of: string, more = {}) => [{ interface: 'eth0', address: of, prefix: 32, ...more }];
const shown = (outcome: Outcome): unknown =>
  outcome.answer === 'deferred' && outcome.forecast?.answer === 'change'
    ? outcome.forecast.differences
    : outcome;

describe('what is left after kubeadm reset', () => {
  const files = resourceOf(leftovers, 'file-leftovers');
  const kernel = resourceOf(leftovers, 'network-leftovers');
  const balancer = resourceOf(leftovers, 'load-balancer-leftovers');
  const packages = resourceOf(purge, 'no-packages:kubernetes');
  const debian = { id: 'debian', idLike: [], versionId: '12', codename: 'bookworm', hostname: 'cp1' };
  const installed = { 'package kubelet': { installed: '1.35.6-1.1', isHeld: true, offered: null } };

  it.each<readonly [string, Resource, Case]>([
    ['all of the files', files, afterReset({ found: [CONFLIST] }, { found: [CONFLIST] })],
    [
      'some of the files',
      files,
      afterReset({ found: [CONFLIST, '/var/log/pods'] }, { found: ['/var/log/pods'] }),
    ],
    ['no file', files, afterReset({ found: [CONFLIST] }, { found: [] })],
    ['a file that came later', files, afterReset({ found: [] }, { found: ['/run/slipway'] })],
    [
      'less in the kernel',
      kernel,
      afterReset({ found: [link('cali1'), link('cali2')] }, { found: [link('cali2')] }),
    ],
    ['what came into the kernel later', kernel, afterReset({ found: [] }, { found: [link('cali3')] })],
    [
      'the virtual address',
      balancer,
      afterReset({ addresses: address('10.0.0.99') }, { addresses: address('10.0.0.99') }),
    ],
    ['no virtual address', balancer, afterReset({ addresses: address('10.0.0.99') }, { addresses: [] })],
    [
      'a virtual address that has come here',
      balancer,
      afterReset({ addresses: [] }, { addresses: address('10.0.0.99', { interface: 'eth1' }) }),
    ],
    ['packages', packages, afterReset({ os: debian, ...installed }, { os: debian, ...installed })],
  ])('%s: it is done as was foretold', (_, one, given) => {
    expect(broken(one, given)).toBeUndefined();
  });

  it('names what is there now', () => {
    const first = decided(files, afterReset({ found: [CONFLIST] }, {}).before);
    expect(shown(first)).toEqual([{ what: CONFLIST, from: 'left', to: null }]);
    expect(shown(decided(balancer, afterReset({ addresses: address('10.0.0.99') }, {}).before))).toEqual([
      { what: '10.0.0.99', from: 'on eth0', to: null },
    ]);
    expect(shown(decided(kernel, afterReset({ found: [link('cali1')] }, {}).before))).toEqual([
      { what: 'interfaces', from: 'cali1', to: null },
    ]);
  });

  it.each<readonly [string, Resource, Case, string]>([
    [
      'another address',
      balancer,
      afterReset({ addresses: [] }, { addresses: address('10.0.0.7') }),
      'it would also: take the virtual address away',
    ],
    [
      'packages that nobody has foretold',
      packages,
      afterReset({ os: debian }, { os: debian, ...installed }),
      'it would also: ',
    ],
  ])('%s: it is not done', (_, one, given, why) => {
    expect(broken(one, given)).toContain(why);
  });
});
