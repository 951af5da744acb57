import { endedAnswers, type Fact, type Family, fact } from '#core/fact.ts';
import { lines, sh } from '#core/shell.ts';

/**
 * Whether a command of the operator's ends well, by which a hook knows that it has nothing to do. That the command changes
 * nothing is the operator's word.
 */
export const hookCheck = (command: string): Fact<boolean> => fact(family, command);

const LIMIT_SECONDS = 10;

const family: Family<string, boolean> = {
  name: 'hook-check',
  script: (questions) =>
    lines(
      // Not every controller has one.
      sh`limit=; if command -v timeout >/dev/null; then limit=${`timeout ${LIMIT_SECONDS}`}; fi`,
      ...questions.map(
        (command) => sh`if $limit sh -c ${command} </dev/null >/dev/null 2>&1; then echo yes; else echo no; fi
echo end`,
      ),
    ),
  parse: (output, questions) => endedAnswers(output, questions).map((answer) => answer.trim() === 'yes'),
  bare: () => false,
  patienceMs: LIMIT_SECONDS * 1000,
};
