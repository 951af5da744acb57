import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { LabCluster } from './support/lab-cluster.ts';

const reason = labUnavailable();
const HOST_PHASES = 'preflight,swap,kernel,runtime,kubernetes';
const ONLY_CONTROL_PLANE = ['--only', `${HOST_PHASES},control-plane`];
const KUBECTL = 'kubectl --kubeconfig /etc/kubernetes/admin.conf';

/** Lines that tell of a retry, and why. */
const RETRIED = {
  cp1: /cp1 \S+ package-index:\S+ retry \d in .*503/,
  w1: /w1 \S+ package-index:\S+ retry \d in .*Could not get lock/,
};

/** Holds the lock of apt's lists, as another apt-get would (fcntl), until the file that says so is gone. */
const HOLDS_LISTS_LOCK = `
  use Fcntl;
  open(my $lock, '>>', '/var/lib/apt/lists/lock') or die $!;
  my $whole = pack('ssx4qqi', F_WRLCK, 0, 0, 0, 0);
  fcntl($lock, F_SETLK, $whole) or die $!;
  my $held = '/run/lists-lock-held';
  open(my $mark, '>', $held) or die $!;
  close($mark);
  select(undef, undef, undef, 0.1) while -e $held;`;

/** What is put into kubeadm's log when its connections are cut. */
const CUT = '--- cut here';

/** What is read of a pod, or of a node. */
interface Pod {
  readonly metadata: { readonly uid: string; readonly creationTimestamp: string };
  readonly spec: { readonly nodeName?: string };
  readonly status: {
    readonly containerStatuses: readonly {
      readonly state: { readonly running?: { readonly startedAt: string } };
    }[];
  };
}

