import { type MigDevices, profilesOf } from '#core/gpu.ts';
import { change, changeOr, none, noted, type Resource, resource } from '#core/resource.ts';
import { command, lines, sh } from '#core/shell.ts';
import { run, type Step } from '#core/step.ts';
import { filledTemplate, template } from '#core/template.ts';
import { unknown } from '#core/unknown.ts';
import { fileMetadata } from '#facts/file.ts';
import { gpuState } from '#facts/gpu.ts';
import { file } from '#resources/files/file.ts';
import { unit } from '#resources/host/unit.ts';

import { SPECIFICATION_PATH } from './cdi-specification.ts';

const UNIT = 'slipway-mig';
const PROGRAM = `/usr/local/sbin/${UNIT}`;
const SERVICE = `/etc/systemd/system/${UNIT}.service`;

/**
 * GPUs that are cut into MIG devices: a program, the unit that runs it at each boot, for a boot takes the devices away, and
 * the GPUs as they are now.
 *
 * @param driver the address of what installs the driver; absent: somebody else does.
 * @see https://docs.nvidia.com/datacenter/tesla/mig-user-guide/ (r580)
 */
export const migDevices = (wanted: MigDevices, driver?: string): readonly Resource[] => [
  file({
    path: PROGRAM,
    mode: 0o755,
    content: filledTemplate('gpu/cut-gpus.sh', { profiles: profilesOf(wanted).join(',') }),
    isOwn: (text) => text.startsWith('#!/bin/sh\n# Written by slipway'),
  }),
  file({ path: SERVICE, content: template('systemd/slipway-mig.service') }),
  unit({ name: UNIT, isEnabled: true, restartOn: [`file:${SERVICE}`] }),
  cutGpus(wanted, driver),
];

const cutGpus = (wanted: MigDevices, driver: string | undefined): Resource =>
  resource({
    address: 'mig-devices',
    facts: { gpus: gpuState },
    restartOn: driver === undefined ? [] : [driver],
    diff: ({ gpus: { driver: loaded, gpus } }, { changed }) => {
      const all = listed(profilesOf(wanted));
      if (loaded === null) {
        return changed.length > 0
          ? change([{ what: 'MIG devices', from: unknown('the driver is loaded'), to: all }], [cut])
          : none('no driver is loaded, so GPUs are cut at the next boot');
      }
      const wrong = gpus.flatMap(({ mig }, index) => {
        const from = listed(mig);
        return from === all ? [] : [{ what: `MIG devices of GPU ${index}`, from, to: all }];
      });
      const outcome = changeOr(`every GPU has ${all}`, wrong, [cut], ['kubelet']);
      return wrong.length === 0 ? outcome : noted(outcome, [IN_USE]);
    },
  });

const listed = (profiles: readonly string[]): string =>
  profiles.length === 0 ? 'none' : profiles.toSorted().join(', ');

const IN_USE =
  'GPUs that are in use are not cut: upgrade.drain.nvidia: whenRestarting has the node drained first';

/** Containers and services that look at GPUs without working on them, and that keep them from being cut. */
const LOOKERS =
  '^(nvidia-device-plugin-ctr|mps-control-daemon-ctr|gpu-feature-discovery|device-plugin|vgpu-monitor|(nvidia-)?dcgm-exporter|exporter)$';
const SERVICES = ['nvidia-dcgm.service', 'dcgm.service', 'nvsm.service'] as const;

/**
 * The kubelet would start the device plugin again at once, so it stops for that long; pods of the node go on.
 *
 * @see https://github.com/NVIDIA/mig-parted/blob/v0.13.0/deployments/systemd/hooks.sh (what else is stopped)
 */
const cut: Step = {
  ...run(
    'cut GPUs, with the kubelet and the device plugin stopped meanwhile',
    lines(
      sh`used=$(nvidia-smi --query-compute-apps=pid,process_name --format=csv,noheader)`,
      sh`[ -z "$used" ] || { printf 'GPUs are in use, and are not cut: %s\n' "$(printf %s "$used" | paste -s -d ';' -)" >&2; exit 1; }`,
      sh`back=''`,
      sh`trap '[ -z "$back" ] || systemctl start $back' EXIT`,
      sh`for unit in kubelet.service ${SERVICES}; do systemctl is-active --quiet "$unit" && { systemctl stop "$unit"; back="$back $unit"; }; done`,
      sh`if [ -S /run/containerd/containerd.sock ] || [ -S /run/crio/crio.sock ] || [ -S /run/cri-dockerd.sock ]; then crictl ps --quiet --name ${LOOKERS} 2>/dev/null | xargs -r crictl stop --timeout 10 >/dev/null 2>&1 || :; fi`,
      sh`${PROGRAM} || exit 1`,
      sh`[ ! -e ${SPECIFICATION_PATH} ] || nvidia-ctk --quiet cdi generate --output=${SPECIFICATION_PATH}`,
    ),
  ),
  timeoutMs: 300_000,
};

/** GPUs stay as they are, and are whole after the next boot. */
export const noMigDevices: Resource = resource({
  address: UNIT,
  facts: { program: fileMetadata(PROGRAM), service: fileMetadata(SERVICE) },
  diff: (found) =>
    changeOr(
      'nothing cuts GPUs at boot',
      (['program', 'service'] as const).flatMap((part) =>
        found[part].type === 'absent'
          ? []
          : [{ what: part === 'program' ? PROGRAM : SERVICE, from: 'of an earlier inventory', to: null }],
      ),
      [
        run(
          'leave GPUs as they are, and do not cut them at boot any more',
          lines(
            sh`systemctl disable ${UNIT} 2>/dev/null || :`,
            command('rm', '-f', PROGRAM, SERVICE),
            sh`systemctl daemon-reload`,
          ),
        ),
      ],
    ),
});
