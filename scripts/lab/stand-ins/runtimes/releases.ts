import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Lab } from '../../lab.ts';
import { run } from '../../run.ts';
import { buildDeb, put } from '../build-deb.ts';
import { cniPlugins } from '../packages.ts';
import { withDirectory } from '../with-directory.ts';
import { criRuntime } from './cri-runtime.ts';
import { debianProgram } from './debian-programs.ts';

/** A release file as an inventory has it, under runtime.downloads. */
export interface ServedRelease {
  readonly version: string;
  readonly url: string;
  readonly sha256: Readonly<Record<string, string>>;
}

/**
 * Has the lab's web server offer release files as the projects make them: containerd 2 and runc are Debian's own
 * programs, real, in the layout of a release; CNI plugins are stand-ins.
 */
export async function serveContainerdReleases(
  lab: Lab,
): Promise<Record<'containerd' | 'runc' | 'cniPlugins', ServedRelease>> {
  return await withDirectory(async (work) => {
    const [containerd, runc] = [await debianProgram('containerd'), await debianProgram('runc')];
    const archive = join(work, 'containerd.tar.gz');
    await run`tar -I ${'gzip -1'} -cf ${archive} -C ${join(containerd.directory, 'usr')} bin`;
    const plugins = join(work, 'plugins');
    for (const name of [...cniPlugins, 'LICENSE', 'README.md']) {
      await put(join(plugins, name), { text: `#!/bin/sh\n# Stand-in for ${name}.\n`, mode: 0o755 });
    }
    await run`tar -czf ${join(work, 'plugins.tgz')} -C ${plugins} .`;
    return {
      containerd: await served(
        lab,
        containerd.version,
        'containerd-{version}-linux-{arch}.tar.gz',
        await readFile(archive),
      ),
      runc: await served(
        lab,
        runc.version,
        'v{version}/runc.{arch}',
        await readFile(join(runc.directory, 'usr/sbin/runc')),
      ),
      cniPlugins: await served(
        lab,
        '1.9.1',
        'cni-plugins-linux-{arch}-v{version}.tgz',
        await readFile(join(work, 'plugins.tgz')),
      ),
    };
  });
}

/** cri-dockerd, which runs no containers, as an archive or as a package. */
export async function serveCriDockerd(
  lab: Lab,
  form: 'tgz' | 'deb',
  version = '0.4.4',
): Promise<ServedRelease> {
  return await withDirectory(async (work) => {
    const program = { text: await criRuntime(version), mode: 0o755 };
    if (form === 'tgz') {
      await put(join(work, 'root/cri-dockerd/cri-dockerd'), program);
      await run`tar -czf ${join(work, 'archive.tgz')} -C ${join(work, 'root')} cri-dockerd`;
      return await served(
        lab,
        version,
        'cri-dockerd-{version}.{arch}.tgz',
        await readFile(join(work, 'archive.tgz')),
      );
    }
    const deb = await buildDeb({ ...criDockerdPackage(version), files: criDockerdFiles(program) }, work);
    return await served(
      lab,
      version,
      'cri-dockerd_{version}.3-0.debian-bookworm_{arch}.deb',
      await readFile(deb),
    );
  });
}

/** @see https://github.com/Mirantis/cri-dockerd/tree/v0.4.3/packaging/deb (0.4.3.3-0~debian-bookworm) */
const criDockerdPackage = (version: string) => ({
  name: 'cri-dockerd',
  version: `${version}.3-0~debian-bookworm`,
  description: 'CRI for Docker (stand-in)\n Answers CRI and runs no containers.',
  postinst: `#!/bin/sh
set -e
if [ "$1" = configure ] && [ -d /run/systemd/system ]; then
  systemctl daemon-reload
  systemctl enable cri-docker.service cri-docker.socket
  systemctl start cri-docker.service cri-docker.socket || true
fi
`,
});

const criDockerdFiles = (program: { readonly text: string; readonly mode: number }) => ({
  'usr/bin/cri-dockerd': program,
  'lib/systemd/system/cri-docker.service': {
    text: `[Unit]
Requires=cri-docker.socket

[Service]
Type=notify
ExecStart=/usr/bin/cri-dockerd --container-runtime-endpoint fd://

[Install]
WantedBy=multi-user.target
`,
    mode: 0o644,
  },
  'lib/systemd/system/cri-docker.socket': {
    text: `[Socket]
ListenStream=%t/cri-dockerd.sock
SocketMode=0660
SocketUser=root
SocketGroup=docker

[Install]
WantedBy=sockets.target
`,
    mode: 0o644,
  },
});

/** Offers a file for this machine's architecture; its URL as a pattern, as the inventory has it. */
async function served(lab: Lab, version: string, pattern: string, content: Buffer): Promise<ServedRelease> {
  const arch = (await run`dpkg --print-architecture`).stdout.trim();
  const name = pattern.replaceAll('{version}', version).replaceAll('{arch}', arch);
  lab.web.serve(`/releases/${name}`, content);
  return {
    version,
    url: `${lab.web.url}/releases/${pattern}`,
    sha256: { [arch]: createHash('sha256').update(content).digest('hex') },
  };
}
