import { describe, expect, it } from 'vitest';

import { buildGraph } from '#engine/build-graph.ts';
import { applyWorkflow } from '#workflows/apply.ts';
import { resetWorkflow } from '#workflows/reset.ts';

import { host, inventory, parse, problemsOf } from './inventory-fixture.ts';

const LOOKED_FOR =
  /\/(?:firewalld|selinux|selinux-labels|file:\/etc\/NetworkManager[^ ]*|check:Firewalld|packages:host)$/;

/** What the last host has of it in a plan, with the phase. */
async function planned(text: string, workflow = applyWorkflow): Promise<readonly string[]> {
  const { cluster } = await parse(text);
  const { name } = cluster.hosts.at(-1)!;
  return buildGraph({ cluster, workflow, artifacts: new Map() })
    .nodes.filter(({ id }) => id.startsWith(`${name}/`) && LOOKED_FOR.test(id))
    .map(({ id }) => id.slice(name.length + 1));
}

const NETWORK_MANAGER = 'host/file:/etc/NetworkManager/conf.d/calico.conf';

describe('firewalld, SELinux and NetworkManager', () => {
  it.each([
    ['nothing', inventory(), ['preflight/check:Firewalld']],
    ['firewalld: keep', host('firewalld: keep'), ['preflight/check:Firewalld', 'host/firewalld']],
    ['firewalld: open', host('firewalld: open'), ['host/firewalld']],
    ['of a group', host('group: g', 'groups: {g: {firewalld: disable}}'), ['host/firewalld']],
    ['selinux: keep', host('selinux: keep'), ['preflight/check:Firewalld']],
    ['selinux: permissive', host('selinux: permissive'), ['preflight/check:Firewalld', 'host/selinux']],
    [
      'selinux: enforcing',
      host('selinux: enforcing'),
      ['preflight/check:Firewalld', 'host/packages:host', 'kubernetes/selinux-labels', 'kubernetes/selinux'],
    ],
    ['os: debian 13', host('os: debian 13'), ['preflight/check:Firewalld']],
    ['os: rocky 9', host('os: rocky 9'), ['preflight/check:Firewalld', NETWORK_MANAGER]],
    [
      'without Calico',
      host('networkManager: without-calico', 'network: {plugin: none}'),
      ['preflight/check:Firewalld'],
    ],
    [
      'a file of the operator',
      host('os: rocky 9, files: {/etc/NetworkManager/conf.d/calico.conf: {content: x}}'),
      ['preflight/check:Firewalld'],
    ],
  ])('are planned as %s says', async (_, text, wanted) => {
    expect((await planned(text)).filter((id) => !id.startsWith('files/'))).toEqual(wanted);
  });

  it('have a way back where the inventory speaks of them', async () => {
    expect(await planned(inventory(), resetWorkflow)).toEqual([]);
    expect(await planned(host('firewalld: open, os: rocky 9'), resetWorkflow)).toEqual([
      'leftovers/firewalld',
      'leftovers/file:/etc/NetworkManager/conf.d/calico.conf',
    ]);
  });

  it.each([
    ['firewalld: on', 'hosts[1].firewalld: must be keep, open or disable'],
    ['selinux: off', 'hosts[1].selinux: must be keep, permissive or enforcing'],
    ['networkManager: leave', 'hosts[1].networkManager: must be keep or without-calico'],
  ])('%s is no choice', async (written, message) => {
    expect(JSON.stringify(await problemsOf(host(written)))).toContain(message);
  });
});
