import { type Outcome, type Resource, changeOr, differs, noted, resource } from '#core/resource.ts';
import { sh } from '#core/shell.ts';
import { type Step, run } from '#core/step.ts';
import { type FileAnswer, fileContent } from '#facts/file.ts';
import { os } from '#facts/os.ts';
import { type SwapAnswer, swapState } from '#facts/swap.ts';
import { edited, refuseUnreadable, writeStep } from '#resources/files/diff-file.ts';

const FSTAB = '/etc/fstab';

/**
 * No swap, now and after a reboot, wherever it comes from: /etc/fstab, units, GPT partitions, zram.
 *
 * @see https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/install-kubeadm/#swap-configuration (v1.34)
 */
export const noSwap = (): Resource =>
  resource({
    address: 'swap',
    facts: { swap: swapState(), fstab: fileContent(FSTAB), machine: os() },
    diff: ({ swap, fstab, machine }) =>
      refuseUnreadable(fstab, FSTAB) ??
      noted(
        diffSwap(swap, fstab),
        swap.active.length > 0 && WSL2.test(machine.kernel)
          ? [
              'WSL2 turns swap on again whenever this machine starts: set swap=0 under [wsl2] in .wslconfig of Windows',
            ]
          : [],
      ),
  });

/** As `uname -r` has it. @see https://learn.microsoft.com/en-us/windows/wsl/wsl-config (swap) */
const WSL2 = /microsoft/i;

function diffSwap(swap: SwapAnswer, fstab: FileAnswer): Outcome {
  const before = fstab.content;
  const after = before === null ? null : withoutSwap(before);
  const isKept = after === before;
  return changeOr(
    'swap is off, and nothing turns it on',
    [
      ...differs(FSTAB, before, after),
      ...differs('swap units', swap.units, []),
      ...differs('swap in use', swap.active, []),
    ],
    [
      // First what would turn swap on again at boot: if the run is cut off here, the next one goes on with the rest.
      ...(isKept ? [] : [writeStep(edited(fstab, FSTAB, after ?? '')), reload]),
      ...(swap.units.length === 0 ? [] : [disableStep(swap.units)]),
      ...(swap.active.length === 0 ? [] : [swapoff]),
    ],
  );
}

/** Comments the swap lines out, and leaves every other byte. */
export const withoutSwap = (fstab: string): string =>
  fstab
    .split('\n')
    .map((line) => (isSwapLine(line) ? `# ${line}` : line))
    .join('\n');

/**
 * The third field is the type. Blanks and tabs are between fields, and no other space is: a name may hold one that does not
 * break it.
 *
 * @see https://man7.org/linux/man-pages/man5/fstab.5.html
 */
const isSwapLine = (line: string): boolean =>
  /^[ \t]*[^# \t][^ \t]*[ \t]+[^ \t]+[ \t]+swap([ \t\r]|$)/.test(line);

/** Units made from /etc/fstab go when systemd reads it again. */
const reload = run('have systemd read /etc/fstab again', sh`systemctl daemon-reload`);

/** A unit that was written into /etc cannot be masked there, but nobody else starts it either. */
const disableStep = (units: readonly string[]): Step => ({
  do: 'run',
  summary: `stop ${units.join(', ')} for good`,
  timeoutMs: SWAPOFF_TIMEOUT_MS,
  script: sh`for unit in ${units}; do
  if [ -f /etc/systemd/system/"$unit" ]; then systemctl disable --now -- "$unit"; else systemctl mask --now -- "$unit"; fi
done`,
});

/** Emptying a full swap area takes minutes. */
const SWAPOFF_TIMEOUT_MS = 600_000;

const swapoff: Step = {
  do: 'run',
  summary: 'turn swap off',
  script: sh`swapoff -a`,
  timeoutMs: SWAPOFF_TIMEOUT_MS,
};
