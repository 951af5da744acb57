import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import {
  serveDockerRepository,
  type ServedRepository,
} from '../../scripts/lab/stand-ins/runtimes/packages.ts';
import {
  serveContainerdReleases,
  serveCriDockerd,
  type ServedRelease,
} from '../../scripts/lab/stand-ins/runtimes/releases.ts';
import { LabCluster, type Outcome } from './support/lab-cluster.ts';

const CONFIG = '/etc/containerd/config.toml';
const DROP_IN = '/etc/containerd/conf.d/50-mine.toml';
const HOSTS_TOML = '/etc/containerd/certs.d/registry.lab:5000/hosts.toml';
const ONLY = ['--only', 'preflight,runtime'];
const PASSWORD = 'pull "it" $lowly';
const BASIC = Buffer.from(`puller:${PASSWORD}`).toString('base64');

const reason = labUnavailable();

/**
 * d1: Debian's containerd; d2: Debian's Docker and containerd 2 in the packaging of Docker's repository, and a
 * stand-in for cri-dockerd.
 */
describe.skipIf(reason !== undefined)(
  `faults of container runtimes${reason ? ` (skipped: ${reason})` : ''}`,
  () => {
    let cluster: LabCluster;
    let criDockerd: ServedRelease;
    let repository: ServedRepository;
    beforeAll(async () => {
      vi.stubEnv('LAB_REGISTRY_PASSWORD', PASSWORD);
      cluster = await LabCluster.start([{ name: 'd1' }, { name: 'd2' }]);
      criDockerd = await serveCriDockerd(cluster.lab, 'deb');
      repository = await serveDockerRepository(cluster.lab);
      await writeFile(join(cluster.directory, 'registry.crt'), CERTIFICATE);
    });
    afterAll(async () => {
      vi.unstubAllEnvs();
      await cluster?.[Symbol.asyncDispose]();
    });

    const inventory = (d1: object = {}, d2: object = {}, overlay: object = {}): Promise<void> =>
      cluster.writeInventory({
        hosts: {
          d1: { runtime: { config: MILD, ...d1 } },
          d2: { runtime: { type: 'docker', source: 'docker', repository, downloads: { criDockerd }, ...d2 } },
        },
        overlay: { runtime: { config: undefined }, ...overlay },
      });
    const apply = () => cluster.slipway('apply', '--yes', ...ONLY);
    const pending = async (): Promise<readonly string[]> =>
      (await cluster.plan(...ONLY)).nodes.flatMap(({ id, outcome }) =>
        outcome.answer === 'none' ? [] : [`${outcome.answer} ${id}`],
      );
    const converges = async (): Promise<void> => {
      const { code, stdout, stderr } = await apply();
      expect(code, `${stdout}\n${stderr}`).toBe(0);
      expect(await pending()).toEqual([]);
    };
    const on = async (host: string, command: string): Promise<string> =>
      (await cluster.lab.exec(host, command)).stdout.trim();

    it('a key with another fingerprint: no host is touched', async () => {
      await inventory({}, { repository: { ...repository, fingerprint: 'A'.repeat(40) } });
      const { code, stderr } = await apply();
      expect(code).toBe(1);
      expect(stderr).toContain('is not the file it should be');
      expect(stderr).toContain('nothing was applied');
      expect(await on('d2', 'ls -d /etc/apt/sources.list.d/* /var/lib/slipway 2>/dev/null || :')).toBe('');
    });

    it('a wrong digest: the file goes nowhere, whoever fetched it', async () => {
      const { runc, ...others } = await serveContainerdReleases(cluster.lab);
      await inventory(
        { source: 'upstream', config: {}, downloads: { ...others, runc: wrong(runc) } },
        { fetch: 'controller', downloads: { criDockerd: wrong(criDockerd) } },
      );
      const { code, stdout, stderr } = await apply();
      expect(code).toBe(1);
      for (const { url, version, sha256 } of [runc, criDockerd]) {
        const [arch = '', digest = ''] = Object.entries(sha256).flat();
        const place = url.replaceAll('{version}', version).replaceAll('{arch}', arch);
        expect(flat({ stdout, stderr })).toContain(
          `${place} has the sha256 ${digest}, wanted ${'0'.repeat(64)}`,
        );
      }
      const left =
        'ls /usr/local/sbin/runc /usr/bin/cri-dockerd /var/lib/slipway/downloads/{runc,criDockerd}* 2>/dev/null || :';
      expect(await on('d1', left)).toBe('');
      expect(await on('d2', left)).toBe('');
      expect(await on('d1', 'systemctl is-active containerd || :')).not.toBe('active');
    });

    it('converges from there, on another source of containerd', async () => {
      await inventory();
      await converges();
      expect(await on('d1', 'command -v containerd runc; systemctl is-active containerd')).toBe(
        '/usr/bin/containerd\n/usr/sbin/runc\nactive',
      );
      expect(await on('d1', 'find /usr/local/bin /usr/local/libexec/cni -type f 2>/dev/null || :')).toBe('');
      expect(await on('d2', 'dpkg -l docker-ce containerd.io | grep -c ^ii')).toBe('2');
      expect(await on('d2', 'systemctl show -p ExecStart --value cri-docker')).toContain(
        '/usr/bin/cri-dockerd --container-runtime-endpoint fd:// --pod-infra-container-image=registry.k8s.io/pause:',
      );
    });

    it('a file of a deb that was replaced by hand is put back', async () => {
      await on('d2', 'echo >>/usr/bin/cri-dockerd');
      expect(await pending()).toContain('change d2/runtime/download:criDockerd');
      await converges();
    });

    it('a private registry: the login is in its two files and nowhere else', async () => {
      const login = { username: 'puller', password: { env: 'LAB_REGISTRY_PASSWORD' } };
      await inventory(
        {},
        {},
        {
          registries: {
            'registry.lab:5000': { ...login, ca: 'registry.crt' },
            'docker.io': { mirrors: [{ url: 'https://mirror.lab', ...login }] },
          },
        },
      );
      await on('d1', WATCH_ARGUMENTS);
      const plan = JSON.stringify(await cluster.plan(...ONLY));
      const { code, stdout, stderr } = await apply();
      expect(code, `${stdout}\n${stderr}`).toBe(0);
      const files = await readdir(cluster.directory, { recursive: true, withFileTypes: true });
      const kept = await Promise.all(
        files
          .filter((entry) => entry.isFile())
          .map((entry) => readFile(join(entry.parentPath, entry.name), 'utf8')),
      );
      for (const secret of [PASSWORD, BASIC]) {
        expect(plan + stdout + stderr + kept.join('\n')).not.toContain(secret);
      }
      const watched = await on('d1', 'systemctl stop watch-arguments; cat /run/arguments');
      expect(watched).toContain('ps');
      expect(watched).not.toContain(BASIC);
      expect(await on('d1', `stat -c '%a %U' ${HOSTS_TOML}; cat ${HOSTS_TOML}`)).toBe(
        `600 root\n${hostsToml}`,
      );
      const kubelet = JSON.parse(await on('d2', 'cat /var/lib/kubelet/config.json')) as unknown;
      expect(kubelet).toEqual({
        '//': 'Written by slipway',
        auths: { 'registry.lab:5000': { auth: BASIC } },
      });
      expect(await on('d2', `docker info --format '{{json .RegistryConfig.Mirrors}}'`)).toBe(
        '["https://mirror.lab/"]',
      );
      expect(await pending()).toEqual([]);
    });

    it('a login changed by hand is seen and set right, and still not shown', async () => {
      await on('d1', `sed -i 's/Basic .*"/Basic b3RoZXI="/' ${HOSTS_TOML}`);
      const { stdout } = await cluster.slipway('plan', ...ONLY);
      expect(stdout).toContain(HOSTS_TOML);
      expect(stdout).not.toContain('b3RoZXI=');
      await converges();
      expect(await on('d1', `cat ${HOSTS_TOML}`)).toBe(hostsToml);
    });

    it('a drop-in that shadows a setting: its file and the key are named', async () => {
      await on('d1', `mkdir -p /etc/containerd/conf.d; cat >${DROP_IN} <<'END'\n${SHADOW}END`);
      const planned = await cluster.slipway('plan', ...ONLY);
      expect(planned.code).toBe(1);
      expect(flat(planned)).toContain(
        `ContainerdConfig: ${DROP_IN} sets plugins."io.containerd.grpc.v1.cri".sandbox_image = "lab.invalid/pause:1" over ${CONFIG}`,
      );
    });

    it('a drop-in that takes the place of the whole section: its file is named', async () => {
      await on('d1', `sed -i 's/^sandbox_image.*/max_container_log_line_size = 1/' ${DROP_IN}`);
      const planned = await cluster.slipway('plan', ...ONLY);
      expect(planned.code).toBe(1);
      expect(flat(planned)).toContain(
        `${DROP_IN} has a section plugins."io.containerd.grpc.v1.cri" of its own`,
      );
    });

    it('a drop-in that is not TOML: its file is named', async () => {
      await on('d1', `echo 'version = [' >${DROP_IN}`);
      const planned = await cluster.slipway('plan', ...ONLY);
      expect(planned.code).toBe(1);
      expect(flat(planned)).toContain(
        `ContainerdConfig: containerd cannot read its configuration: ${DROP_IN} is not TOML`,
      );
      await on('d1', `rm ${DROP_IN}`);
    });

    it('a daemon.json that is not JSON: nothing of it is lost, and it says what to do', async () => {
      await on(
        'd2',
        `cp /etc/docker/daemon.json /root/; echo '{"log-driver": json-file}' >/etc/docker/daemon.json`,
      );
      const planned = await cluster.slipway('plan', ...ONLY);
      expect(planned.code).toBe(1);
      expect(flat(planned)).toContain('DockerConfig: /etc/docker/daemon.json is not a map in JSON');
      await on('d2', 'mv /root/daemon.json /etc/docker/daemon.json');
    });

    it("a unit that does not start: the journal's last lines are in the error", async () => {
      await on(
        'd1',
        `mkdir -p /etc/systemd/system/containerd.service.d
printf '[Service]\\nExecStartPre=/bin/sh -c "echo the disk is full of cheese; exit 1"\\n' >/etc/systemd/system/containerd.service.d/lab.conf
touch ${CONFIG}`,
      );
      const failed = await apply();
      expect(failed.code).toBe(1);
      expect(flat(failed)).toContain('the disk is full of cheese');
      await on('d1', 'rm -r /etc/systemd/system/containerd.service.d');
      await converges();
    });
  },
);

