/** A program of the operator's that runs before or after a phase. */
export interface Hook {
  /** Unique. */
  readonly name: string;
  readonly phase: string;
  readonly place: 'before' | 'after';
  /** On each of its hosts, or once for all of them on the controller. */
  readonly runsOn: 'hosts' | 'controller';
  /** Names of the hosts it runs on, or for. */
  readonly hosts: readonly string[];
  /** A whole program, or a file of the controller that is one. */
  readonly program: { readonly text: string } | { readonly localFile: string };
  readonly runs: HookCondition;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** When it runs: where its phase changes something, once, while a path is missing, or while a command fails. */
export type HookCondition = 'changed' | 'once' | { readonly creates: string } | { readonly unless: string };
