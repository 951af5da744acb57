import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import type { BundleIndex } from '#core/bundle.ts';

import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { becomeRocky } from '../../scripts/lab/stand-ins/rocky.ts';
import { dnfUnavailable } from './support/dnf-host.ts';
import { LabCluster, type Outcome } from './support/lab-cluster.ts';
import { aptSources, cutOff, KUBERNETES, outside, registriesOf, serveImages } from './support/site.ts';

/** The first one is the bastion, and no part of the cluster. */
const MACHINES = [
  { name: 'edge', suite: 'bookworm' },
  { name: 'cp1', suite: 'bookworm' },
  { name: 'w1', suite: 'trixie' },
  { name: 'r1', suite: 'bookworm' },
] as const;
const DEBIAN = [
  { name: 'cp1', os: 'debian 12' },
  { name: 'w1', os: 'debian 13' },
] as const;
const NODES = ['cp1', 'w1', 'r1'] as const;

const reason =
  labUnavailable() ??
  dnfUnavailable() ??
  (process.env['SLIPWAY_LAB_REPO'] ? 'its packages and images are stand-ins' : undefined);

const done = ({ code, stdout, stderr }: Outcome): string => {
  expect(code, `${stdout}\n${stderr}`).toBe(0);
  return stdout;
};

/**
 * All at once: releases of two families, hosts that are reached through a bastion alone, a proxy that everything would have
 * to go through, and a bundle, so that nothing does.
 */