describe.skipIf(reason !== undefined)(`resuming${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let cluster: LabCluster;
  beforeAll(async () => {
    cluster = await LabCluster.start([{ name: 'cp1' }, { name: 'w1' }]);
  });
  afterAll(() => cluster?.[Symbol.asyncDispose]());

  async function applied(...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await cluster.slipway('apply', '--yes', ...args);
    expect(code, `${stdout}\n${stderr}`).toBe(0);
    return stdout + stderr;
  }

  /** Applies, with a kubeadm that is killed (SIGKILL), with all of its unit, as soon as it has printed a line. */
  async function killKubeadm(host: string, verb: 'init' | 'join', line: string): Promise<void> {
    await cluster.lab.exec(host, 'sh', { input: dyingKubeadm(verb, line) });
    const { code, stdout, stderr } = await cluster.slipway('apply', '--yes');
    await cluster.lab.exec(host, 'mv /usr/bin/kubeadm.real /usr/bin/kubeadm');
    expect(code, `${stdout}\n${stderr}`).toBe(1);
    expect(stdout + stderr).toContain(`slipway-kubeadm-${verb} ended without an exit code`);
  }

  /**
   * Applies, and cuts all connections to a host as soon as kubeadm has printed a line there; gives what kubeadm's
   * log has from before and from after that. A kubeadm that was started again would have begun it anew.
   */
  async function logAcrossCut(host: string, verb: 'init' | 'join', line: string): Promise<readonly string[]> {
    const log = `/run/slipway/slipway-kubeadm-${verb}.log`;
    await cluster.lab.exec(host, `rm -f ${log}`);
    const running = cluster.slipway('apply', '--yes', ...(verb === 'init' ? ONLY_CONTROL_PLANE : []));
    const input = `
      i=0
      until grep -qsF '${line}' ${log}; do i=$((i+1)); [ "$i" -lt 1500 ] || exit 1; sleep 0.02; done
      echo '${CUT}' >>${log}
      pkill -9 -f 'sshd: root@notty'`;
    await cluster.lab.exec(host, 'sh', { input, nothrow: true });
    const { code, stdout, stderr } = await running;
    expect(code, `${stdout}\n${stderr}`).toBe(0);
    expect(stderr).toContain(`connection to ${host} was lost`);
    return (await cluster.lab.exec(host, `cat ${log}`)).stdout.split(CUT);
  }

  /** Calico's pod on w1, when what runs in it was started, and when the node was registered. */
  async function networkPod() {
    const pods = `${KUBECTL} -n kube-system get pods -l k8s-app=calico-node -o json`;
    const { stdout } = await cluster.lab.exec('cp1', `${pods}; ${KUBECTL} get node w1 -o json`);
    const [list = '', node = ''] = stdout.split(/^(?=\{)/m);
    const { items } = JSON.parse(list) as { readonly items: readonly Pod[] };
    const pod = items.find(({ spec }) => spec.nodeName === 'w1');
    return {
      uid: pod?.metadata.uid,
      startedAt: pod?.status.containerStatuses[0]?.state.running?.startedAt ?? '',
      registeredAt: (JSON.parse(node) as Pod).metadata.creationTimestamp,
    };
  }

  it('rides out a package lock and a repository that answers 503', async () => {
    const held = cluster.lab.exec('w1', 'perl', { input: HOLDS_LISTS_LOCK, nothrow: true });
    await cluster.lab.exec('w1', 'until [ -e /run/lists-lock-held ]; do sleep 0.1; done');
    const [cp1] = cluster.lab.hosts;
    cluster.lab.web.fail({ path: /Release$/, status: 503, client: cp1?.address ?? '' });
    const { code, stdout, stderr } = await cluster.slipwayWhile(
      [
        { seen: RETRIED.cp1, act: () => cluster.lab.web.faults.clear() },
        { seen: RETRIED.w1, act: () => cluster.lab.exec('w1', 'rm /run/lists-lock-held') },
      ],
      'apply',
      '--yes',
      '--only',
      HOST_PHASES,
    );
    expect(code, `${stdout}\n${stderr}`).toBe(0);
    expect(stderr).toMatch(RETRIED.cp1);
    expect(stderr).toMatch(RETRIED.w1);
    await held;
  });

  it.each([
    '[certs] Generating "front-proxy-ca"',
    'Creating static Pod manifest for "kube-scheduler"',
    '[kubelet-start] Starting the kubelet',
    '[upload-config] Storing',
    '[bootstrap-token] Configuring bootstrap tokens',
    '[addons] Applied essential addon: CoreDNS',
  ])('goes on with a kubeadm init that was killed at: %s', async (line) => {
    await cluster.lab.exec(
      'cp1',
      'kubeadm reset -f >/dev/null 2>&1; rm -rf /etc/cni/net.d/10-calico.conflist',
    );
    await killKubeadm('cp1', 'init', line);
    await applied(...ONLY_CONTROL_PLANE);
    const { stdout } = await cluster.lab.exec(
      'cp1',
      `${KUBECTL} -n kube-system get daemonset kube-proxy -o name`,
    );
    expect(stdout).toContain('kube-proxy');
  });

  it('outlives its connection: kubeadm init goes on, and the same run follows it to its end', async () => {
    await cluster.lab.exec(
      'cp1',
      'kubeadm reset -f >/dev/null 2>&1; rm -rf /etc/cni/net.d/10-calico.conflist',
    );
    const line = '[kubelet-start] Starting the kubelet';
    expect(await logAcrossCut('cp1', 'init', line)).toEqual([
      expect.stringContaining(line),
      expect.stringContaining('control-plane has initialized successfully'),
    ]);
  });

  it.each(['[kubelet-start] Writing kubelet configuration', '[kubelet-start] Starting the kubelet'])(
    'goes on with a kubeadm join that was killed at: %s',
    async (line) => {
      await cluster.lab.exec('w1', 'kubeadm reset -f >/dev/null 2>&1');
      await cluster.lab.exec('cp1', `${KUBECTL} delete node w1 --ignore-not-found`);
      await killKubeadm('w1', 'join', line);
      await applied();
      expect(await cluster.pending()).toEqual([]);
      expect((await cluster.lab.exec('w1', 'ls /etc/kubernetes')).stdout).not.toContain(
        'bootstrap-kubelet.conf',
      );
    },
  );

  it('refuses a machine that belongs to another cluster, and says how to free it', async () => {
    await cluster.lab.exec('cp1', 'kubeadm reset -f >/dev/null 2>&1');
    const without = await cluster.slipway('plan');
    expect(without.code).toBe(1);
    expect(without.stdout).toContain('JoinedElsewhere');
    await applied('--limit', 'cp1');
    const other = await cluster.slipway('plan');
    expect(other.stdout).toContain('it trusts another authority');
    await cluster.lab.exec('w1', 'kubeadm reset -f >/dev/null 2>&1');
    await applied();
  });

  it('joins a machine again whose node was left behind by a reset, and by a join that was refused for it', async () => {
    const { stdout: command } = await cluster.lab.exec('cp1', 'kubeadm token create --print-join-command');
    // At once: the node is in the way only as long as it counts as Ready.
    const again = `kubeadm reset -f >/dev/null 2>&1; ${command.trim()}`;
    const refused = await cluster.lab.exec('w1', again, { nothrow: true });
    expect(refused.stderr).toContain('already exists in the cluster');
    const before = await networkPod();
    await applied();
    // It stays, and is no proof of anything before it was started anew.
    const { uid, startedAt, registeredAt } = await networkPod();
    expect(uid).toBe(before.uid);
    expect(startedAt >= registeredAt, `${startedAt}, ${registeredAt}`).toBe(true);
    expect(await cluster.pending()).toEqual([]);
  });

  it('outlives its connection: kubeadm join goes on, and the same run follows it to its end', async () => {
    await cluster.lab.exec('w1', 'kubeadm reset -f >/dev/null 2>&1');
    const line = '[preflight] Running pre-flight checks';
    expect(await logAcrossCut('w1', 'join', line)).toEqual([
      expect.stringContaining(line),
      expect.stringContaining('This node has joined the cluster'),
    ]);
    await sleep(1000);
    expect(await cluster.pending()).toEqual([]);
  });
});

/** Puts a program in kubeadm's place that reads what kubeadm prints: whoever looks from time to time comes too late. */
const dyingKubeadm = (verb: string, line: string): string => `
  mv /usr/bin/kubeadm /usr/bin/kubeadm.real
  cat >/usr/bin/kubeadm <<'END'
#!/bin/sh
case "$1 $2" in '${verb} --'*) ;; *) exec /usr/bin/kubeadm.real "$@" ;; esac
rm -f /run/kubeadm.pipe; mkfifo /run/kubeadm.pipe
/usr/bin/kubeadm.real "$@" >/run/kubeadm.pipe 2>&1 & pid=$!
while IFS= read -r printed; do
  printf '%s\\n' "$printed"
  case $printed in *'${line}'*) kill -9 $pid; systemctl kill -s KILL --kill-who=all slipway-kubeadm-${verb} ;; esac
done </run/kubeadm.pipe
wait $pid
END
  chmod 755 /usr/bin/kubeadm`;
