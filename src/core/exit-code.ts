/** What the process says to its caller; one meaning each, never reused. */
export const EXIT = {
  /** Nothing to do, or all of it done. */
  ok: 0,
  failed: 1,
  /** Changes are pending; only with `--detailed-exitcode`. */
  changesPending: 2,
  /** The command line or the inventory is wrong. */
  usage: 3,
  /** A fact under the saved plan has moved. */
  stalePlan: 4,
  /** Another run holds a host's lock. */
  locked: 5,
  unreachable: 6,
  /** The plan does what the policy forbids. */
  forbidden: 7,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
