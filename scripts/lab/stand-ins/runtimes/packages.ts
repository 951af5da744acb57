import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Lab } from '../../lab.ts';
import { buildRepository, buildSuiteRepository } from '../../repository.ts';
import { signingKey } from '../../signing-key.ts';
import { buildDeb, type PackagedFile } from '../build-deb.ts';
import { serveTree } from '../serve-tree.ts';
import { withDirectory } from '../with-directory.ts';
import { criRuntime } from './cri-runtime.ts';
import { debianProgram } from './debian-programs.ts';

/** What an inventory says of a repository. */
export interface ServedRepository {
  readonly url: string;
  readonly keyUrl: string;
  readonly fingerprint: string;
}

/**
 * Docker's repository, laid out as at download.docker.com: Debian's own containerd, runc and Docker, in Docker's
 * packaging.
 */
export async function serveDockerRepository(lab: Lab): Promise<ServedRepository> {
  return await withDirectory(async (dir) => {
    const debs = [await containerdIo(dir), ...(await dockerCe(dir))];
    const built = await buildSuiteRepository({
      debs,
      suite: 'bookworm',
      component: 'stable',
      dir: join(dir, 'repository'),
    });
    const root = '/docker/linux';
    await serveTree(lab.web, `${root}/debian`, built.directory);
    return {
      url: lab.web.url + root,
      keyUrl: lab.web.serve(`${root}/debian/gpg`, (await signingKey()).publicKey),
      fingerprint: built.fingerprint,
    };
  });
}

/** CRI-O's repository, with a stand-in that answers CRI and runs no containers. */
export async function serveCrioRepository(lab: Lab, version = '1.34.1'): Promise<ServedRepository> {
  return await withDirectory(async (dir) => {
    const debs = [await criO(version, dir)];
    const built = await buildRepository({ debs, minor: 'cri-o', dir: join(dir, 'repository') });
    const root = '/cri-o';
    await serveTree(lab.web, `${root}/deb`, built.directory);
    const url = lab.web.url + root;
    return { url, keyUrl: `${url}/deb/Release.key`, fingerprint: built.fingerprint };
  });
}

/**
 * The configuration that it brings turns off CRI, and stays as an administrator left it.
 *
 * @see https://github.com/docker/containerd-packaging (common/control, common/containerd.service)
 */
export async function containerdIo(directory: string): Promise<string> {
  const [containerd, runc] = [await debianProgram('containerd'), await debianProgram('runc')];
  const unit = ['usr/lib', 'lib']
    .map((root) => join(containerd.directory, root, 'systemd/system/containerd.service'))
    .find((path) => existsSync(path));
  return await buildDeb(
    {
      name: 'containerd.io',
      version: `${containerd.version}-1~debian.12~bookworm`,
      fields: [
        'Provides: containerd, runc',
        'Conflicts: containerd, runc',
        'Replaces: containerd, runc',
        'Depends: libseccomp2',
      ],
      description: "containerd and runc (stand-in)\n Debian's programs in Docker's packaging.",
      files: {
        'usr/bin/containerd': await program(join(containerd.directory, 'usr/bin/containerd')),
        'usr/bin/containerd-shim-runc-v2': await program(
          join(containerd.directory, 'usr/bin/containerd-shim-runc-v2'),
        ),
        'usr/bin/ctr': await program(join(containerd.directory, 'usr/bin/ctr')),
        'usr/bin/runc': await program(join(runc.directory, 'usr/sbin/runc')),
        'lib/systemd/system/containerd.service': { text: await readFile(unit ?? ''), mode: 0o644 },
        'etc/containerd/config.toml': { text: 'disabled_plugins = ["cri"]\n', mode: 0o644 },
      },
      conffiles: ['/etc/containerd/config.toml'],
      postinst: started('containerd.service'),
    },
    directory,
  );
}

