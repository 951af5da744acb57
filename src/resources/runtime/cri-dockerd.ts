import type { DockerRuntime } from '#core/runtime.ts';
import type { Resource } from '#core/resource.ts';

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
  const isPackage = Object.values(wanted.files).some(({ url }) => url.endsWith('.deb'));
  const program = isPackage ? '/usr/bin/cri-dockerd' : '/usr/local/bin/cri-dockerd';
  return [
    download({ name: 'criDockerd', download: wanted, into: '/usr/local/bin', strip: 1 }),
    file({ path: SOCKET, content: socketUnit }),
    file({ path: SERVICE, content: serviceUnit(program, sandboxImage) }),
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

const socketUnit = `# Written by slipway.
[Unit]
Description=CRI Docker Socket for the API
PartOf=cri-docker.service

[Socket]
ListenStream=%t/cri-dockerd.sock
SocketMode=0660
SocketUser=root
SocketGroup=docker

[Install]
WantedBy=sockets.target
`;

const serviceUnit = (program: string, sandboxImage: string): string => `# Written by slipway.
[Unit]
Description=CRI Interface for Docker Application Container Engine
Documentation=https://docs.mirantis.com
After=network-online.target firewalld.service docker.service
Wants=network-online.target docker.service
Requires=cri-docker.socket
StartLimitIntervalSec=60s
StartLimitBurst=3

[Service]
Type=notify
ExecStart=${program} --container-runtime-endpoint fd:// --pod-infra-container-image=${sandboxImage}
ExecReload=/bin/kill -s HUP $MAINPID
TimeoutSec=0
RestartSec=2
Restart=always
LimitNOFILE=infinity
LimitNPROC=infinity
LimitCORE=infinity
TasksMax=infinity
Delegate=yes
KillMode=process

[Install]
WantedBy=multi-user.target
`;
