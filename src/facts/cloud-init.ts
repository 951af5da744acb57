import { type Fact, type Family, fact } from '#core/fact.ts';
import { lines, sh } from '#core/shell.ts';

/** How far cloud-init is, which sets a machine up at its first boot. */
export type CloudInitAnswer = {
  readonly isRunning: boolean;
  /** Of those it goes through, such as `modules-final`; null between two of them. */
  readonly stage: string | null;
};

/** Its stages: each is activating until it has ended. */
const STAGES = ['cloud-init-local', 'cloud-init-network', 'cloud-init', 'cloud-config', 'cloud-final'];

/**
 * Reads the files that `cloud-init status` reads, which itself takes half a second of Python. A cloud-init that was
 * killed, or was installed and has not run yet, is for that program under way for ever; it is not, where none of its
 * units is at work and the machine is up. From 24.3 on all stages are one process, that of cloud-init-main.
 *
 * @see https://github.com/canonical/cloud-init/blob/24.4/cloudinit/cmd/status.py
 */
const family: Family<null, CloudInitAnswer> = {
  name: 'cloud-init',
  sharesShell: true,
  // It goes on by itself.
  isVolatile: true,
  script: () =>
    lines(
      sh`if [ -e /run/cloud-init/status.json ] && ! [ -e /run/cloud-init/result.json ] && ! [ -e /etc/cloud/cloud-init.disabled ]; then`,
      sh`case main-$(systemctl is-active cloud-init-main.service; systemctl is-active ${STAGES.map((stage) => `${stage}.service`)}; systemctl is-system-running) in`,
      sh`main-active*|main-deactivating*|*activating*|*initializing*|*starting*)`,
      sh`  echo running; sed -n ${String.raw`s/^ *"stage": *"\([^"]*\)".*/\1/p`} /run/cloud-init/status.json ;;`,
      sh`esac; fi`,
    ),
  parse: (output, questions) => {
    const [state = '', stage = ''] = output.split('\n');
    if (state !== '' && state !== 'running') {
      throw new Error(`not a state of cloud-init: ${JSON.stringify(output)}`);
    }
    return questions.map(() => ({ isRunning: state === 'running', stage: stage === '' ? null : stage }));
  },
  bare: () => ({ isRunning: false, stage: null }),
};

export const cloudInitState: Fact<CloudInitAnswer> = fact(family, null);
