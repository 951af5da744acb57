import { describe, expect, it } from 'vitest';

import { firewalld, packageSources, selinux } from '#checks/preflight/guards.ts';
import type { Cluster, HostKind } from '#core/cluster.ts';
import type { Resource } from '#core/resource.ts';
import { guards } from '#facts/guards.ts';

import { parseText } from '../facts/ask.ts';

const cluster = {
  network: { plugin: 'calico', encapsulation: 'vxlan', bgp: false, install: { by: 'manifest' } },
  kubernetes: {
    etcd: { type: 'stacked' },
    loadBalancer: { type: 'external' },
    podSubnet: '10.244.0.0/16',
    serviceSubnet: '10.96.0.0/12',
  },
} as unknown as Cluster;
const kind = (role: string, from = 'repository'): HostKind =>
  ({ role, runtime: { type: 'containerd', source: { from } } }) as unknown as HostKind;

/** What a check says of a host that printed this. */
function judged(check: Resource, output: string, more: object = {}): string {
  const [found] = parseText(output, [guards()]);
  const outcome = check.diff({ guards: found, ...more } as never, { host: 'w1', changed: [] });
  return outcome.answer === 'refused' ? `${outcome.why} -- ${outcome.hint}` : outcome.answer;
}

const ACTIVE = { unit: { active: 'active' } };

describe('firewalld', () => {
  const worker = firewalld(cluster, kind('worker'));
  const ZONES = '/etc/firewalld/zones';
  const TRUSTED = `${ZONES}/trusted.xml:<source address="10.244.0.0/16"/>\n${ZONES}/trusted.xml:<source address="10.96.0.0/12"/>\n`;

  it('is asked for the ports of a role, and to trust pods and services', () => {
    expect(judged(worker, '', ACTIVE)).toBe(
      'firewalld is active, and does not let in 10250/tcp, 4789/udp, and does not trust 10.244.0.0/16, 10.96.0.0/12 -- ' +
        'firewall-cmd --permanent --add-port=10250/tcp && firewall-cmd --permanent --add-port=4789/udp && ' +
        'firewall-cmd --permanent --zone=trusted --add-source=10.244.0.0/16 && firewall-cmd --permanent --zone=trusted --add-source=10.96.0.0/12 && ' +
        'firewall-cmd --reload, or firewalld: open in the inventory; or, as Calico advises, systemctl disable --now firewalld, or firewalld: disable',
    );
  });

  it('is left where it lets them in, in ranges as well', () => {
    const open = `${ZONES}/public.xml:<port port="10000-11000" protocol="tcp"/>\n${ZONES}/a.xml:<port protocol="udp" port="4789"/>\n`;
    expect(judged(worker, open + TRUSTED, ACTIVE)).toBe('none');
    expect(judged(worker, open.replace('udp', 'tcp') + TRUSTED, ACTIVE)).toContain(
      'does not let in 4789/udp --',
    );
    const etcd = `${ZONES}/public.xml:<port port="2379-2380" protocol="tcp"/>\n${ZONES}/public.xml:<port port="6443" protocol="tcp"/>\n`;
    expect(judged(firewalld(cluster, kind('control-plane')), open + etcd + TRUSTED, ACTIVE)).toBe('none');
  });

  it('is none of our business where it does not run', () => {
    expect(judged(worker, '', { unit: { active: 'inactive' } })).toBe('none');
  });
});

describe('SELinux', () => {
  it.each([
    ['', 'upstream', 'none'],
    ['selinux 0\n', 'upstream', 'none'],
    ['selinux 1\n', 'repository', 'none'],
    ['selinux 1\n', 'upstream', 'SELinux is enforcing, and programs of a release file get no label'],
  ])('%j, and containerd from %s', (output, from, said) => {
    expect(judged(selinux(kind('worker', from)), output)).toContain(said);
  });
});

describe('package sources', () => {
  const RHEL = { os: { id: 'rhel', idLike: ['fedora'] } };

  it('must be there, and the way to them is said', () => {
    expect(judged(packageSources, 'repositories 0\nrepositories 0\n', RHEL)).toContain(
      'no repository of the distribution is enabled, so nothing that packages depend on can be installed -- register the host: subscription-manager register',
    );
    expect(judged(packageSources, 'repositories 0\n', { os: { id: 'rocky', idLike: [] } })).toContain(
      '-- give it repositories in /etc/yum.repos.d',
    );
  });

  it('are there, or are those of another family', () => {
    expect(judged(packageSources, 'repositories 2\n', RHEL)).toBe('none');
    expect(judged(packageSources, '', { os: { id: 'debian', idLike: [] } })).toBe('none');
  });
});
