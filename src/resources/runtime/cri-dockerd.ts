import type { Resource } from '#core/resource.ts';
import type { DockerRuntime } from '#core/runtime.ts';
import { filledTemplate, template } from '#core/template.ts';
import { isPackageFile } from '#distributions/supported.ts';
import { download, downloadRecord } from '#resources/files/download.ts';
import { file } from '#resources/files/file.ts';
import { unit } from '#resources/host/unit.ts';

const SERVICE = '/etc/systemd/system/cri-docker.service';
const SOCKET = '/etc/systemd/system/cri-docker.socket';

/**
 * cri-dockerd, which speaks CRI for Docker: its program, its two units, and the pause image, of which it would
 * otherwise choose its own.
 *
 * The units are whole files and not drop-ins, for its archive brings none; over those of its package they win.
 *
 * @see https://github.com/Mirantis/cri-dockerd/tree/v0.4.4/packaging/systemd
 */
export function criDockerd({ criDockerd: wanted, sandboxImage }: DockerRuntime): readonly Resource[] {
  const isPackage = Object.values(wanted.files).some(({ url }) => isPackageFile(url));
  const program = isPackage ? '/usr/bin/cri-dockerd' : '/usr/local/bin/cri-dockerd';
  return [
    download({ name: 'criDockerd', download: wanted, into: '/usr/local/bin', strip: 1 }),
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
