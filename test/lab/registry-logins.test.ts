import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import {
  type PrivateRegistry,
  REGISTRY,
  servePrivateRegistry,
} from '../../scripts/lab/stand-ins/registry/registry.ts';
import { serveCrioRepository } from '../../scripts/lab/stand-ins/runtimes/packages.ts';
import { serveCriDockerd } from '../../scripts/lab/stand-ins/runtimes/releases.ts';
import { LabCluster } from './support/lab-cluster.ts';

const HOSTS = ['cp1', 'c1', 'o1'] as const;
const USER = 'puller';
const PASSWORD = 'lowly-but-known';
const REPOSITORY = `${REGISTRY}/k8s`;
const PAUSE = `${REPOSITORY}/pause:3.10.1`;

const inspect = (options: string): string =>
  `skopeo inspect ${options} --format '{{.Digest}}' docker://${PAUSE}`;

const reason =
  labUnavailable() ?? (process.env['SLIPWAY_LAB_REPO'] ? 'the registry has only empty images' : undefined);

/**
 * All images of a cluster come from a registry that wants a login. cp1: Debian's own Docker, which really pulls; c1: Debian's own
 * containerd; o1: a stand-in for CRI-O, whose files are read by skopeo, which has the same library for that.
 */
describe.skipIf(reason !== undefined)(
  `a registry that wants a login${reason ? ` (skipped: ${reason})` : ''}`,
  () => {
    let cluster: LabCluster;
    let registry: PrivateRegistry;
    beforeAll(async () => {
      vi.stubEnv('LAB_REGISTRY_PASSWORD', PASSWORD);
      cluster = await LabCluster.start(HOSTS.map((name) => ({ name })));
      const { lab } = cluster;
      registry = await servePrivateRegistry(lab, { host: 'c1', user: USER, password: PASSWORD });
      await cluster.writeInventory({
        hosts: {
          cp1: { runtime: { type: 'docker', downloads: { criDockerd: await serveCriDockerd(lab, 'tgz') } } },
          o1: { runtime: { type: 'cri-o', repository: await serveCrioRepository(lab) } },
        },
        overlay: {
          kubernetes: { imageRepository: REPOSITORY },
          runtime: { config: undefined },
          registries: {
            [REGISTRY]: {
              url: `http://${REGISTRY}`,
              username: USER,
              password: { env: 'LAB_REGISTRY_PASSWORD' },
            },
          },
        },
      });
    });
    afterAll(async () => {
      vi.unstubAllEnvs();
      await cluster?.[Symbol.asyncDispose]();
    });

    const on = async (host: string, command: string): Promise<string> =>
      (await cluster.lab.exec(host, command)).stdout.trim();
    const fails = (host: string, command: string): Promise<string> =>
      on(host, `if ${command} >/run/said 2>&1; then echo pulled; else cat /run/said; fi`);
    /** What was asked for since, by which program, and whether it was given. */
    const during = async (work: () => Promise<unknown>): Promise<readonly string[]> => {
      const before = await registry.requests();
      await work();
      return (await registry.requests()).slice(before.length).map((line) => line.replace(/ \d+\.\S+/, ''));
    };

    it('gives kubeadm the images of a control plane, pulled by Docker with the login', async () => {
      const asked = await during(async () => {
        const { code, stdout, stderr } = await cluster.slipway('apply', '--yes');
        expect(code, `${stdout}\n${stderr}`).toBe(0);
        expect(stdout + stderr).not.toContain(PASSWORD);
      });
      for (const image of ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'etcd', 'pause']) {
        expect(asked).toContainEqual(
          expect.stringMatching(`^200 docker (GET|HEAD) /v2/k8s/${image}/manifests/`),
        );
      }
      expect(await on('cp1', `docker image ls --format '{{.Repository}}:{{.Tag}}'`)).toContain(PAUSE);
      expect(await cluster.pending()).toEqual([]);
    });

    it('turns away who has no login', async () => {
      await on('cp1', `docker rmi -f ${PAUSE}`);
      expect(await fails('cp1', `docker pull ${PAUSE}`)).toMatch(/no basic auth credentials|unauthorized/);
      await on('c1', 'mkdir -p /run/plain');
      expect(await fails('c1', `ctr -n k8s.io images pull --plain-http ${PAUSE}`)).toMatch(
        /401|authorization/i,
      );
    });

    it('gives cri-dockerd the pause image, by the file in the directory that it works in', async () => {
      const directory = await on('cp1', `systemctl show -P WorkingDirectory cri-docker | sed 's/^!//'`);
      const asked = await during(async () => {
        expect(await fails('cp1', `docker --config ${directory} pull ${PAUSE}`)).toBe('pulled');
      });
      expect(asked).toContainEqual(
        expect.stringMatching(/^200 docker (GET|HEAD) \/v2\/k8s\/pause\/manifests/),
      );
    });

    it("gives containerd what kubeadm and the kubelet want of it, by the registry's own file", async () => {
      const asked = await during(async () => {
        const pull = `ctr -n k8s.io images pull --hosts-dir /etc/containerd/certs.d ${PAUSE}`;
        expect(await fails('c1', pull)).toBe('pulled');
      });
      expect(asked.filter((line) => line.startsWith('401'))).toEqual([]);
      expect(asked).toContainEqual(
        expect.stringMatching(/^200 containerd (GET|HEAD) \/v2\/k8s\/pause\/manifests/),
      );
    });

    it('gives CRI-O the pause image, by the file that its configuration names', async () => {
      await on(
        'o1',
        'DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends skopeo >/dev/null',
      );
      const file = await on(
        'o1',
        `sed -n 's/^global_auth_file *= *"\\(.*\\)"/\\1/p' /etc/crio/crio.conf.d/*`,
      );
      expect(file).toMatch(/^\/.*\.json$/);
      expect(await fails('o1', inspect(''))).toMatch(/unauthorized|401|authentication required/);
      const asked = await during(async () => {
        expect(await fails('o1', inspect(`--authfile ${file}`))).toBe('pulled');
      });
      expect(asked).toContainEqual(expect.stringMatching(/^200 \S+ (GET|HEAD) \/v2\/k8s\/pause\/manifests/));
    });

    it.each(HOSTS)('gives the kubelet of %s the images of pods', async (host) => {
      const asked = await during(async () => {
        // As the kubelet makes of it: the key is the registry, and auth is user and password.
        const read = `import json, urllib.request as u
auth = json.load(open('/var/lib/kubelet/config.json'))['auths']['${REGISTRY}']['auth']
print(u.urlopen(u.Request('http://${REGISTRY}/v2/mine/app/manifests/1', headers={'Authorization': 'Basic ' + auth})).status)`;
        expect(await on(host, `python3 -c "${read}"`)).toBe('200');
      });
      expect(asked).toEqual(['200 Python-urllib GET /v2/mine/app/manifests/1']);
    });
  },
);
