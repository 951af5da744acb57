import { cp, chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { $ } from 'zx';

import { cniPlugins, packagesOf, type StandInPackage } from './packages.ts';

const python = join(import.meta.dirname, 'python');

/** Which packages to build, and where they go. */
export interface StandInOptions {
  /** The Kubernetes version to play, such as `1.34.9`. */
  version: string;
  /** The folder that receives the `.deb` files; made when it is missing. */
  directory: string;
}

/**
 * Builds Debian packages that stand in for kubeadm, kubelet, kubectl, cri-tools and kubernetes-cni.
 *
 * They have the layout and the behaviour at the edges of the packages from pkgs.k8s.io, and run nothing.
 *
 * @returns The paths of the `.deb` files.
 */
export const buildStandIns = async ({ version, directory }: StandInOptions): Promise<string[]> => {
  const architecture = (await $({ quiet: true })`dpkg --print-architecture`).stdout.trim();
  const work = await mkdtemp(join(tmpdir(), 'slipway-stand-ins-'));
  await mkdir(directory, { recursive: true });

  try {
    const debs: string[] = [];

    for (const standIn of packagesOf(version)) {
      const root = join(work, standIn.name);
      await fill(root, standIn, version, architecture);
      const deb = join(directory, `${standIn.name}_${standIn.version}_${architecture}.deb`);
      await $({ quiet: true })`dpkg-deb --root-owner-group -Zgzip -z1 --build ${root} ${deb}`;
      debs.push(deb);
    }

    return debs;
  } finally {
    await rm(work, { recursive: true });
  }
};

/** One package's tree: its files, its copy of the Python package, and its control files. */
const fill = async (
  root: string,
  standIn: StandInPackage,
  version: string,
  architecture: string,
): Promise<void> => {
  for (const [path, { text, mode }] of Object.entries(standIn.files)) {
    await put(join(root, path), text, mode);
  }

  if (standIn.program) {
    const library = `/usr/lib/slipway-stand-ins/${standIn.name}`;
    await cp(join(python, 'standin'), join(root, library, 'standin'), {
      recursive: true,
      filter: (source) => !source.includes('__pycache__'),
    });
    await put(join(root, library, 'VERSION'), `${version}\n`, 0o644);
    await put(join(root, 'usr/bin', standIn.program.name), launcher(library, standIn.program.module), 0o755);

    for (const [name, module] of Object.entries(standIn.program.helpers ?? {})) {
      await put(join(root, library, name), launcher(library, module), 0o755);
    }
  }

  if (standIn.name === 'kubernetes-cni') {
    for (const plugin of cniPlugins) {
      await put(join(root, 'opt/cni/bin', plugin), cniPlugin(plugin), 0o755);
    }
  }

  const control = join(root, 'DEBIAN');

  for (const [name, text] of Object.entries(standIn.control(architecture))) {
    await put(join(control, name), text, ['control', 'conffiles'].includes(name) ? 0o644 : 0o755);
  }
};

const put = async (path: string, text: string, mode: number): Promise<void> => {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  await chmod(path, mode);
};

/** A program without Python's site packages: that halves the start-up time. */
const launcher = (library: string, module: string): string => `#!/usr/bin/python3 -IS
import sys
sys.path.insert(0, '${library}')
from standin.${module} import main
main(${module === 'api.control_plane' ? 'sys.argv[1:]' : ''})
`;

const cniPlugin = (name: string): string => `#!/bin/sh
# Stand-in for the CNI plugin ${name}: sets nothing up.
[ "$CNI_COMMAND" = VERSION ] || { echo "CNI ${name} plugin v1.8.0 (stand-in)" >&2; exit 0; }
echo '{"cniVersion":"1.1.0","supportedVersions":["0.3.1","0.4.0","1.0.0","1.1.0"]}'
`;
