import type { CheckResult } from '#core/verification.ts';
import { formatDuration } from '#report/text/duration.ts';
import { painter, type Style } from '#report/text/paint.ts';
import { counted, indent, plainOutput } from '#report/text/text-layout.ts';

const WORDS = {
  passed: ['ok', 'green'],
  failed: ['FAILED', 'red'],
  skipped: ['skipped', 'yellow'],
  ignored: ['ignored', 'dim'],
} as const satisfies Record<CheckResult['status'], readonly [string, Style]>;

const NAME_WIDTH = 11;

/** A check as one line; below a failed one what to do, and with `verbose` its output. */
export function renderCheck(
  result: CheckResult,
  { color, verbose = false }: { readonly color: boolean; readonly verbose?: boolean },
): string {
  const paint = painter(color);
  const { name, status, elapsedMs, message, hint, output } = result;
  const [word, style] = WORDS[status];
  const time = elapsedMs > 0 ? ` ${paint('dim', `(${formatDuration(elapsedMs)})`)}` : '';
  const lines = [
    `${paint(style, word.padEnd(7))} ${name.padEnd(NAME_WIDTH)} ${plainOutput(message)}${time}`,
    ...(hint === undefined ? [] : [`        Hint: ${hint}`]),
    ...(verbose && output !== undefined ? indent(output.split('\n').map(plainOutput), 8) : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** How many checks passed, failed, were skipped and were ignored. */
export function renderVerdict(
  results: readonly CheckResult[],
  { color }: { readonly color: boolean },
): string {
  const paint = painter(color);
  const count = (status: CheckResult['status']): number =>
    results.filter((result) => result.status === status).length;
  const others = (['skipped', 'ignored'] as const).flatMap((status) =>
    count(status) > 0 ? [`${count(status)} ${status}`] : [],
  );
  const rest = others.length > 0 ? `, ${others.join(', ')}` : '';
  const failed = count('failed');
  if (failed > 0)
    return `\n${paint('red', `${counted(failed, 'check')} failed`)}, ${count('passed')} passed${rest}.\n`;
  return `\n${paint('green', `The cluster works: ${counted(count('passed'), 'check')} passed`)}${rest}.\n`;
}
