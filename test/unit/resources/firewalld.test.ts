import { execFileSync } from 'node:child_process';

import { describe, expect, it } from 'vitest';

import { firewalldOpeningOf } from '#checks/preflight/surroundings.ts';
import { firewalldService, firewalldZone } from '#configuration/firewalld.ts';
import type { Cluster } from '#core/cluster.ts';
import type { Outcome, Resource } from '#core/resource.ts';
import { firewalldState } from '#facts/firewalld.ts';
import { firewalldOpening, noFirewalld, noFirewalldOpening } from '#resources/host/firewalld.ts';

import { missingFile } from '../../support/file-answer.ts';
import { parseText } from '../facts/ask.ts';

const OPENING = {
  ports: ['10250/tcp', '4789/udp'],
  protocols: ['4'],
  sources: ['10.244.0.0/16', '10.96.0.0/12'],
};

/** What firewalld 1.3.3 of Debian 12 prints of a zone, and of a service. */
const zone = (name: string, { interfaces = '', sources = '', services = '' }) => `zones ${name}
zones   target: default
zones   icmp-block-inversion: no
zones   interfaces: ${interfaces}
zones   sources: ${sources}
zones   services: ${services}
zones   ports: 
zones   protocols: 
zones   forward: yes
zones   rich rules: 
zones 
`;
const SERVICE = `service slipway
service   ports: 10250/tcp 4789/udp
service   protocols: 4
service   source-ports: 
`;
const OPEN = `default public
named public
source slipway 10.244.0.0/16
source slipway 10.96.0.0/12
running
device eth0
${zone('public', { services: 'dhcpv6-client slipway ssh' })}${zone('slipway (active)', { sources: '10.244.0.0/16 10.96.0.0/12' })}${SERVICE}`;
const CLOSED = `default public
running
device eth0
${zone('internal (active)', { interfaces: 'eth1' })}${zone('public', { services: 'dhcpv6-client ssh' })}`;

const file = (content: string) => ({
  ...missingFile,
  type: 'file',
  content,
  mode: '0644',
  owner: 'root:root',
});
const FILES = { service: file(firewalldService(OPENING)), zone: file(firewalldZone(OPENING.sources)) };
const NO_FILES = { service: missingFile, zone: missingFile };

function decided(resource: Resource, output: string, more: object): Outcome {
  const [firewalld] = parseText(output, [firewalldState('slipway')]);
  return resource.diff({ firewalld, ...more } as never, { host: 'w1', changed: [] });
}
const steps = (outcome: Outcome): readonly string[] =>
  'steps' in outcome ? outcome.steps.map((step) => ('script' in step ? step.script : step.summary)) : [];
const whats = (outcome: Outcome): readonly string[] =>
  'differences' in outcome ? outcome.differences.map(({ what }) => what) : [];

const open = firewalldOpening(OPENING);

describe('what nodes say to each other, in firewalld', () => {
  it('is let in by a service and a zone of slipway, checked before they are read', () => {
    const outcome = decided(open, CLOSED, NO_FILES);
    expect(whats(outcome)).toEqual([
      'service slipway in zone',
      'ports that are open',
      'protocols that are let in',
      'trusted',
    ]);
    expect(steps(outcome)).toEqual([
      'write /etc/firewalld/services/slipway.xml',
      'write /etc/firewalld/zones/slipway.xml',
      `firewall-cmd -q --check-config
firewall-cmd -q --reload
firewall-cmd -q --permanent --zone=public --add-service=slipway
firewall-cmd -q --reload`,
    ]);
    expect(outcome).toMatchObject({ notes: [expect.stringContaining('without --permanent goes')] });
  });

  it('is right where files, zones and what is in force are', () => {
    expect(decided(open, OPEN, FILES)).toEqual({
      answer: 'none',
      why: 'firewalld lets in 10250/tcp, 4789/udp, 4, and trusts 10.244.0.0/16, 10.96.0.0/12',
    });
  });

  it.each([
    [
      'a zone that lost it',
      OPEN.replace('dhcpv6-client slipway ssh', 'ssh'),
      ['ports that are open', 'protocols that are let in'],
    ],
    ['a zone whose file lost it', OPEN.replace('named public\n', ''), ['service slipway in zone']],
    [
      'another port in force',
      OPEN.replace('ports: 10250/tcp 4789/udp', 'ports: 10250/tcp'),
      ['ports that are open'],
    ],
    ['a zone for one block', OPEN.replace('sources: 10.244.0.0/16 10.96', 'sources: 10.96'), ['trusted']],
  ])('is mended in %s', (_, output, wanted) => {
    const outcome = decided(open, output, FILES);
    expect(whats(outcome)).toEqual(wanted);
    expect(steps(outcome)).toHaveLength(1);
  });

  it('is mended where only a file is lost, which the next start would miss', () => {
    const outcome = decided(open, OPEN, { ...FILES, service: missingFile });
    expect(whats(outcome)).toEqual(['permanent']);
    expect(steps(outcome)[0]).toBe('write /etc/firewalld/services/slipway.xml');
  });

  it('goes to the zone of the interface with the default route, and leaves the one it was in', () => {
    const moved = OPEN.replace('device eth0', 'device eth1').replace(
      'zones public',
      `${zone('internal (active)', { interfaces: 'eth1' })}zones public`,
    );
    expect(steps(decided(open, moved, FILES))[0]).toContain(`--zone=public --remove-service=slipway
firewall-cmd -q --permanent --zone=internal --add-service=slipway`);
  });

  it('leaves what is trusted already, and refuses what another zone has', () => {
    const trusted = CLOSED.replace('running', 'source trusted 10.244.0.0/16\nrunning');
    const outcome = decided(open, trusted, NO_FILES);
    const written = 'steps' in outcome ? outcome.steps[1] : undefined;
    expect(written).toMatchObject({ content: firewalldZone(['10.96.0.0/12']) });
    expect(decided(open, trusted.replace('source trusted', 'source work'), NO_FILES)).toMatchObject({
      answer: 'refused',
      check: 'Firewalld',
      why: 'firewalld has 10.244.0.0/16 in its zone work, and takes a source in one zone only',
    });
  });

  it('keeps a copy of a service of that name which somebody else has written', () => {
    expect(decided(open, CLOSED, { ...NO_FILES, service: file('<service/>') })).toMatchObject({
      notes: [expect.anything(), expect.stringContaining('a copy of it stays')],
    });
  });

  it('needs nothing where firewalld does not run', () => {
    expect(decided(open, 'default public\n', NO_FILES)).toMatchObject({ answer: 'none' });
  });
});

