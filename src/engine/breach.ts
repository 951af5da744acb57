import type { Json, JsonObject } from '#core/json.ts';
import { type Change, change, type Forecast, type None } from '#core/resource.ts';
import type { Step } from '#core/step.ts';
import { isInstance, withUnknown } from '#core/unknown.ts';

/**
 * What a decision would do that its forecast has not said; undefined where it keeps it. To do nothing keeps every
 * forecast: somebody else has done it.
 */
export function breachOf(forecast: Forecast, decided: None | Change): string | undefined {
  if (decided.answer === 'none') return undefined;
  const steps = decided.steps.filter(isWork);
  // What is only waited for does nothing.
  if (steps.length === 0) return undefined;
  const foreseen = forecast.answer === 'none' ? (forecast.otherwise ?? NOTHING) : forecast;
  const left = foreseen.steps.filter(isWork);
  for (const step of steps) {
    const index = left.findIndex((one) => one.onlyIf === undefined || isSame(one, step));
    const [expected] = index < 0 ? [] : left.splice(0, index + 1).slice(-1);
    if (expected === undefined) return `it would also: ${step.summary}`;
    if (!isSame(expected, step)) return differenceOf(expected, step);
  }
  const missing = left.find(({ onlyIf }) => onlyIf === undefined);
  if (missing !== undefined) return `it would not: ${withUnknown(missing.summary)}`;
  const restarts = (decided.restarts ?? []).filter((unit) => foreseen.restarts?.includes(unit) !== true);
  if (restarts.length > 0) return `it would restart ${restarts.join(', ')}`;
  const { drains = [], destroys = [] } = decided.effects ?? {};
  const drained = drains.filter((node) => foreseen.effects?.drains?.includes(node) !== true);
  if (drained.length > 0) return `it would drain ${drained.join(', ')}`;
  const lost = destroys.filter((what) => foreseen.effects?.destroys?.includes(what) !== true);
  return lost.length > 0 ? `it would destroy ${lost.join(', ')}` : undefined;
}

const NOTHING = change([]);

const isWork = ({ isRecord }: Step): boolean => isRecord !== true;

function isSame(foreseen: Step, step: Step): boolean {
  const { onlyIf, ...taken } = foreseen;
  return isInstance((onlyIf === undefined ? foreseen : taken) as unknown as Json, step as unknown as Json);
}

/** Where two steps of the same summary part: the first line that is another one. */
function differenceOf(foreseen: Step, step: Step): string {
  const summary = withUnknown(foreseen.summary);
  if (!isInstance(foreseen.summary, step.summary)) return `it would ${step.summary}, in place of: ${summary}`;
  const [before, after] = [foreseen, step] as unknown as readonly [JsonObject, JsonObject];
  const isOther = (key: string): boolean => key !== 'onlyIf' && !isInstance(before[key], after[key]);
  const part = Object.keys({ ...after, ...before }).find(isOther) ?? '';
  const [was, is] = [linesOf(before[part] ?? null), linesOf(after[part] ?? null)];
  const at = is.findIndex((line, index) => !isInstance(was[index], line));
  const [then = 'nothing', now = 'nothing'] = [was[at < 0 ? is.length : at], is[at < 0 ? is.length : at]];
  return `${summary}: it was to be ${JSON.stringify(withUnknown(then.trim()))}, and is ${JSON.stringify(now.trim())}`;
}

/** All texts of a step, line by line; what is secret is in none of them. */
const linesOf = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return value.split('\n');
  return typeof value === 'object' && value !== null
    ? Object.values(value).flatMap(linesOf)
    : [JSON.stringify(value)];
};
