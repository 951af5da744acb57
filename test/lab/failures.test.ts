import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { serveCriDockerd } from '../../scripts/lab/stand-ins/runtimes/releases.ts';
import { LabCluster } from './support/lab-cluster.ts';

/** What the kubelet of a person's drop-in says before it ends, as the real one says it. */
const KUBELET_WORDS = `E1128 09:00:00.000000    4711 run.go:72] "command failed" err="failed to run Kubelet: no cgroup for it"`;
const KUBELET_DROP_IN = `[Service]
ExecStartPre=/bin/sh -c 'echo "I1128 09:00:00.000000    4711 server.go:1] \\\\"Failed nothing\\\\""; cat /root/words >&2; exit 1'
`;
/** As the kubelet keeps the logs of a container that ended and of its successor; on real nodes it does so itself. */
const APISERVER_LOGS = '/var/log/pods/kube-system_kube-apiserver-cp1_0d1/kube-apiserver';
const APISERVER_WORDS = 'Error: invalid argument "x" for "--etcd-servers-overrides" flag';

const reason = labUnavailable();

/** cp1: a kubelet that does not start; d2: Debian's Docker, which does not either. */
describe.skipIf(reason !== undefined)(`failures on hosts${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let cluster: LabCluster;
  beforeAll(async () => {
    cluster = await LabCluster.start([{ name: 'cp1' }, { name: 'd2', suite: 'trixie' }]);
    const criDockerd = await serveCriDockerd(cluster.lab, 'tgz');
    await cluster.writeInventory({
      hosts: { d2: { runtime: { type: 'docker', downloads: { criDockerd } } } },
      overlay: { runtime: { config: undefined } },
    });
  });
  afterAll(() => cluster?.[Symbol.asyncDispose]());

  const on = async (host: string, script: string): Promise<string> =>
    (await cluster.lab.exec(host, 'sh', { input: script })).stdout.trim();
  /** Of a run that fails, what is shown of it, in one line. */
  const failing = async (...args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await cluster.slipway('apply', '--yes', ...args);
    const text = `${stdout}\n${stderr}`;
    expect(code, text).toBe(1);
    return text;
  };

  it('a unit that does not start is told by the attempt that failed, though systemd tries it again', async () => {
    await on('d2', `mkdir -p /etc/docker; echo '{"storage-driver": "overlay9"}' >/etc/docker/daemon.json`);
    const text = await failing('--only', 'preflight,kernel,runtime', '--limit', 'd2');
    expect(text).toContain('the journal of docker.service says:');
    expect(text).toMatch(/failed to start daemon: .*overlay9/);
    expect(text).not.toContain('level=info');
    expect(text.match(/failed to start daemon/g)?.length).toBeLessThan(4);
  });

  it('kubeadm that waits in vain is told by the kubelet, and by the containers of the control plane that ended', async () => {
    await on(
      'cp1',
      `mkdir -p /etc/systemd/system/kubelet.service.d ${APISERVER_LOGS}
cat >/root/words <<'END'
${KUBELET_WORDS}
END
cat >/etc/systemd/system/kubelet.service.d/99-mine.conf <<'END'
${KUBELET_DROP_IN}END
printf '2026-11-28T09:00:00.000000000Z stderr F Usage:\\n2026-11-28T09:00:00.000000000Z stderr F %s\\n' '${APISERVER_WORDS}' >${APISERVER_LOGS}/0.log
touch ${APISERVER_LOGS}/1.log`,
    );
    const text = await failing('--limit', 'cp1', '--skip', 'verify');
    expect(text).toMatch(/kubeadm init: exit code 1/);
    expect(text).toContain('the journal of kubelet.service says:');
    expect(text).toContain(KUBELET_WORDS);
    expect(text).not.toContain('Failed nothing');
    expect(text).toContain('kube-apiserver, a container of which has ended, says:');
    expect(text).toContain(APISERVER_WORDS);
  });
});
