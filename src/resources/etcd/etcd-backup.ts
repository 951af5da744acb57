import type { EtcdBackup } from '#core/cluster.ts';
import { change, noted, none, type Resource, resource } from '#core/resource.ts';
import { lines, sh } from '#core/shell.ts';
import { run } from '#core/step.ts';
import { filledTemplate, template } from '#core/template.ts';
import { etcdBackupState } from '#facts/etcd-backup.ts';
import { fileMetadata } from '#facts/file.ts';
import { file } from '#resources/files/file.ts';
import { unit } from '#resources/host/unit.ts';

import { saveProgram } from './save-snapshot.ts';

const UNIT = 'slipway-etcd-backup';
const TIMER = `/etc/systemd/system/${UNIT}.timer`;
const SERVICE = `/etc/systemd/system/${UNIT}.service`;
const PROGRAM = `/usr/local/sbin/${UNIT}`;

/**
 * Snapshots that a control plane saves by itself: a program, and the timer that starts it.
 *
 * @see https://www.freedesktop.org/software/systemd/man/252/systemd.timer.html
 */
export const etcdBackup = ({ schedule, keep, directory }: EtcdBackup): readonly Resource[] => [
  file({
    path: PROGRAM,
    mode: 0o755,
    content: saveProgram({ directory, prefix: 'etcd', keep }),
    isOwn: (text) => text.startsWith('#!/bin/sh\n# Written by slipway'),
  }),
  file({ path: SERVICE, content: template('systemd/slipway-etcd-backup.service') }),
  file({ path: TIMER, content: filledTemplate('systemd/slipway-etcd-backup.timer', { schedule }) }),
  unit({
    name: `${UNIT}.timer`,
    isEnabled: true,
    isActive: true,
    restartOn: [`file:${SERVICE}`, `file:${TIMER}`],
  }),
  lastBackup(directory),
];

/** Tells of the last one; when it was is shown by `slipway status`. */
const lastBackup = (directory: string): Resource =>
  resource({
    address: 'etcd-backup:last',
    facts: { last: etcdBackupState(directory) },
    diff: ({ last }) =>
      noted(
        none('the timer saves snapshots'),
        last.hasFailed ? [`the last snapshot of etcd failed: journalctl -u ${UNIT}`] : [],
      ),
  });

/** None is saved any more, where the inventory no longer asks for it; those that there are stay. */
export const noEtcdBackup = (): Resource =>
  resource({
    address: `etcd-backup`,
    facts: { timer: fileMetadata(TIMER), service: fileMetadata(SERVICE), program: fileMetadata(PROGRAM) },
    diff: (found) => {
      const paths = { timer: TIMER, service: SERVICE, program: PROGRAM };
      const left = (['timer', 'service', 'program'] as const).filter((part) => found[part].type !== 'absent');
      if (left.length === 0) return none('no timer saves snapshots');
      return change(
        left.map((part) => ({ what: paths[part], from: 'of an earlier inventory', to: null })),
        [
          run(
            `stop ${UNIT}.timer and remove its files; snapshots stay`,
            lines(
              sh`systemctl disable --now ${`${UNIT}.timer`} 2>/dev/null || :`,
              sh`rm -f ${[TIMER, SERVICE, PROGRAM]}`,
              sh`systemctl daemon-reload`,
            ),
          ),
        ],
      );
    },
  });