/** Debian's Docker, whose own package refuses to stand beside these names. */
async function dockerCe(directory: string): Promise<readonly string[]> {
  const docker = await debianProgram('docker.io');
  const unit = async (name: string): Promise<PackagedFile> => ({
    text: await readFile(join(docker.directory, 'lib/systemd/system', name)),
    mode: 0o644,
  });
  const common = {
    version: `5:${docker.version}-1~debian.12~bookworm`,
    description: "Docker (stand-in)\n Debian's programs in Docker's packaging.",
  };
  const cli = { 'usr/bin/docker': await program(join(docker.directory, 'usr/bin/docker')) };
  const daemon = {
    'usr/sbin/dockerd': await program(join(docker.directory, 'usr/sbin/dockerd')),
    'usr/sbin/docker-proxy': await program(join(docker.directory, 'usr/sbin/docker-proxy')),
    'lib/systemd/system/docker.service': await unit('docker.service'),
    'lib/systemd/system/docker.socket': await unit('docker.socket'),
  };
  return [
    await buildDeb({ ...common, name: 'docker-ce-cli', files: cli }, directory),
    await buildDeb(
      {
        ...common,
        name: 'docker-ce',
        fields: [
          'Depends: adduser, containerd.io (>= 1.4.1), docker-ce-cli, iptables, libdevmapper1.02.1, libsystemd0',
        ],
        files: daemon,
        postinst: started(
          'docker.service docker.socket',
          'getent group docker >/dev/null || addgroup --quiet --system docker',
        ),
      },
      directory,
    ),
  ];
}

/**
 * Its programs are in /usr/libexec/crio, where nobody's PATH leads, and its unit is not started.
 *
 * @see https://github.com/cri-o/packaging/tree/b111fe9/templates/latest/cri-o
 */
async function criO(version: string, directory: string): Promise<string> {
  const nothing = { text: '#!/bin/sh\n# Stand-in: runs nothing.\n', mode: 0o755 };
  return await buildDeb(
    {
      name: 'cri-o',
      version: `${version}-1.1`,
      fields: ['Depends: python3 (>= 3.11)'],
      description: 'Kubernetes Container Runtime Interface (stand-in)\n Answers CRI and runs no containers.',
      files: {
        'usr/bin/crio': { text: await criRuntime(version), mode: 0o755 },
        ...Object.fromEntries(
          ['conmon', 'conmonrs', 'crun', 'runc'].map((name) => [`usr/libexec/crio/${name}`, nothing]),
        ),
        'etc/crio/crio.conf.d/10-crio.conf': text(CRIO_CONFIG),
        'etc/crictl.yaml': text('runtime-endpoint: unix:///var/run/crio/crio.sock\n'),
        'etc/cni/net.d/10-crio-bridge.conflist.disabled': text('{}\n'),
        'usr/lib/systemd/system/crio.service': text(CRIO_UNIT),
      },
      conffiles: ['/etc/crictl.yaml'],
      postinst: '#!/bin/sh\nset -e\nif [ -d /run/systemd/system ]; then systemctl daemon-reload; fi\n',
    },
    directory,
  );
}

const CRIO_CONFIG = `[crio.runtime]
default_runtime = "crun"

[crio.runtime.runtimes.crun]
runtime_path = "/usr/libexec/crio/crun"
runtime_root = "/run/crun"
monitor_path = "/usr/libexec/crio/conmon"

[crio.runtime.runtimes.runc]
runtime_path = "/usr/libexec/crio/runc"
runtime_root = "/run/runc"
monitor_path = "/usr/libexec/crio/conmon"
`;

const CRIO_UNIT = `[Unit]
Description=Container Runtime Interface for OCI (stand-in)
Wants=network-online.target
Before=kubelet.service
After=network-online.target

[Service]
Type=notify
ExecStart=/usr/bin/crio
TasksMax=infinity
OOMScoreAdjust=-999
TimeoutStartSec=0
Restart=on-failure
RestartSec=10

[Install]
WantedBy=multi-user.target
Alias=cri-o.service
`;

/**
 * As debhelper writes it into packages.
 *
 * @see https://salsa.debian.org/debian/debhelper/-/tree/debian/13.11.4/autoscripts (postinst-systemd-enable, -restart)
 */
const started = (units: string, before = ':'): string => `#!/bin/sh
set -e
${before}
if [ "$1" = configure ]; then
  for unit in ${units}; do
    if deb-systemd-helper --quiet was-enabled "$unit"; then deb-systemd-helper enable "$unit" >/dev/null || true; fi
  done
  if [ -d /run/systemd/system ]; then
    systemctl --system daemon-reload >/dev/null || true
    if [ -n "$2" ]; then action=restart; else action=start; fi
    deb-systemd-invoke $action ${units} >/dev/null || true
  fi
fi
`;

const program = async (path: string): Promise<PackagedFile> => ({ text: await readFile(path), mode: 0o755 });

const text = (content: string): PackagedFile => ({ text: content, mode: 0o644 });
