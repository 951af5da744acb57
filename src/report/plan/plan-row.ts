import type { Change, Difference } from '#core/resource.ts';
import { scriptOf } from '#core/step.ts';
import { withUnknown } from '#core/unknown.ts';
import { withFingerprints } from '#report/text/fingerprints.ts';
import { formatValue } from '#report/text/format-value.ts';
import { type DifferenceBlock, differenceBlock, folded, hasLines } from './difference-block.ts';
import type { OwnDeferred, OwnOutcome } from './plan-groups.ts';

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
  readonly kind:
    | 'difference'
    | 'deferred'
    | 'waits'
    | 'restarts'
    | 'destroys'
    | 'repeated'
    | 'refused'
    | 'none';
  readonly text: string;
}

export interface RowStep {
  readonly summary: string;
  /** Lines of its program; none where it writes a file. */
  readonly command: readonly string[];
}

export interface RowOptions {
  readonly verbose: boolean;
  /** Whether the shell of each step is shown, and not only what it does. */
  readonly hasShell: boolean;
  /** The hosts for which a block of the resource of this name has been shown already. */
  readonly shownFor: (name: string, block: DifferenceBlock) => string | undefined;
}

/** Blocks of at most this many lines are repeated; for longer ones, the first is referred to. */
const SHORT_BLOCK = 3;

export function planRow(name: string, outcome: OwnOutcome, options: RowOptions): PlanRow {
  if (outcome.answer === 'change') return changeRow(name, outcome, options);
  const { answer: kind } = outcome;
  if (outcome.answer !== 'deferred' || outcome.forecast?.answer !== 'change') {
    return { kind, facts: [{ kind, text: reasonOf(outcome) }], blocks: [], steps: [] };
  }
  const row = changeRow(name, outcome.forecast, options);
  return { ...row, facts: [...row.facts, { kind, text: `after ${placeOf(outcome)}` }] };
}

function reasonOf(outcome: Exclude<OwnOutcome, Change>): string {
  if (outcome.answer === 'none') return outcome.why;
  // What to do is said once for all that it is in the way of, at the end of the plan.
  if (outcome.answer === 'refused') return `${outcome.check}: ${outcome.why}`;
  if (outcome.forecast?.answer !== 'none') return `waits for ${placeOf(outcome)}: ${outcome.why}`;
  const { otherwise } = outcome.forecast;
  const summaries = otherwise?.steps.map(({ summary }) => withUnknown(summary)) ?? [];
  const more = summaries.length === 0 ? '' : `; if it is not as wanted: ${summaries.join(', ')}`;
  return `looked at after ${placeOf(outcome)}: ${outcome.why}${more}`;
}

const placeOf = ({ waitsFor: { phase, host } }: OwnDeferred): string =>
  host === null ? phase : `${phase} on ${host}`;

function changeRow(name: string, change: Change, { verbose, hasShell, shownFor }: RowOptions): PlanRow {
  const { restarts = [], effects = {}, steps } = change;
  const differences = change.differences.map(readable);
  const kind = kindOf(differences);
  const facts: RowFact[] = differences
    .filter((difference) => !hasLines(difference))
    .map((difference) => ({ kind: 'difference', text: formatDifference(difference, kind === 'create') }));
  if (steps.length === 0) facts.push({ kind: 'waits', text: 'only waited for' });
  if (restarts.length > 0) facts.push({ kind: 'restarts', text: `restarts ${restarts.join(', ')}` });
  const { drains = [], destroys = [] } = effects;
  if (drains.length > 0) facts.push({ kind: 'restarts', text: `drains ${drains.join(', ')}` });
  if (destroys.length > 0) facts.push({ kind: 'destroys', text: `destroys ${destroys.join(', ')}` });
  const blocks: DifferenceBlock[] = [];
  for (const block of differences.filter(hasLines).map(differenceBlock)) {
    const earlier = block.lines.length > SHORT_BLOCK ? shownFor(name, block) : undefined;
    if (earlier === undefined) blocks.push(verbose ? block : folded(block));
    else facts.push({ kind: 'repeated', text: `${block.what} as on ${earlier}` });
  }
  return { kind, facts, blocks, steps: verbose ? steps.map((step) => rowStep(step, hasShell)) : [] };
}

/** With what is not known yet in words, and keys by their fingerprints. */
const readable = ({ what, from, to }: Difference): Difference => ({
  what: withUnknown(what),
  from: typeof from === 'string' ? withFingerprints(withUnknown(from)) : from,
  to: typeof to === 'string' ? withFingerprints(withUnknown(to)) : to,
});

function kindOf(differences: readonly Difference[]): RowKind {
  if (differences.length === 0) return 'update';
  if (differences.every(({ from }) => from === null)) return 'create';
  return differences.every(({ to }) => to === null) ? 'remove' : 'update';
}

/** `live value: 0 -> 1`; what is new stands alone. */
const formatDifference = ({ what, from, to }: Difference, isCreated: boolean): string =>
  isCreated ? `${what}: ${formatValue(to)}` : `${what}: ${formatValue(from)} -> ${formatValue(to)}`;

function rowStep(step: Change['steps'][number], hasShell: boolean): RowStep {
  const summary = withUnknown(
    step.onlyIf === undefined ? step.summary : `${step.summary}, if ${step.onlyIf}`,
  );
  if (step.do === 'write' || !hasShell) return { summary, command: [] };
  const program = withUnknown(step.do === 'run' ? scriptOf(step) : step.argv.join(' '));
  return { summary, command: program.split('\n') };
}
