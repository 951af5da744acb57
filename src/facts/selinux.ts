import { type Fact, type Family, fact } from '#core/fact.ts';
import { sh } from '#core/shell.ts';

/** Paths whose labels are not those that the policy has for them. */
type LabelsAnswer = {
  /** Whether the host has the program that knows. */
  readonly isKnown: boolean;
  readonly wrong: readonly { readonly path: string; readonly from: string; readonly to: string }[];
};

export interface LabelledPaths {
  /** With all that is below them. */
  readonly trees: readonly string[];
  /** Alone. */
  readonly paths: readonly string[];
}

/** Whether SELinux lets pass what it would deny; off: the kernel runs without it; null: nobody was asked. */
export const selinuxMode = (): Fact<SelinuxMode> => fact(modeFamily, null);

export type SelinuxMode = 'enforcing' | 'permissive' | 'off' | null;

/** @see https://docs.kernel.org/admin-guide/LSM/SELinux.html */
const modeFamily: Family<null, SelinuxMode> = {
  name: 'selinux-mode',
  script: () => sh`cat /sys/fs/selinux/enforce 2>/dev/null || :`,
  parse: (output, questions) => {
    const mode = output.trim();
    return questions.map(() => (mode === '1' ? 'enforcing' : mode === '0' ? 'permissive' : 'off'));
  },
  bare: () => null,
};

export const selinuxLabels = ({ trees, paths }: LabelledPaths): Fact<LabelsAnswer> =>
  fact(labelsFamily, { trees, paths });

type LabelsQuestion = { readonly trees: readonly string[]; readonly paths: readonly string[] };

/** @see https://github.com/SELinuxProject/selinux/blob/3.6/libselinux/src/selinux_restorecon.c ("Would relabel") */
const labelsFamily: Family<LabelsQuestion, LabelsAnswer> = {
  name: 'selinux-labels',
  script: ([{ trees, paths } = { trees: [], paths: [] }]) =>
    sh`command -v restorecon >/dev/null 2>&1 || exit 0
echo known
restorecon -inv ${paths} 2>/dev/null
restorecon -inRv ${trees} 2>/dev/null
:`,
  parse: (output, questions) => {
    const rows = output.split('\n');
    const wrong = rows.flatMap((row) => {
      const [, path, from, to] = /^Would relabel (.+) from (\S+) to (\S+)$/.exec(row) ?? [];
      return path === undefined || from === undefined || to === undefined ? [] : [{ path, from, to }];
    });
    return questions.map(() => ({ isKnown: rows.includes('known'), wrong }));
  },
  bare: () => ({ isKnown: false, wrong: [] }),
};
