import type { Change, Difference } from '#core/resource.ts';
import { formatValue } from '#report/text/format-value.ts';
import { type DifferenceBlock, differenceBlock, folded, hasLines } from './difference-block.ts';
import type { OwnOutcome } from './plan-groups.ts';

/** What becomes of a resource: short facts, and what is read line by line. */
export interface PlanRow {
  readonly kind: RowKind;
  readonly facts: readonly RowFact[];
  readonly blocks: readonly DifferenceBlock[];
  /** What will be run, for those who ask for every detail. */
  readonly steps: readonly RowStep[];
}

export type RowKind = 'create' | 'update' | 'remove' | 'deferred' | 'refused' | 'none';

export interface RowFact {
  readonly kind: 'difference' | 'deferred' | 'waits' | 'restarts' | 'repeated' | 'refused' | 'none';
  readonly text: string;
}

export interface RowStep {
  readonly summary: string;
  /** Lines of its program; none where it writes a file. */
  readonly command: readonly string[];
}

export interface RowOptions {
  readonly verbose: boolean;
  /** The hosts for which a block of the resource of this name has been shown already. */
  readonly shownFor: (name: string, block: DifferenceBlock) => string | undefined;
}

/** Blocks of at most this many lines are repeated; for longer ones, the first is referred to. */
const SHORT_BLOCK = 3;

export function planRow(name: string, outcome: OwnOutcome, options: RowOptions): PlanRow {
  if (outcome.answer === 'change') return changeRow(name, outcome, options);
  const { answer: kind } = outcome;
  const wanted = kind === 'deferred' ? (outcome.differences ?? []) : [];
  return {
    kind,
    facts: [
      ...wanted.map((difference) => ({
        kind: 'difference' as const,
        text: formatDifference(difference, true),
      })),
      { kind, text: reasonOf(outcome) },
    ],
    blocks: [],
    steps: [],
  };
}

function reasonOf(outcome: Exclude<OwnOutcome, Change>): string {
  if (outcome.answer === 'none') return outcome.why;
  // What to do is said once for all that it is in the way of, at the end of the plan.
  if (outcome.answer === 'refused') return `${outcome.check}: ${outcome.why}`;
  const { phase, host } = outcome.waitsFor;
  return `waits for ${host === null ? phase : `${phase} on ${host}`}: ${outcome.why}`;
}

function changeRow(name: string, change: Change, { verbose, shownFor }: RowOptions): PlanRow {
  const { differences, restarts = [], steps } = change;
  const kind = kindOf(differences);
  const facts: RowFact[] = differences
    .filter((difference) => !hasLines(difference))
    .map((difference) => ({ kind: 'difference', text: formatDifference(difference, kind === 'create') }));
  if (steps.length === 0) facts.push({ kind: 'waits', text: 'only waited for' });
  if (restarts.length > 0) facts.push({ kind: 'restarts', text: `restarts ${restarts.join(', ')}` });
  const blocks: DifferenceBlock[] = [];
  for (const block of differences.filter(hasLines).map(differenceBlock)) {
    const earlier = block.lines.length > SHORT_BLOCK ? shownFor(name, block) : undefined;
    if (earlier === undefined) blocks.push(verbose ? block : folded(block));
    else facts.push({ kind: 'repeated', text: `${block.what} as on ${earlier}` });
  }
  return { kind, facts, blocks, steps: verbose ? steps.map(rowStep) : [] };
}

function kindOf(differences: readonly Difference[]): RowKind {
  if (differences.length === 0) return 'update';
  if (differences.every(({ from }) => from === null)) return 'create';
  return differences.every(({ to }) => to === null) ? 'remove' : 'update';
}

/** `live value: 0 -> 1`; what is new stands alone. */
const formatDifference = ({ what, from, to }: Difference, isCreated: boolean): string =>
  isCreated ? `${what}: ${formatValue(to)}` : `${what}: ${formatValue(from)} -> ${formatValue(to)}`;

function rowStep(step: Change['steps'][number]): RowStep {
  const { summary } = step;
  if (step.do === 'write') return { summary, command: [] };
  return { summary, command: (step.do === 'run' ? step.script : step.argv.join(' ')).split('\n') };
}
