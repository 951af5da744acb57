import { EXIT } from '../../src/core/exit-code.ts';
import { code, markdownTable } from './markdown.ts';

/** What each says, and what a person or a script does about it. */
const MEANINGS: Readonly<Record<keyof typeof EXIT, readonly [is: string, then: string]>> = {
  ok: ['nothing to do, or all of it done', 'nothing'],
  failed: [
    'something failed, or a check refused the plan; what did not need it is done',
    'read what failed and its hint; run the same command again, which goes on from where the hosts are',
  ],
  changesPending: [
    `changes are pending; with ${code('--detailed-exitcode')} alone`,
    'review the plan, and apply it',
  ],
  usage: [
    'the command line or the inventory is wrong; no host was touched',
    `put right what is named by file, line and column; ${code('slipway validate')} says all of it`,
  ],
  stalePlan: [
    'a saved plan does not hold any more: the hosts, the inventory or slipway are others; no host was touched',
    'make and review a new one',
  ],
  locked: [
    'another run holds the lock of a host; it is named, and no host was touched',
    'wait for it; a lock goes with its holder',
  ],
  unreachable: [
    'a host did not answer or did not let us in; what did not need it is done',
    `${code('slipway doctor')} tells what stands in the way`,
  ],
  forbidden: [
    `the plan does what ${code('policy')} or ${code('--fail-on')} forbids; no host was touched`,
    'review it, and allow it for this run if it is wanted',
  ],
  interrupted: [
    'Ctrl-C or a signal: what was under way came to its end, and nothing else was begun',
    'run the same command again',
  ],
};

/** What the process says to its caller. */
export function exitCodeReference(): string {
  const rows = Object.entries(EXIT).map(([name, number]) => [
    String(number),
    ...MEANINGS[name as keyof typeof EXIT],
  ]);
  return `# Exit codes

One meaning each, the same for all commands, and never used for another. Where several hold, the first of interrupted,
failed and unreachable is told.

${markdownTable(['code', 'is', 'what to do'], rows)}
`;
}
