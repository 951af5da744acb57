import type { Answers } from '#core/fact.ts';
import { formatValue } from '#report/plan/text-difference.ts';
import { columnWidth, truncate } from '#report/text/text-layout.ts';

/** What hosts answered, one line a question; long answers are cut, as JSON has them whole. */
export function renderTextFacts(answers: Answers, width: number): string {
  const hosts = Object.entries(answers).map(([host, families]) => {
    const rows = Object.entries(families).flatMap(([family, asked]) =>
      Object.entries(asked).map(([question, answer]) => ({
        question: `${family} ${question}`,
        answer: formatValue(answer),
      })),
    );
    const column = columnWidth(
      rows.map(({ question }) => question),
      50,
    );
    const lines = rows.map(({ question, answer }) =>
      truncate(`  ${question.padEnd(column)}  ${answer.replaceAll('\n', ' ')}`, width),
    );
    return [host, ...lines].join('\n');
  });
  return `${hosts.join('\n\n')}\n`;
}
