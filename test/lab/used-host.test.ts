import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { filesystemChanges } from '../../scripts/lab/filesystem-digest.ts';
import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import {
  serveCrioRepository,
  serveDockerRepository,
  type ServedRepository,
} from '../../scripts/lab/stand-ins/runtimes/packages.ts';
import { LabCluster, type Outcome } from './support/lab-cluster.ts';

const PHASES = 'preflight,swap,kernel,runtime,kubernetes';
const ONLY = ['--only', PHASES];
/** With the phase that looks for what another cluster left. */
const PLAN = ['--only', `${PHASES},control-plane`];

const UNITS = '/etc/systemd/system';
const LOCAL_UNITS = '/usr/local/lib/systemd/system';
const ENTRY = '/etc/apt/sources.list.d/pkgs_k8s_io_v1_34.list';
const CRIO = '/etc/crio/crio.conf.d';

/** What a person and other tools left in a year, each with the check that must name it. */
const LEFTOVERS = {
  Firewall: `mkdir -p /etc/ufw /etc/default
printf 'ENABLED=yes\\nLOGLEVEL=low\\n' >/etc/ufw/ufw.conf
printf 'IPV6=yes\\nDEFAULT_INPUT_POLICY="DROP"\\n' >/etc/default/ufw
printf '*filter\\n### tuple ### allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in\\n' >/etc/ufw/user.rules`,
  Resolver: `cp /etc/resolv.conf /root/resolv.conf 2>/dev/null || :; rm -f /etc/resolv.conf; echo 'nameserver 127.0.0.1' >/etc/resolv.conf`,
  ProgramPath: `printf '#!/bin/sh\\necho v1.19.0\\n' >/usr/local/bin/kubeadm; chmod +x /usr/local/bin/kubeadm`,
  CniConfig: `mkdir -p /etc/cni/net.d; echo '{"cniVersion":"0.3.1","name":"old","type":"bridge"}' >/etc/cni/net.d/05-old.conf`,
  SwapScript: `printf '#!/bin/sh\\nswapon /extra.swap\\n' >/etc/rc.local; chmod +x /etc/rc.local`,
  // The lab's kernel has all it has built in, and its images say so.
  KernelModule: `sed -i '/overlay/d' /lib/modules/*/modules.builtin
printf 'blacklist floppy\\nblacklist overlay\\n' >/etc/modprobe.d/cis.conf`,
  UnitProgram: `mkdir -p ${UNITS}/kubelet.service.d ${LOCAL_UNITS}
printf '[Service]\\nEnvironmentFile=-/etc/kubernetes/kubelet.env\\nExecStart=/usr/local/bin/kubelet \\\\\\n\\t$KUBELET_ADDRESS\\n' >${UNITS}/kubelet.service
printf '[Service]\\nExecStart=\\nExecStart=/usr/bin/kubelet --config=${UNITS}/kubelet.service.d/kubelet.conf\\n' >${UNITS}/kubelet.service.d/20-etcd-service-manager.conf
printf '[Service]\\nExecStart=/usr/bin/containerd --config /opt/containerd/config.toml\\n' >${LOCAL_UNITS}/containerd.service`,
  Snap: 'mkdir -p /snap/microk8s /snap/kubectl; ln -s 7394 /snap/microk8s/current; ln -s 3446 /snap/kubectl/current',
  KubeletExtraArgs: `echo 'KUBELET_EXTRA_ARGS="--network-plugin=cni --cgroup-driver=cgroupfs"' >/etc/default/kubelet
printf '[Service]\\nEnvironment="KUBELET_RUNTIME_ARGS=--container-runtime-endpoint=unix:///run/dockershim.sock"\\n' >${UNITS}/kubelet.service.d/30-runtime.conf`,
} as const;

/** Of a cluster that this host was in, with another kubeadm's package gone since. */
const OTHER_CLUSTER =
  'mkdir -p /var/lib/etcd/member /var/lib/kubelet; echo old >/var/lib/etcd/member/data; echo old >/var/lib/kubelet/config.yaml';

/** Docker from its repository, held, with a container that runs. */
const withDocker = (url: string): string => `
echo 'deb [trusted=yes] ${url}/debian bookworm stable' >/etc/apt/sources.list.d/mine.list
export DEBIAN_FRONTEND=noninteractive; apt-get update -qq && apt-get install -y -qq --no-install-recommends docker-ce docker-ce-cli containerd.io >/dev/null
apt-mark hold docker-ce >/dev/null
printf '#!/bin/sh\\n' >/usr/bin/unattended-upgrade; chmod +x /usr/bin/unattended-upgrade; systemctl enable -q apt-daily-upgrade.timer
printf 'APT::Periodic::Unattended-Upgrade "1";\\nUnattended-Upgrade::Origins-Pattern { "origin=*"; };\\n' >/etc/apt/apt.conf.d/20auto-upgrades
tar -ch -C / $(ldd /usr/bin/sleep | grep -o '/[^ ]*' | sed 's/^/./') ./usr/bin/sleep | docker import - kept:1 >/dev/null
docker run -d --name kept --network none kept:1 /usr/bin/sleep 86400 >/dev/null`;
const KEPT = `docker inspect -f '{{.State.Running}} {{.State.StartedAt}} {{.State.Pid}}' kept; dpkg-query -W -f='\${Package} \${Version}\n' docker-ce containerd.io; apt-mark showhold docker-ce`;