const flat = ({ stdout, stderr }: Pick<Outcome, 'stdout' | 'stderr'>): string =>
  `${stdout}\n${stderr}`.replaceAll(/\s+/g, ' ');

const wrong = (release: ServedRelease): ServedRelease => ({
  ...release,
  sha256: Object.fromEntries(Object.keys(release.sha256).map((arch) => [arch, '0'.repeat(64)])),
});

/** containerd 1.6, the only runtime here that starts containers. */
const MILD = { plugins: { 'io.containerd.grpc.v1.cri': { restrict_oom_score_adj: true } } };

const SHADOW = `version = 2
[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "lab.invalid/pause:1"
`;

const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n';

const hostsToml = `# Written by slipway.
server = "https://registry.lab:5000"
capabilities = [ "pull", "resolve" ]
ca = "/etc/containerd/certs.d/registry.lab:5000/slipway-0.crt"

[header]
authorization = "Basic ${BASIC}"

[host]`;

/** Every command line of the host, as often as Python can look. */
const WATCH_ARGUMENTS = `cat >/run/watch.py <<'END'
import glob
while True:
    with open('/run/arguments', 'a') as log:
        for path in glob.glob('/proc/[0-9]*/cmdline'):
            try:
                log.write(open(path).read().replace(chr(0), ' ') + chr(10))
            except OSError:
                pass
END
echo ps >/run/arguments
systemd-run --quiet --unit=watch-arguments nice python3 /run/watch.py`;
