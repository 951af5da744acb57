import { readFile } from 'node:fs/promises';

import { buildDeb, type PackagedFile } from '../build-deb.ts';

interface NvidiaPackage {
  readonly name: string;
  readonly depends: string;
  readonly files: Readonly<Record<string, PackagedFile>>;
  readonly postinst?: string;
}

const isStandIn =
  "(stand-in)\n A stand-in made for slipway's tests: it behaves at its edges as the real\n package does, and puts no GPU into any container.";

/**
 * Builds stand-ins for the four packages of the NVIDIA Container Toolkit, and for a driver that wants a reboot.
 *
 * @returns The paths of the `.deb` files.
 */
export async function buildNvidiaPackages(version: string, directory: string): Promise<readonly string[]> {
  const debs: string[] = [];
  for (const { name, depends, files, postinst } of await packagesOf(version)) {
    const definition = {
      name,
      version: name === 'nvidia-driver' ? '580.95.05-1' : `${version}-1`,
      fields: depends === '' ? [] : [`Depends: ${depends}`],
      description: `${name} ${isStandIn}`,
      files,
      ...(postinst !== undefined && { postinst }),
    };
    debs.push(await buildDeb(definition, directory));
  }
  return debs;
}

async function packagesOf(version: string): Promise<readonly NvidiaPackage[]> {
  const ctk = (await readFile(new URL('nvidia-ctk', import.meta.url), 'utf8')).replace('@VERSION@', version);
  // It is what containers are started with, so it must do what runc does.
  const runtime = program(
    '#!/bin/sh\n# Stand-in for nvidia-container-runtime: adds nothing.\nexec runc "$@"\n',
  );
  const hook = program('#!/bin/sh\n# Stand-in for nvidia-container-runtime-hook.\n');
  return [
    { name: 'libnvidia-container1', depends: '', files: {} },
    { name: 'libnvidia-container-tools', depends: `libnvidia-container1 (>= ${version}-1)`, files: {} },
    {
      name: 'nvidia-container-toolkit-base',
      depends: 'python3 (>= 3.11)',
      files: { 'usr/bin/nvidia-ctk': program(ctk), 'usr/bin/nvidia-container-runtime': runtime },
      postinst: `#!/bin/sh
set -e
if [ "$1" = configure ]; then
  /usr/bin/nvidia-ctk --quiet config --config-file=/etc/nvidia-container-runtime/config.toml --in-place
fi
`,
    },
    {
      name: 'nvidia-container-toolkit',
      depends: `libnvidia-container-tools (>= ${version}-1), nvidia-container-toolkit-base (= ${version}-1)`,
      files: { 'usr/bin/nvidia-container-runtime-hook': hook },
    },
    // Its module is loaded by the next boot: see gpus.ts.
    {
      name: 'nvidia-driver',
      depends: '',
      files: { 'usr/share/lab/nvidia-driver': { text: '580.95.05\n', mode: 0o644 } },
    },
  ];
}

const program = (text: string) => ({ text, mode: 0o755 });
