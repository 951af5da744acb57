import type { Proxy } from '#core/proxy.ts';
import type { Resource } from '#core/resource.ts';
import type { FromReleases } from '#core/runtime.ts';
import { template } from '#core/template.ts';
import { download, noDownload } from '#resources/files/download.ts';
import { file } from '#resources/files/file.ts';

export const CONTAINERD_UNIT_PATH = '/etc/systemd/system/containerd.service';

/**
 * Not /opt/cni/bin, for that belongs to the package kubernetes-cni and to network plugins, which would replace these
 * files. containerd looks here first.
 */
export const RELEASED_CNI_BIN = '/usr/local/libexec/cni';

const RUNC = '/usr/local/sbin/runc';

/**
 * containerd, runc and the CNI plugins as their projects release them, and the unit that starts them.
 *
 * @see https://github.com/containerd/containerd/blob/v2.3.0/docs/getting-started.md#option-1-from-the-official-binaries
 * @see https://github.com/containerd/containerd/blob/v2.3.0/containerd.service
 */
export const releasedContainerd = (
  { containerd, runc, cniPlugins }: FromReleases,
  proxy: Proxy | null,
): readonly Resource[] => [
  download({ name: 'runc', proxy, download: runc, into: RUNC, program: RUNC }),
  download({
    name: 'cniPlugins',
    proxy,
    download: cniPlugins,
    into: RELEASED_CNI_BIN,
    program: `${RELEASED_CNI_BIN}/bridge`,
  }),
  download({
    name: 'containerd',
    proxy,
    download: containerd,
    into: '/usr/local',
    program: '/usr/local/bin/containerd',
  }),
  file({ path: CONTAINERD_UNIT_PATH, content: template('systemd/containerd.service') }),
];

/** Nothing of them is left: programs in /usr/local would be used in place of those of packages. */
export const noReleasedContainerd = (): readonly Resource[] => [
  noDownload('containerd', CONTAINERD_UNIT_PATH),
  noDownload('runc'),
  noDownload('cniPlugins'),
];
