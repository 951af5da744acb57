import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import {
  serveCrioRepository,
  serveDockerRepository,
  type ServedRepository,
} from '../../scripts/lab/stand-ins/runtimes/packages.ts';
import {
  serveContainerdReleases,
  serveCriDockerd,
  type ServedRelease,
} from '../../scripts/lab/stand-ins/runtimes/releases.ts';
import { LabCluster } from './support/lab-cluster.ts';
import { startsOf } from './support/starts-of.ts';

const KUBECTL = 'kubectl --kubeconfig /etc/kubernetes/admin.conf';
const HOSTS = ['cp1', 'w1', 'w2', 'w3', 'w4'] as const;

const reason =
  labUnavailable() ?? (process.env['SLIPWAY_LAB_REPO'] ? 'some runtimes are stand-ins' : undefined);

/**
 * cp1: containerd 1.6 of Debian's; w1: containerd.io from Docker's repository, and w2: containerd as released,
 * both Debian's containerd 2 in other packaging; w3: Debian's Docker and a stand-in for cri-dockerd; w4: a
 * stand-in for CRI-O.
 */
describe.skipIf(reason !== undefined)(
  `one inventory, five runtimes${reason ? ` (skipped: ${reason})` : ''}`,
  () => {
    let cluster: LabCluster;
    let docker: ServedRepository;
    let crio: ServedRepository;
    let downloads: Awaited<ReturnType<typeof serveContainerdReleases>>;
    let criDockerd: ServedRelease;
    beforeAll(async () => {
      cluster = await LabCluster.start(HOSTS.map((name) => ({ name })));
      const { lab } = cluster;
      docker = await serveDockerRepository(lab);
      crio = await serveCrioRepository(lab);
      downloads = await serveContainerdReleases(lab);
      criDockerd = await serveCriDockerd(lab, 'tgz');
      await inventory();
    });
    afterAll(() => cluster?.[Symbol.asyncDispose]());

    const inventory = (others: Readonly<Record<string, object>> = {}): Promise<void> =>
      cluster.writeInventory({
        hosts: {
          w1: { runtime: { source: 'docker', repository: docker } },
          w2: { runtime: { source: 'upstream', fetch: 'controller', downloads, snapshotter: 'native' } },
          w3: { runtime: { type: 'docker', downloads: { criDockerd } } },
          w4: { runtime: { type: 'cri-o', repository: crio } },
          ...others,
        },
        overlay: {
          runtime: { config: undefined },
          registries: { 'docker.io': { mirrors: [{ url: 'http://mirror.lab:5000' }] } },
        },
      });

    const on = async (host: string, command: string): Promise<string> =>
      (await cluster.lab.exec(host, command)).stdout.trim();
    const apply = async (): Promise<void> => {
      const { code, stdout, stderr } = await cluster.slipway('apply', '--yes');
      expect(code, `${stdout}\n${stderr}`).toBe(0);
      expect(await cluster.pending()).toEqual([]);
    };
    /** What the daemons themselves make of their configuration. */
    const configured = async (): Promise<Readonly<Record<string, readonly string[]>>> => {
      const keys = 'SystemdCgroup|config_path|sandbox(_image)?|snapshotter|bin_dirs';
      const dump = `containerd config dump | tr -d ' ' | tr "'" '"' | grep -xE '(${keys})=.*[a-z].*' | sort; cat /etc/containerd/certs.d/docker.io/hosts.toml`;
      const criDocker = `docker info --format '{{.CgroupDriver}} {{.LoggingDriver}} {{json .RegistryConfig.Mirrors}}'; crictl info`;
      const asks = [dump, dump, dump, criDocker, 'crictl info'];
      const answers = await Promise.all(HOSTS.map((host, index) => on(host, asks[index] ?? '')));
      return Object.fromEntries(HOSTS.map((host, index) => [host, answers[index]?.split('\n') ?? []]));
    };
    const containerd1 = [
      'SystemdCgroup=true',
      'config_path="/etc/containerd/certs.d"',
      'sandbox_image="registry.k8s.io/pause:3.10.1"',
      '[host."http://mirror.lab:5000"]',
    ];
    const containerd2 = containerd1.map((line) => line.replace('sandbox_image', 'sandbox'));
    const pause = '    "sandboxImage": "registry.k8s.io/pause:3.10.1"';
    const CONFIGURED = {
      cp1: expect.arrayContaining(containerd1) as unknown,
      w1: expect.arrayContaining(containerd2) as unknown,
      w2: expect.arrayContaining([
        ...containerd2,
        'bin_dirs=["/usr/local/libexec/cni","/opt/cni/bin"]',
        'snapshotter="native"',
      ]) as unknown,
      w3: expect.arrayContaining(['systemd json-file ["http://mirror.lab:5000/"]', pause]) as unknown,
      w4: expect.arrayContaining([pause]) as unknown,
    };

    it('make one cluster of bare hosts, and have nothing left to do', async () => {
      await on('w3', `mkdir -p /etc/docker; echo '{"log-driver": "json-file"}' >/etc/docker/daemon.json`);
      await apply();
      const versions = await on(
        'cp1',
        `${KUBECTL} get nodes -o jsonpath='{range .items[*]}{.metadata.name} {.status.nodeInfo.containerRuntimeVersion}{"\\n"}{end}'`,
      );
      expect(versions.split('\n')).toEqual([
        expect.stringMatching(/^cp1 containerd:\/\/1\.6\./),
        expect.stringMatching(/^w1 containerd:\/\/2\./),
        expect.stringMatching(/^w2 containerd:\/\/2\./),
        expect.stringMatching(/^w3 docker:\/\/20\.10\./),
        expect.stringMatching(/^w4 cri-o:\/\/1\.34\.1/),
      ]);
    });

    it('were started once: packages have not, before their configuration was there', async () => {
      const units = ['containerd', 'containerd', 'containerd', 'docker', 'crio'] as const;
      const started = await Promise.all(
        HOSTS.map((host, index) => startsOf(cluster, host, units[index] ?? '')),
      );
      expect(started).toEqual(HOSTS.map(() => 1));
    });

    it('are what the kubelet and crictl speak to', async () => {
      const socket = `grep -rhoE 'unix://[^" ]+' /var/lib/kubelet/kubeadm-flags.env /var/lib/kubelet/instance-config.yaml /etc/crictl.yaml | sort -u`;
      const found = await Promise.all(HOSTS.map((host) => on(host, socket)));
      expect(found).toEqual([
        ...Array<string>(3).fill('unix:///run/containerd/containerd.sock'),
        'unix:///var/run/cri-dockerd.sock',
        'unix:///run/crio/crio.sock',
      ]);
      expect(await on('w3', 'crictl version')).toContain('RuntimeName:  docker');
    });

    it('run on the configuration that was written', async () => {
      expect(await configured()).toEqual(CONFIGURED);
    });

    it("are mended where somebody has changed it, and keep what is not slipway's", async () => {
      await on('cp1', "sed -i 's/SystemdCgroup = true/SystemdCgroup = false/' /etc/containerd/config.toml");
      await on('w1', 'echo "version = [" >/etc/containerd/config.toml');
      await on('w2', 'rm /etc/containerd/certs.d/docker.io/hosts.toml; echo >>/usr/local/sbin/runc');
      await on('w3', `echo '{"log-driver": "json-file", "debug": true}' >/etc/docker/daemon.json`);
      await on('w4', "sed -i 's/systemd/cgroupfs/' /etc/crio/crio.conf.d/90-slipway.conf");
      expect(await cluster.pending()).toEqual(
        expect.arrayContaining([
          'change cp1/runtime/file:/etc/containerd/config.toml',
          'change w1/runtime/file:/etc/containerd/config.toml',
          'change w2/runtime/file:/etc/containerd/certs.d/docker.io/hosts.toml',
          'change w2/runtime/download:runc',
          'change w3/runtime/file:/etc/docker/daemon.json',
          'change w4/runtime/file:/etc/crio/crio.conf.d/90-slipway.conf',
        ]),
      );
      await apply();
      expect(await configured()).toEqual(CONFIGURED);
      expect(JSON.parse(await on('w3', 'cat /etc/docker/daemon.json'))).toMatchObject({ debug: true });
    });

    it('are not exchanged on a node: the plan says what to do instead', async () => {
      await inventory({ w2: { runtime: { type: 'docker', downloads: { criDockerd } } } });
      const { code, stdout } = await cluster.slipway('plan');
      expect(code).toBe(1);
      const said = stdout.replaceAll(/\s+/g, ' ');
      expect(said).toContain(
        'RuntimeChange: w2 is a node of lab that runs on containerd (unix:///run/containerd/containerd.sock), and the inventory wants docker',
      );
      expect(said).toContain('kubectl drain w2 --ignore-daemonsets');
    });
  },
);
