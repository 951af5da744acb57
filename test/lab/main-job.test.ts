import { createHash } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { operatorPassword } from '../../scripts/lab/base-recipe.ts';
import { type FilesystemSnapshot, filesystemChanges } from '../../scripts/lab/filesystem-digest.ts';
import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { LabCluster } from './support/lab-cluster.ts';
import { logPrograms, seenBySshd } from './support/ssh-log.ts';
import { startsOf } from './support/starts-of.ts';

const HOSTS = [
  { name: 'cp1', suite: 'bookworm' },
  { name: 'w1', suite: 'trixie', swap: true },
  { name: 'w2', suite: 'bookworm' },
] as const;

const reason = labUnavailable();

describe.skipIf(reason !== undefined)(
  `the main job on three hosts${reason ? ` (skipped: ${reason})` : ''}`,
  () => {
    let cluster: LabCluster;
    beforeAll(async () => {
      vi.stubEnv('LAB_SUDO_PASSWORD', operatorPassword);
      cluster = await LabCluster.start(HOSTS, {
        overlay: { names: { hostname: true, hostsFile: true } },
        hosts: {
          w1: {
            user: 'operator',
            becomePassword: { env: 'LAB_SUDO_PASSWORD' },
            labels: { disk: 'fast' },
            files: {
              '/etc/site/motd': { content: 'of the operator\n', mode: '0640', owner: 'root:adm' },
              '/etc/site/token': { secret: { env: 'LAB_SUDO_PASSWORD' } },
            },
            taints: ['dedicated=batch:NoSchedule'],
          },
          w2: { user: 'debian' },
        },
      });
    });
    afterAll(async () => {
      vi.unstubAllEnvs();
      await cluster?.[Symbol.asyncDispose]();
    });

    it('plans on bare hosts and changes no file on them', async () => {
      // The first sudo ever leaves a mark in the user's home directory: that is sudo's, so it comes before.
      await cluster.lab.exec('w1', 'sudo -S true', { user: 'operator', input: `${operatorPassword}\n` });
      await cluster.lab.exec('w2', 'sudo true', { user: 'debian' });
      const before = await disks(cluster);
      const { code, stdout } = await cluster.slipway('plan', '--detailed-exitcode');
      expect(code).toBe(2);
      expect(stdout).toMatch(
        /^Plan: \d+ to change, \d+ of them known in part, \d+ to be looked at later, \d+ already right on 3 hosts$/m,
      );
      expect(await changesSince(cluster, before)).toEqual([]);
    });

    it('makes a cluster of bare hosts', async () => {
      const { code, stderr, stdout } = await cluster.slipway('apply', '--yes');
      expect(code, `${stdout}\n${stderr}`).toBe(0);
      expect(stdout + stderr).not.toContain(operatorPassword);
      const { stdout: nodes } = await cluster.lab.exec(
        'cp1',
        'kubectl --kubeconfig /etc/kubernetes/admin.conf get nodes',
      );
      expect(nodes.split('\n').filter((line) => /\sReady\s/.test(line))).toHaveLength(3);
    });

    it('has started each runtime once: its package has not, before its configuration was there', async () => {
      for (const { name } of HOSTS) expect(await startsOf(cluster, name, 'containerd'), name).toBe(1);
    });

    it('has begun to pull images on each machine before it was a node, and all of them came', async () => {
      for (const { name } of HOSTS) {
        const { stdout } = await cluster.lab.exec(
          name,
          'while systemctl is-active -q slipway-pull; do sleep 0.5; done; journalctl --sync; cat /run/slipway/pulled-images; journalctl -q -u slipway-pull.service -o cat | grep -c "Deactivated successfully"',
        );
        expect(stdout).toMatch(/registry.k8s.io\/pause/);
        expect(stdout).not.toContain('failed');
        expect(stdout.trimEnd().split('\n').at(-1)).toBe('1');
      }
    });

    it('has nothing left to do afterwards: a plan opens one connection a host and starts one program', async () => {
      await logPrograms(cluster.lab);
      const seen = await seenBySshd(cluster.lab, async () => expect(await cluster.pending()).toEqual([]));
      expect([...seen]).toEqual(HOSTS.map(({ name }) => [name, { connections: 1, logins: 1, programs: 1 }]));
    });

    it('restarts nothing when run again, and needs one connection and two programs a host', async () => {
      const started = await unitStates(cluster);
      const seen = await seenBySshd(cluster.lab, async () => {
        const { code, stdout, stderr } = await cluster.slipway('apply', '--yes');
        expect(code, stderr).toBe(0);
        expect(stdout).toContain('No changes.');
      });
      // The second program holds the host's lock.
      expect([...seen]).toEqual(HOSTS.map(({ name }) => [name, { connections: 1, logins: 1, programs: 2 }]));
      expect(await unitStates(cluster)).toEqual(started);
    });

    it('leaves no join token behind', async () => {
      const { stdout } = await cluster.lab.exec('cp1', 'kubeadm token list');
      expect(stdout).not.toContain('joins of one run');
    });

    it('brings the files of the inventory, and tells nobody the secret in one', async () => {
      const { stdout } = await cluster.lab.exec(
        'w1',
        "stat -c '%n %a %U:%G' /etc/site/*; cat /etc/site/motd; sha256sum </etc/site/token; ls /var/lib/slipway/files",
      );
      expect(stdout.split('\n')).toEqual([
        '/etc/site/motd 640 root:adm',
        '/etc/site/token 600 root:root',
        'of the operator',
        `${createHash('sha256').update(`${operatorPassword}\n`).digest('hex')}  -`,
        '%2Fetc%2Fsite%2Fmotd',
        '%2Fetc%2Fsite%2Ftoken',
        '',
      ]);
    });

    it('sets the labels and taints of the inventory', async () => {
      const { stdout } = await cluster.lab.exec(
        'cp1',
        'kubectl --kubeconfig /etc/kubernetes/admin.conf get node w1 -o json',
      );
      const node = JSON.parse(stdout) as { metadata: { labels: object }; spec: { taints: object[] } };
      expect(node.metadata.labels).toMatchObject({ disk: 'fast' });
      expect(node.spec.taints).toContainEqual({ key: 'dedicated', value: 'batch', effect: 'NoSchedule' });
    });

    const DRIFTS: readonly (readonly [
      what: string,
      host: string,
      command: string,
      pending: readonly string[],
    ])[] = [
      [
        'a sysctl that was turned off',
        'w1',
        'sysctl -w net.ipv4.ip_forward=0',
        ['change w1/kernel/sysctl:net.ipv4.ip_forward'],
      ],
      [
        'a stopped containerd',
        'w2',
        'systemctl stop containerd',
        ['change w2/runtime/unit:containerd.service', 'deferred w2/runtime/cri:containerd.service'],
      ],
      [
        'an edited containerd configuration',
        'w1',
        "sed -i 's/SystemdCgroup = true/SystemdCgroup = false/' /etc/containerd/config.toml",
        [
          'change w1/runtime/file:/etc/containerd/config.toml',
          'deferred w1/runtime/containerd-effective',
          'change w1/runtime/unit:containerd.service',
          'deferred w1/runtime/cri:containerd.service',
        ],
      ],
      [
        'a package that is no longer held',
        'cp1',
        'apt-mark unhold kubelet',
        ['change cp1/kubernetes/packages:kubernetes'],
      ],
      [
        'a label that was removed',
        'cp1',
        'kubectl --kubeconfig /etc/kubernetes/admin.conf label node w1 disk-',
        ['change w1/nodes/node-labels:w1'],
      ],
      [
        'a file of the operator that was edited, and the secret that all may read',
        'w1',
        'echo more >>/etc/site/motd; chmod 644 /etc/site/token',
        ['change w1/files/file:/etc/site/motd', 'change w1/files/file:/etc/site/token'],
      ],
      [
        'another hostname, and a name that was taken out of /etc/hosts',
        'w2',
        "hostname elsewhere; grep -v ' w1 # A host' /etc/hosts >/tmp/hosts; cat /tmp/hosts >/etc/hosts",
        ['change w2/names/hostname', 'change w2/names/file:/etc/hosts'],
      ],
      [
        "Calico's DaemonSet, deleted",
        'cp1',
        'kubectl --kubeconfig /etc/kubernetes/admin.conf -n kube-system delete daemonset calico-node',
        ['change cp1/network/manifest:calico v3.32.1'],
      ],
    ];

    it.each(DRIFTS)('plans and mends %s, and nothing else', async (_, host, command, pending) => {
      await cluster.lab.exec(host, command);
      // A runtime that is down soon shows in its node too: that is the drift's doing, and not always seen yet.
      const planned = (await cluster.pending()).filter((line) => !line.includes('/verify/'));
      expect(planned).toEqual(pending);
      const { code, stderr, stdout } = await cluster.slipway('apply', '--yes');
      expect(code, `${stdout}\n${stderr}`).toBe(0);
      expect(await cluster.pending()).toEqual([]);
    });
  },
);

const disks = (cluster: LabCluster): Promise<readonly FilesystemSnapshot[]> =>
  Promise.all(HOSTS.map(({ name }) => cluster.lab.filesystemSnapshot(name)));

/** What is not as it was on the hosts' disks. */
async function changesSince(
  cluster: LabCluster,
  before: readonly FilesystemSnapshot[],
): Promise<readonly string[]> {
  const after = await disks(cluster);
  return HOSTS.flatMap(({ name }, index) => {
    const [was, is] = [before[index], after[index]];
    if (was === undefined || is === undefined) throw new Error(`no snapshot of ${name}`);
    return filesystemChanges(was, is).map((change) => `${name}: ${change}`);
  });
}

/** When the daemons that a needless restart would hurt were started, and how often systemd has done it again. */
async function unitStates(cluster: LabCluster): Promise<readonly string[]> {
  return Promise.all(
    HOSTS.map(async ({ name }) => {
      const { stdout } = await cluster.lab.exec(
        name,
        'systemctl show -p Id,NRestarts,ActiveEnterTimestampMonotonic,ExecMainStartTimestampMonotonic containerd kubelet ssh',
      );
      return stdout;
    }),
  );
}
