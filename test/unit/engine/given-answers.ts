import { fact, type Fact, type HostAnswers } from '#core/fact.ts';
import type { Json } from '#core/json.ts';
import { sh } from '#core/shell.ts';
import type { Observer } from '#core/transport.ts';

/** A fact whose answers a test gives. */
export const given = (name: string): Fact =>
  fact(
    {
      name: 'given',
      script: () => sh`:`,
      parse: () => [],
      bare: () => null,
    },
    name,
  );

/** Answers all questions of `given` with what `answer` says at that time, and counts the looks at each host. */
export function givenObserver(answer: (host: string, question: string) => Json) {
  const looks: string[] = [];
  const observerOf = (host: string): Promise<Observer> =>
    Promise.resolve({
      ask: async (facts) => {
        looks.push(host);
        await Promise.resolve();
        return {
          given: Object.fromEntries(
            facts.map(({ key, question }) => [key, answer(host, JSON.stringify(question))]),
          ),
        } satisfies HostAnswers;
      },
    });
  return { looks, observerOf };
}