/** The same on a host that is to have CRI-O. */
const BESIDE_CRIO = `mkdir -p ${CRIO}
printf '[crio.runtime]\\ncgroup_manager = "cgroupfs"\\n' >${CRIO}/99-cgroups.conf
printf '[crio.runtime\\n' >${CRIO}/05-old.conf`;

/** What each of them is said to be. */
const NAMED = [
  'cis.conf says "blacklist overlay", so overlay would not be loaded at boot',
  `${UNITS}/kubelet.service starts /usr/local/bin/kubelet in place`,
  `${UNITS}/kubelet.service.d/20-etcd-service-manager.conf starts /usr/bin/kubelet without $KUBELET_CONFIG_ARGS`,
  `${LOCAL_UNITS}/containerd.service starts /usr/bin/containerd on /opt/containerd/config.toml`,
  '/etc/default/kubelet:1 gives the kubelet --network-plugin=cni',
  '/etc/default/kubelet:1 gives the kubelet --cgroup-driver=cgroupfs over systemd',
  `${UNITS}/kubelet.service.d/30-runtime.conf gives the kubelet --container-runtime-endpoint=unix:///run/dockershim.sock over unix:///run/containerd/containerd.sock`,
  `PackageRepository: ${ENTRY}:1 is an entry of`,
  `CrioConfig: ${CRIO}/05-old.conf is not TOML, so CRI-O would not start`,
];

/** What slipway itself sets right, and shows before it does. */
const MENDED = `printf '[Unit]\\nDescription=dphys-swapfile\\n[Service]\\nType=oneshot\\nRemainAfterExit=yes\\nExecStart=/bin/sh -c "echo swapon"\\n[Install]\\nWantedBy=multi-user.target\\n' >/usr/lib/systemd/system/dphys-swapfile.service
systemctl daemon-reload; systemctl enable --now dphys-swapfile
printf '# Speicher f\\374r sp\\344ter\\n/swapfile none swap sw 0 0\\n' >>/etc/fstab
mkdir -p /etc/apt/keyrings; chmod 0700 /etc/apt/keyrings
printf '# r\\351seau\\nnet.ipv4.ip_forward = 0\\n' >/etc/sysctl.d/10-alt.conf`;

const reason = labUnavailable();