describe.skipIf(reason !== undefined)(
  `Debian 12, Debian 13 and a stand-in for Rocky Linux behind a bastion and a proxy, from a bundle${reason === undefined ? '' : ` (skipped: ${reason})`}`,
  () => {
    let cluster: LabCluster;
    let bundle: string;
    let proxy: ChildProcess;
    let location = '';
    let requests: readonly string[] = [];
    let inventory: (registries: object) => Promise<void>;
    const environment = { ...process.env };

    const addressOf = (host: string): string =>
      cluster.lab.hosts.find(({ name }) => name === host)?.address ?? '';
    /** By the bastion, as slipway: nobody else is let in. */
    const on = async (host: string, input: string): Promise<string> => {
      const ssh = `ssh -i /root/inside -o StrictHostKeyChecking=accept-new -o LogLevel=ERROR root@${addressOf(host)} sh`;
      return (await cluster.lab.exec('edge', ssh, { input })).stdout.trim();
    };
    const pending = async (...words: readonly string[]): Promise<readonly string[]> => {
      const { nodes } = await cluster.plan(...words);
      return nodes.flatMap(({ id, outcome }) =>
        outcome.answer === 'none' ? [] : [`${outcome.answer} ${id}`],
      );
    };

    beforeAll(async () => {
      cluster = await LabCluster.start(MACHINES);
      const { lab, directory } = cluster;
      bundle = join(directory, 'site.tar');
      serveImages(lab);
      const { docker } = await becomeRocky(lab, ['r1']);
      await startProxy();
      const [edge] = lab.hosts;
      inventory = (registries) =>
        cluster.writeInventory({
          overlay: {
            registries,
            // containerd of two majors: what the lab says of its plugin is of one of them.
            runtime: { config: undefined },
            proxy: { http: location },
            ssh: { bastions: { edge: { address: edge!.address } } },
            defaults: { proxyJump: 'edge' },
            hosts: lab.hosts.slice(1).map(({ name, address }) => ({
              name,
              address,
              role: name === 'cp1' ? 'control-plane' : 'worker',
              ...(name === 'r1'
                ? { os: 'rocky 9', runtime: { source: 'docker', repository: docker } }
                : { os: DEBIAN.find((one) => one.name === name)!.os }),
            })),
          },
        });
      await inventory(registriesOf(lab));
    });
    afterAll(async () => {
      process.env = environment;
      proxy?.kill();
      await cluster?.[Symbol.asyncDispose]();
    });

    async function startProxy(): Promise<void> {
      const script = fileURLToPath(new URL('support/forward-proxy.ts', import.meta.url));
      const next = `http://${cluster.lab.gateway}:3142`;
      const [program = '', ...args] = cluster.lab.inNetwork([process.execPath, script, next]);
      proxy = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      let said = '';
      proxy.stdout!.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        requests = said.split('\n').slice(0, -1);
      });
      await vi.waitUntil(() => requests.length > 0, { timeout: 20_000 });
      location = `http://${cluster.lab.gateway}:${requests[0]}`;
    }

    it('has packages of both families in its bundle', async () => {
      const { lab, directory } = cluster;
      const sources = await aptSources(cluster, DEBIAN);
      const rocky = join(directory, 'rocky.repo');
      const base = `${lab.web.url}/rocky`;
      writeFileSync(rocky, `[baseos]\nname=baseos\nbaseurl=${base}\ngpgkey=${base}/RPM-GPG-KEY-rocky\n`);
      // Programs of this machine go out as the hosts did.
      Object.assign(process.env, outside(lab));
      done(
        await cluster.slipway(
          'bundle',
          'create',
          '--out',
          bundle,
          ...sources,
          '--sources',
          `rocky 9=${rocky}`,
        ),
      );
      process.env = { ...environment };
      const { repositories } = JSON.parse(
        done(await cluster.slipway('bundle', 'list', bundle, '--format', 'json')),
      ) as BundleIndex;
      expect(repositories.map(({ release }) => release)).toEqual(['debian 12', 'debian 13', 'rocky 9']);
      const names = repositories[2]!.packages.map(({ name }) => name);
      expect(names).toEqual(
        expect.arrayContaining(['containerd.io', 'conntrack-tools', 'kubelet', 'kubernetes-cni']),
      );
      expect(names.some((name) => name.includes('versionlock'))).toBe(true);
    });

    it('reaches nothing, and is reached through its bastion alone', async () => {
      const { lab } = cluster;
      const key = readFileSync(lab.identityFile, 'utf8');
      await lab.exec('edge', 'umask 077; cat >/root/inside', { input: key });
      for (const name of NODES) {
        // The lab's own way to its mirror, in whose place the proxy of the inventory comes.
        await lab.exec(name, 'rm -f $(grep -l Acquire::http::Proxy /etc/apt/apt.conf.d/*)');
        await cutOff(lab, [name]);
        const inside = `echo 'AllowUsers root@${addressOf('edge')}' >/etc/ssh/sshd_config.d/inside.conf; systemctl restart ssh`;
        await lab.exec(name, 'sh', { input: inside });
        await expect(lab.exec(name, 'true')).rejects.toThrow(/Permission denied/);
      }
      requests = [];
    });

    it('goes up, and has nothing left to do', async () => {
      await inventory({});
      done(await cluster.slipway('apply', '--yes', '--bundle', bundle));
      expect(await pending('--bundle', bundle)).toEqual([]);
      expect(await pending()).toEqual([]);
      const nodes = await on('cp1', 'kubectl --kubeconfig /etc/kubernetes/admin.conf get nodes');
      expect(nodes.match(/ Ready /g)).toHaveLength(3);
      expect(await on('r1', 'rpm -q kubelet; ls /etc/yum.repos.d')).toMatch(
        new RegExp(`^kubelet-${KUBERNETES}-150500\\.1\\.1\\.\\S+\nrocky\\.repo$`),
      );
      expect(await on('r1', 'cat /etc/dnf/plugins/versionlock.list')).toContain(`kubelet-0:${KUBERNETES}-`);
    });

    it('has the settings of the proxy, and nothing has gone through it or past it', async () => {
      for (const name of NODES) {
        const variables = await on(name, `tr '\\0' '\\n' </proc/$(pidof containerd)/environ`);
        expect(variables).toContain(`HTTPS_PROXY=${location}`);
      }
      expect(await on('w1', 'cat /etc/apt/apt.conf.d/90slipway-proxy')).toContain(location);
      expect(await on('r1', 'cat /etc/dnf/slipway-proxy.sh')).toContain(location);
      expect(requests).toEqual([]);
      expect(cluster.lab.web.requests).toEqual([]);
    });

    it('gets back what somebody has taken, of either family, out of what lies there', async () => {
      await on('r1', 'rpm -e --nodeps kubectl');
      await on('w1', 'ctr -n k8s.io images rm docker.io/library/nginx:1.28-alpine');
      const changes = await pending('--bundle', bundle);
      expect(changes.toSorted()).toEqual([
        expect.stringMatching(/^change r1\/kubernetes\/packages:kubernetes/),
        'change w1/images/bundle:images',
      ]);
      done(await cluster.slipway('apply', '--yes', '--bundle', bundle));
      expect(await on('r1', 'rpm -q kubectl')).toMatch(/^kubectl-1/);
      expect(await pending('--bundle', bundle)).toEqual([]);
      expect(requests).toEqual([]);
    });
  },
);
