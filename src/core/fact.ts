import { type Json, stableJson } from './json.ts';
import { type Script, sh } from './shell.ts';

/** How questions are asked. */
export interface Asking<Question, Answer> {
  /**
   * A POSIX-sh program that prints what `parse` reads, and changes nothing on the host; but for answers that it may
   * keep, see `KEEPING`. It is the same for the same questions, unless the family is volatile.
   */
  readonly script: (questions: readonly Question[]) => Script;
  /**
   * One answer a question, in the same order; the same for the same output, unless the family is volatile.
   *
   * @throws {Error} when the output is not what `script` prints.
   */
  readonly parse: (output: string, questions: readonly Question[]) => readonly Answer[];
}

/**
 * Families that wait for the same program or server: they are asked one after the other, and beside all the others, so that
 * a look takes as long as the longest queue and not as all of them.
 */
export interface Queue {
  readonly name: string;
  /** Where two of them or more want something: runs before the first, and gets what all of them want. */
  readonly before?: (wants: readonly string[]) => Script;
}

/**
 * A kind of question about a host. All questions of a family are asked by one piece of shell, so that a
 * hundred files cost one pass and not a hundred.
 */
export interface Family<Question extends Json = Json, Answer extends Json = Json> extends Asking<
  Question,
  Answer
> {
  readonly name: string;
  /** The answer of a freshly installed machine, for a plan without a connection. */
  readonly bare: (question: Question) => Answer;
  /** True where the script neither exits nor changes directory, options or IFS, so that it needs no process of its own. */
  readonly sharesShell?: boolean;
  /** Absent: it is asked with the others that wait for nobody. */
  readonly queue?: Queue;
  /** What it would ask for by itself, which its queue may ask for together with what others want. */
  readonly wants?: (questions: readonly Question[]) => readonly string[];
  /** Time that each question adds to what a probe may take, in ms; for answers that come from elsewhere: the API server, Helm. */
  readonly patienceMs?: number;
  /** True where the answer moves by itself (a clock): it does not make a saved plan stale. */
  readonly isVolatile?: boolean;
}

/**
 * Stands before the questions of a run that holds the host's lock: an answer that was dear to find out may then be kept
 * below `/run/slipway`, with all that it depends on. A plan keeps none, and takes one that holds.
 */
export const KEEPING: Script = sh`slipway_keeps=1`;

/** One question to one host. */
export interface Fact<Answer extends Json = Json> {
  readonly family: Family<never, Answer>;
  readonly question: Json;
  /** The key of the question among the answers of its family: its JSON. */
  readonly key: string;
  /** The host that is asked, when it is not the one the resource acts on; or CLUSTER, or CONTROLLER. */
  readonly host?: string;
  /** Whether a resource can do without the answer of that host, where it cannot be reached. */
  readonly isOptional?: boolean;
}

export type Facts = Readonly<Record<string, Fact>>;

/** One that a resource can do without where its host cannot be reached: there is no answer then. */
export interface OptionalFact<Answer extends Json = Json> extends Fact<Answer> {
  readonly isOptional: true;
}

export type AnswerOf<F> =
  F extends OptionalFact<infer Answer> ? Answer | undefined : F extends Fact<infer Answer> ? Answer : never;

export type AnswersOf<F extends Facts> = { readonly [Name in keyof F]: AnswerOf<F[Name]> };

/** What hosts answered: host, then family, then the question's JSON. Plain JSON as it stands. */
export type Answers = Readonly<Record<string, HostAnswers>>;

export type HostAnswers = Readonly<Record<string, Readonly<Record<string, Json>>>>;

export function fact<Question extends Json, Answer extends Json>(
  family: Family<Question, Answer>,
  question: Question,
): Fact<Answer> {
  return { family, question, key: stableJson(question) };
}

/**
 * The answers of a program that prints `end` on a line of its own after each.
 *
 * @throws {Error} when they are not as many as were asked for: the output is cut off.
 */
export function endedAnswers(output: string, questions: readonly unknown[]): readonly string[] {
  const answers = output.split(/^end$/m).slice(0, -1);
  if (answers.length !== questions.length)
    throw new Error(`${questions.length} questions, ${answers.length} answers: the output is cut off`);
  return answers;
}

/**
 * The cluster itself, in the place of a host's name: the engine replaces it by a control plane through which the
 * cluster answers. No host can have this name.
 */
export const CLUSTER = '(cluster)';

/** The machine that slipway runs on, in the place of a host's name: it is asked as the user who runs slipway. No host can have this name. */
export const CONTROLLER = '(controller)';

/** The same question, asked of another host, of the CLUSTER or of the CONTROLLER. */
export const at = <Answer extends Json>(host: string, question: Fact<Answer>): Fact<Answer> => ({
  ...question,
  host,
});

/** The same question, asked of another host that can be gone without: where it cannot be reached, there is no answer. */
export const ifReached = <Answer extends Json>(host: string, question: Fact<Answer>): Fact<Answer> => ({
  ...at(host, question),
  isOptional: true,
});
