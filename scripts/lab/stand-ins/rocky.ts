import { mkdir } from 'node:fs/promises';
import { arch } from 'node:os';
import { join } from 'node:path';

import { NODE_PACKAGES } from '#distributions/redhat/node-packages.ts';

import { defaultKubernetesVersion } from '../kubernetes-repository.ts';
import type { Lab } from '../lab.ts';
import { run } from '../run.ts';
import { signingKey } from '../signing-key.ts';
import { buildDeb } from './build-deb.ts';
import { buildStandIns } from './build.ts';
import { rpmOfDeb } from './build-rpm.ts';
import { containerdIo, type ServedRepository } from './runtimes/packages.ts';
import { serveTree } from './serve-tree.ts';
import { withDirectory } from './with-directory.ts';

const MACHINE = arch() === 'arm64' ? 'aarch64' : 'x86_64';

/** What packages of Kubernetes want of each other. */
const REQUIRES: Readonly<Record<string, readonly string[]>> = {
  kubelet: ['kubernetes-cni'],
  kubeadm: ['cri-tools'],
};

export interface RockyRepositories {
  readonly docker: ServedRepository;
}

/**
 * Makes hosts of the lab stand-ins for Rocky Linux 9: Debian's dnf and rpm, which are the real ones, and another os-release,
 * over all that is Debian's still, its kernel and its systemd among it. Serves repositories of rpms for them: Kubernetes'
 * stand-ins, and containerd as Docker packages it.
 */
export async function becomeRocky(lab: Lab, hosts: readonly string[]): Promise<RockyRepositories> {
  lab.web.serve('/rocky/RPM-GPG-KEY-rocky', (await signingKey()).publicKey);
  const [docker] = await Promise.all([
    serveRepositories(lab),
    ...hosts.map((host) => lab.exec(host, 'sh', { input: becoming(`${lab.web.url}/rocky`) })),
  ]);
  return { docker };
}

async function serveRepositories(lab: Lab): Promise<ServedRepository> {
  const key = await signingKey();
  return await withDirectory(async (dir) => {
    const repository = async (path: string, build: (place: string) => Promise<void>): Promise<void> => {
      const place = join(dir, path);
      await mkdir(place, { recursive: true });
      await build(place);
      await key.signRpms(place);
      await run`createrepo_c -q ${place}`;
      await serveTree(lab.web, `/${path}`, place);
    };
    // The distribution's own: of what nodes need, with nothing in it, for Debian's programs are there.
    await repository('rocky', async (directory) => {
      for (const name of NODE_PACKAGES.names) {
        const description = "a stand-in for one of Rocky Linux', without its files";
        const deb = await buildDeb({ name, version: '1.0-1', description, files: {} }, join(dir, 'debs'));
        await rpmOfDeb(deb, { release: '1.el9', directory });
      }
      const plugin = 'python3-dnf-plugin-versionlock';
      const description = "a stand-in without files: Debian's dnf has the plugin";
      const deb = await buildDeb(
        { name: plugin, version: '4.3-1', description, files: {} },
        join(dir, 'debs'),
      );
      await rpmOfDeb(deb, { release: '1.el9', provides: ['dnf-command(versionlock)'], directory });
    });
    const version = defaultKubernetesVersion;
    const minor = version.split('.').slice(0, 2).join('.');
    await repository(`core:/stable:/v${minor}/rpm`, async (directory) => {
      for (const deb of await buildStandIns({ version, directory: join(dir, 'debs') })) {
        const name = deb.slice(deb.lastIndexOf('/') + 1).split('_')[0] ?? '';
        await rpmOfDeb(deb, { release: '150500.1.1', requires: REQUIRES[name] ?? [], directory });
      }
    });
    await repository(`docker/linux/centos/9/${MACHINE}/stable`, async (directory) => {
      await rpmOfDeb(await containerdIo(join(dir, 'debs')), { release: '1.el9', directory });
    });
    const url = `${lab.web.url}/docker/linux`;
    return {
      url,
      keyUrl: lab.web.serve('/docker/linux/centos/gpg', key.publicKey),
      fingerprint: key.fingerprint,
    };
  });
}

/** What runs on a host of Debian's to make it one of the family's, as far as dnf and slipway can tell. */
const becoming = (base: string): string => `set -e
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
apt-get install -y -q --no-install-recommends dnf dnf-plugins-core rpm
cat >/etc/os-release <<'END'
NAME="Rocky Linux"
ID="rocky"
ID_LIKE="rhel centos fedora"
VERSION_ID="9.6"
PRETTY_NAME="Rocky Linux 9.6 (a stand-in: Debian with its dnf)"
END
mkdir -p /etc/rpm /etc/pki/rpm-gpg /etc/yum.repos.d /etc/dnf/vars /etc/sysconfig
echo '%_dbpath /var/lib/rpm' >/etc/rpm/macros
printf '[main]\\ngpgcheck=1\\nbest=True\\nskip_if_unavailable=False\\n' >/etc/dnf/dnf.conf
printf '[main]\\nenabled=0\\n' >/etc/dnf/plugins/local.conf
echo 9 >/etc/dnf/vars/releasever
printf '[baseos]\\nname=baseos\\nbaseurl=${base}\\nenabled=1\\ngpgcheck=1\\ngpgkey=file:///etc/pki/rpm-gpg/RPM-GPG-KEY-rocky\\n' >/etc/yum.repos.d/rocky.repo
curl -fsS ${base}/RPM-GPG-KEY-rocky >/etc/pki/rpm-gpg/RPM-GPG-KEY-rocky
rpm --initdb
`;
