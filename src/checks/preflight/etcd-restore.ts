import { RESTORE_DIRECTORY } from '#facts/etcd-tools.ts';
import { pathKind } from '#facts/path.ts';

import { check } from './check.ts';

/** A restore that was cut off has taken manifests away, which must not be made anew on half of the data. */
export const noEtcdRestore = check({
  name: 'EtcdRestore',
  facts: { record: pathKind(`${RESTORE_DIRECTORY}/snapshot`) },
  judge: ({ record }) =>
    record === 'absent'
      ? 'no restore of etcd is under way'
      : {
          why: 'a restore of etcd was cut off',
          hint: 'finish it with the same command: slipway etcd restore FILE',
        },
});