describe.skipIf(reason !== undefined)(
  `a host that a person has used for a year${reason ? ` (skipped: ${reason})` : ''}`,
  () => {
    let cluster: LabCluster;
    let crio: ServedRepository;
    let docker: ServedRepository;
    beforeAll(async () => {
      cluster = await LabCluster.start([{ name: 'cp1' }, { name: 'c1' }, { name: 'd1' }]);
      crio = await serveCrioRepository(cluster.lab);
      docker = await serveDockerRepository(cluster.lab);
      await withRuntime({});
      for (const script of [...Object.values(LEFTOVERS), MENDED, OTHER_CLUSTER]) await on(script);
      await cluster.lab.exec('d1', 'sh', { input: withDocker(docker.url) });
      const minor = (process.env['SLIPWAY_LAB_KUBERNETES'] ?? '1.34').split('.').slice(0, 2).join('.');
      const url = `${cluster.lab.repositoryUrl}/core:/stable:/v${minor}/deb/`;
      await on(
        `echo nonsense >/usr/share/keyrings/k8s.gpg; echo 'deb [signed-by=/usr/share/keyrings/k8s.gpg] ${url} /' >${ENTRY}`,
      );
      await cluster.lab.exec('c1', 'sh', { input: BESIDE_CRIO });
    });
    afterAll(() => cluster?.[Symbol.asyncDispose]());

    const on = async (script: string): Promise<string> =>
      (await cluster.lab.exec('cp1', 'sh', { input: script })).stdout.trim();

    /** What the inventory has for the host with Docker. */
    const withRuntime = (runtime: object): Promise<void> =>
      cluster.writeInventory({
        hosts: { c1: { runtime: { type: 'cri-o', repository: crio } }, d1: { runtime } },
        overlay: { runtime: { config: undefined } },
      });
    const kept = async (): Promise<string> => (await cluster.lab.exec('d1', KEPT)).stdout;

    let named = '';

    it('is named whole in one look, which changes nothing', async () => {
      const before = await cluster.lab.filesystemSnapshot('cp1');
      const containers = await kept();
      expect(containers).toMatch(/^true .*\ndocker-ce\n$/s);
      const result = await cluster.slipway('plan', ...PLAN);
      expect(filesystemChanges(before, await cluster.lab.filesystemSnapshot('cp1'))).toEqual([]);
      expect(await kept()).toBe(containers);
      const text = flat(result);
      for (const check of Object.keys(LEFTOVERS)) expect(text).toContain(`${check}:`);
      // Long words are broken where the line ends.
      for (const words of NAMED) expect(unspaced(text)).toContain(unspaced(words));
      expect(text).toContain('dphys-swapfile.service');
      expect(text).toContain('/swapfile none swap sw 0 0');
      // It is held in part, and unattended-upgrades is told to look everywhere.
      expect(text).toContain('unattended-upgrades may upgrade containerd.io under running pods');
      // apt does not think of removing what is held.
      expect(text).toMatch(/Packages: containerd cannot be installed: .*docker-ce : Depends: containerd.io/);
      expect(text).toContain('runtime.source: docker');
      expect(text).toMatch(/Leftovers: cp1 .*config.yaml, \/var\/lib\/etcd\/member/);
      expect(result.code).toBe(1);
      named = text;
    });

    it('is let through one by one, as each way out that was named is followed', async () => {
      await on(`
printf '### tuple ### allow any 6443 0.0.0.0/0 any 0.0.0.0/0 in\\n### tuple ### allow tcp 2379:2380 0.0.0.0/0 any 0.0.0.0/0 in\\n### tuple ### allow tcp 10250 0.0.0.0/0 any 0.0.0.0/0 in\\n### tuple ### allow any 179 0.0.0.0/0 any 0.0.0.0/0 in\\n### tuple ### allow udp 4789 0.0.0.0/0 any 0.0.0.0/0 in\\n' >>/etc/ufw/user.rules
rm /usr/local/bin/kubeadm
rm -r /snap/microk8s
mv /etc/cni/net.d/05-old.conf /root/
sed -i '/swapon/d' /etc/rc.local
sed -i '/blacklist overlay/d' /etc/modprobe.d/cis.conf
mv ${UNITS}/kubelet.service ${UNITS}/kubelet.service.d/20-etcd-service-manager.conf ${LOCAL_UNITS}/containerd.service /root/ && systemctl daemon-reload
rm /etc/default/kubelet ${UNITS}/kubelet.service.d/30-runtime.conf
sed -i 's|signed-by=[^]]*|signed-by=/etc/apt/keyrings/kubernetes-apt-keyring.asc|' ${ENTRY}
cp /root/resolv.conf /etc/resolv.conf 2>/dev/null || rm /etc/resolv.conf`);
      await cluster.lab.exec('c1', `rm ${CRIO}/05-old.conf`);
      const [, clearing = 'exit 1'] = /clear it on cp1: (rm -rf \S+ \S+)/.exec(named) ?? [];
      await on(clearing);
      expect(await on('ls -A /var/lib/etcd /var/lib/kubelet')).not.toMatch(/member|config/);
      await withRuntime({ source: 'docker', repository: docker });
      expect(flat(await cluster.slipway('plan', ...PLAN, '--limit', 'd1'))).toContain(
        'PackageRepository: /etc/apt/sources.list.d/mine.list:1 is an entry of',
      );
      await cluster.lab.exec('d1', 'rm /etc/apt/sources.list.d/mine.list');
      const left = flat(await cluster.slipway('plan', ...PLAN));
      expect(unspaced(left)).toContain(
        unspaced(`${CRIO}/99-cgroups.conf sets crio.runtime.cgroup_manager = "cgroupfs" over "systemd"`),
      );
      await cluster.lab.exec('c1', `mv ${CRIO}/99-cgroups.conf /root/`);
      const planned = await cluster.slipway('plan', ...PLAN);
      expect(planned.code, flat(planned)).toBe(0);
      // Not told before, as the entry of another stood in the way of the repository.
      expect(flat(planned)).toContain('/etc/apt/keyrings mode: 0700 -> 0755');
    });

    it('is then set right, with every byte that was nobody’s business as it was', async () => {
      const containers = await kept();
      const { code, stdout, stderr } = await cluster.slipway('apply', '--yes', ...ONLY);
      expect(await kept()).toBe(containers);
      expect(code, `${stdout}\n${stderr}`).toBe(0);
      expect(await on(`tail -n 2 /etc/fstab | od -An -c | tr -d ' \\n'`)).toContain('f374rsp344ter');
      expect(await on('tail -n 1 /etc/fstab')).toBe('# /swapfile none swap sw 0 0');
      expect(await on('systemctl is-enabled dphys-swapfile || :')).toBe('masked');
      expect(await on('stat -c %a /etc/apt/keyrings')).toBe('755');
      const after = await cluster.slipway('plan', ...ONLY);
      expect(after.stdout).toContain('No changes');
    });
  },
);

const flat = ({ stdout, stderr }: Pick<Outcome, 'stdout' | 'stderr'>): string =>
  `${stdout}\n${stderr}`.replaceAll(/\s+/g, ' ');

const unspaced = (text: string): string => text.replaceAll(' ', '');
