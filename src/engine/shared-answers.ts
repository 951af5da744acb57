import type { HostAnswers } from '#core/fact.ts';
import type { Json } from '#core/json.ts';

/**
 * Stores equal answers of many hosts once.
 *
 * It stores a copy: a piece cut out of a program's output would keep all of that output in memory.
 */
export class SharedAnswers {
  readonly #known = new Map<string, Json>();

  /** The same answers; those that an earlier host gave too are the same objects in memory. */
  of(answers: HostAnswers): HostAnswers {
    return Object.fromEntries(
      Object.entries(answers).map(([family, byKey]) => [
        family,
        Object.fromEntries(Object.entries(byKey).map(([key, answer]) => [key, this.#shared(answer)])),
      ]),
    );
  }

  #shared(answer: Json): Json {
    if (answer === null || (typeof answer !== 'object' && typeof answer !== 'string')) return answer;
    const text = JSON.stringify(answer);
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const own = JSON.parse(text) as Json;
    this.#known.set(text, own);
    return own;
  }
}