describe('what slipway has let in', () => {
  it('is taken back, the service out of its zone before its file', () => {
    const outcome = decided(noFirewalldOpening, OPEN, FILES);
    expect(steps(outcome)).toEqual([
      `firewall-cmd -q --permanent --zone=public --remove-service=slipway
rm -f -- /etc/firewalld/services/slipway.xml /etc/firewalld/zones/slipway.xml
firewall-cmd -q --reload`,
    ]);
    expect(decided(noFirewalldOpening, CLOSED, NO_FILES)).toMatchObject({ answer: 'none' });
  });

  it('is taken back where a run was cut off between the two, and where firewalld does not run', () => {
    const cut = decided(noFirewalldOpening, OPEN.replace('named public\n', ''), FILES);
    expect(steps(cut)[0]).toMatch(/^rm -f/);
    const stopped = decided(noFirewalldOpening, 'default public\nnamed public\n', FILES);
    expect(steps(stopped)[0]).toMatch(
      /^firewall-offline-cmd -q --zone=public --remove-service-from-zone=slipway\nrm -f .*xml$/,
    );
  });

  it("stays where the file is somebody else's", () => {
    const foreign = { service: file('<service/>'), zone: missingFile };
    expect(decided(noFirewalldOpening, OPEN, foreign)).toMatchObject({ answer: 'none' });
  });
});

const unit = (load: string, active: string) => ({ unit: { load, active } });

describe('firewalld that is not to run', () => {
  it('is stopped and masked, and told what slipway had let in', () => {
    const outcome = decided(noFirewalld, OPEN, { ...FILES, ...unit('loaded', 'active') });
    expect(whats(outcome).slice(0, 2)).toEqual(['masked', 'active']);
    expect(steps(outcome)[0]).toBe('systemctl disable --now firewalld\nsystemctl mask firewalld');
    expect(steps(outcome)[1]).toContain('firewall-offline-cmd');
  });

  it('is left where it is masked, or not installed', () => {
    const answers = { ...NO_FILES, ...unit('masked', 'inactive') };
    expect(decided(noFirewalld, '', answers)).toEqual({ answer: 'none', why: 'firewalld is masked' });
    expect(decided(noFirewalld, '', { ...NO_FILES, ...unit('not-found', 'inactive') })).toMatchObject({
      why: 'firewalld is not installed',
    });
    expect(whats(decided(noFirewalld, '', { ...NO_FILES, ...unit('loaded', 'inactive') }))).toEqual([
      'masked',
    ]);
  });
});

const cluster = (encapsulation: string, loadBalancer: object = { type: 'external' }) =>
  ({
    network: { plugin: 'calico', encapsulation, bgp: true, install: { by: 'manifest' } },
    kubernetes: {
      etcd: { type: 'stacked' },
      loadBalancer,
      podSubnet: '10.244.0.0/16,fd00::/48',
      serviceSubnet: '10.96.0.0/12',
    },
  }) as unknown as Cluster;

describe('the ports of firewalld', () => {
  it('are those of the role and the network, with IP in IP by its number', () => {
    expect(firewalldOpeningOf(cluster('ipip'), 'control-plane')).toEqual({
      ports: ['6443/tcp', '2379-2380/tcp', '10250/tcp', '179/tcp'],
      protocols: ['4'],
      sources: ['10.244.0.0/16', 'fd00::/48', '10.96.0.0/12'],
    });
    expect(firewalldOpeningOf(cluster('vxlan'), 'worker')).toMatchObject({
      ports: ['10250/tcp', '4789/udp', '179/tcp'],
      protocols: [],
    });
    const keepalived = cluster('vxlan', { type: 'keepalived', address: '10.0.0.9', port: 6443 });
    expect(firewalldOpeningOf(keepalived, 'control-plane').protocols).toEqual(['112']);
  });
});

describe('the question to firewalld', () => {
  it('is a program that a shell can read, and says nothing where there is none', () => {
    const fact = firewalldState('slipway');
    const script = fact.family.script(['slipway'] as never);
    const said = execFileSync('sh', { input: script, encoding: 'utf8', env: { PATH: '/usr/bin:/bin' } });
    expect(parseText(said, [fact])[0]).toEqual({
      isRunning: false,
      zone: 'public',
      zones: [],
      sources: [],
      live: null,
    });
  });
});
