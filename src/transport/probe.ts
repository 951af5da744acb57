import type { Fact, Family, HostAnswers } from '#core/fact.ts';
import type { Json } from '#core/json.ts';
import { type Script, lines, sh } from '#core/shell.ts';

/** The questions of one family, each once, in a stable order. */
export interface FamilyQuestions {
  readonly family: Family<never>;
  readonly keys: readonly string[];
  readonly questions: readonly Json[];
}

/** What one family's script printed. */
export interface FamilyOutput {
  /** Null when the probe ended before it. */
  readonly code: number | null;
  readonly stdout: string;
}

/** Sorts questions by family and key, so that the same questions make the same program. */
export function groupFacts(facts: readonly Fact[]): readonly FamilyQuestions[] {
  const families = new Map<string, Map<string, Fact>>();
  for (const fact of facts) {
    const group = families.get(fact.family.name) ?? new Map<string, Fact>();
    group.set(fact.key, fact);
    families.set(fact.family.name, group);
  }
  return [...families].toSorted(byName).flatMap(([, group]) => {
    const sorted = [...group].toSorted(byName);
    const family = sorted[0]?.[1].family;
    if (family === undefined) return [];
    return [
      { family, keys: sorted.map(([key]) => key), questions: sorted.map(([, { question }]) => question) },
    ];
  });
}

/**
 * One program that asks every family in turn. A family has a shell of its own unless it says that it can share one, so
 * that neither an `exit` nor a syntax error of one can harm another.
 *
 * The whole answer is printed at once: sshd would hold back the second of two small packets until the first is
 * acknowledged.
 *
 * @param nonce a random word, which no answer can contain: it marks where each answer begins and ends.
 */
export function probeScript(groups: readonly FamilyQuestions[], nonce: string): Script {
  const asked = groups.map(({ family, questions }) => {
    const frame = `${nonce} ${family.name}`;
    const script = family.script(questions as readonly never[]);
    return lines(
      sh`echo ${frame}`,
      family.sharesShell === true ? script : sh`(eval ${script})`,
      sh`slipway_code=$?; printf '\n%s %s\n' ${frame} "$slipway_code"`,
      sh`[ "$slipway_code" = 0 ] || slipway_end=failed`,
    );
  });
  return lines(
    // At a timeout the running command ends, and the answer so far is still printed.
    sh`trap : TERM`,
    sh`slipway_answer=$(slipway_end=end`,
    ...asked,
    sh`echo ${nonce} "$slipway_end")`,
    sh`printf '%s\n' "$slipway_answer"`,
  );
}

/** The last line of a probe that was not cut off and had an answer of every family. */
export const probeEnd = (nonce: string): string => `${nonce} end`;

/** Splits what a probe printed into the answers of its families. */
export function splitProbe(
  stdout: string,
  groups: readonly FamilyQuestions[],
  nonce: string,
): { readonly isWhole: boolean; readonly families: ReadonlyMap<string, FamilyOutput> } {
  const families = new Map<string, FamilyOutput>();
  for (const { family } of groups) {
    const frame = `${nonce} ${family.name}`;
    const [, answer] = cut(stdout, `${frame}\n`);
    if (answer === undefined) continue;
    const [own, rest] = cut(answer, `\n${frame} `);
    families.set(family.name, { stdout: own, code: rest === undefined ? null : Number.parseInt(rest, 10) });
  }
  return { isWhole: stdout.endsWith(`\n${probeEnd(nonce)}\n`), families };
}

/** The family that was being asked when a probe was cut off. */
export function familyInProgress(output: string, nonce: string): string | undefined {
  const frame = output.split('\n').findLast((line) => line.startsWith(`${nonce} `));
  return frame?.slice(nonce.length + 1);
}

/** The answers of a freshly installed machine. */
export const bareAnswers = (facts: readonly Fact[]): HostAnswers =>
  Object.fromEntries(
    groupFacts(facts).map(({ family, keys, questions }) => [
      family.name,
      Object.fromEntries(keys.map((key, index) => [key, family.bare(questions[index] as never)])),
    ]),
  );

const byName = ([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number =>
  left < right ? -1 : 1;

/** The text before and after the first separator; the whole text and undefined where there is none. */
function cut(text: string, separator: string): readonly [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)];
}
