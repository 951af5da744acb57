import type { Proxy } from '#core/proxy.ts';
import type { Resource } from '#core/resource.ts';
import type { DockerRuntime } from '#core/runtime.ts';
import { filledTemplate, template } from '#core/template.ts';
import { isPackageFile } from '#distributions/supported.ts';
import { download, downloadRecord } from '#resources/files/download.ts';
import { file } from '#resources/files/file.ts';
import { unit } from '#resources/host/unit.ts';

const SERVICE = '/etc/systemd/system/cri-docker.service';
const SOCKET = '/etc/systemd/system/cri-docker.socket';

export const CRI_DOCKERD_FILES = [SERVICE, SOCKET] as const;

/**
 * cri-dockerd, which speaks CRI for Docker: its program and its two units, which name the pause image, for otherwise it
 * uses another one. It looks for the login to that image's registry in config.json of the directory that it works in.
 *
 * The units are whole files and not drop-ins, because its archive has no units. They take precedence over those of its
 * package.
 *
 * @see https://github.com/Mirantis/cri-dockerd/tree/v0.4.4/packaging/systemd
 * @see https://github.com/Mirantis/cri-dockerd/blob/v0.4.3/core/sandbox_helpers.go (ensureSandboxImageExists)
 */
export function criDockerd(
  { criDockerd: wanted, sandboxImage }: DockerRuntime,
  proxy: Proxy | null,
): readonly Resource[] {
  const isPackage = Object.values(wanted.files).some(({ url }) => isPackageFile(url));
  const program = isPackage ? '/usr/bin/cri-dockerd' : '/usr/local/bin/cri-dockerd';
  return [
    download({ name: 'criDockerd', proxy, download: wanted, into: '/usr/local/bin', strip: 1, program }),
    file({ path: SOCKET, content: template('systemd/cri-docker.socket') }),
    file({ path: SERVICE, content: filledTemplate('systemd/cri-docker.service', { program, sandboxImage }) }),
    unit({ name: 'cri-docker.socket', isEnabled: true, isActive: true, restartOn: [`file:${SOCKET}`] }),
    unit({
      name: 'cri-docker',
      isEnabled: true,
      isActive: true,
      restartOn: ['download:criDockerd', `file:${SERVICE}`],
      watches: [downloadRecord('criDockerd'), SERVICE],
    }),
  ];
}
