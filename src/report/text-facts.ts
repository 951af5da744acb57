import type { Answers } from '#core/fact.ts';
import { formatValue } from './text/format-value.ts';
import { table } from './text/table.ts';
import { truncate } from './text/text-layout.ts';

/** What hosts answered: one line a question, of at most `width` columns. */
export function renderTextFacts(answers: Answers, width: number): string {
  const hosts = Object.entries(answers).map(([host, families]) => {
    const rows = Object.entries(families).flatMap(([family, asked]) =>
      Object.entries(asked).map(([question, answer]) => [
        `${family} ${question}`,
        formatValue(answer).replaceAll('\n', ' '),
      ]),
    );
    return [host, ...table(rows, { limit: 50 }).map((line) => truncate(`  ${line}`, width))].join('\n');
  });
  return `${hosts.join('\n\n')}\n`;
}
