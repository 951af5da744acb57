import type { Fact, Family, HostAnswers } from '#core/fact.ts';
import type { Json } from '#core/json.ts';
import { embed, type Script, lines, sh } from '#core/shell.ts';

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

/**
 * Sorts questions by family and key, so that the same questions make the same program. Where a family is asked what it was
 * asked the last time, its questions are the same object.
 */
export function groupFacts(asked: readonly Fact[]): readonly FamilyQuestions[] {
  const families = new Map<string, Map<string, Fact>>();
  for (const fact of asked) {
    const group = families.get(fact.family.name) ?? new Map<string, Fact>();
    group.set(fact.key, fact);
    families.set(fact.family.name, group);
  }
  return [...families].toSorted(byName).flatMap(([, facts]) => {
    const sorted = [...facts].toSorted(byName);
    const family = sorted[0]?.[1].family;
    if (family === undefined) return [];
    const known = lastAsked.get(family);
    if (known !== undefined && isSame(known.keys, sorted)) return [known];
    const keys = sorted.map(([key]) => key);
    const group = { family, keys, questions: sorted.map(([, { question }]) => question) };
    lastAsked.set(family, group);
    return [group];
  });
}

/** Hosts of a kind are asked the same, one after the other. */
const lastAsked = new WeakMap<Family<never>, FamilyQuestions>();

const isSame = (keys: readonly string[], sorted: readonly (readonly [string, Fact])[]): boolean =>
  keys.length === sorted.length && sorted.every(([key], index) => key === keys[index]);

/**
 * One program that asks every family, those of each queue in turn and the queues beside one another. A family has a shell of
 * its own unless it says that it can share one, so that neither an `exit` nor a syntax error of one can harm another.
 *
 * The whole answer is printed at once: sshd would hold back the second of two small packets until the first is
 * acknowledged.
 *
 * @param nonce a random word, which no answer can contain: it marks where each answer begins and ends.
 */
export function probeScript(groups: readonly FamilyQuestions[], nonce: string): Script {
  const queues = [...Map.groupBy(groups, ({ family }) => family.queue).values()];
  const asked = queues.map((queue) => lines(ahead(queue), ...queue.map((group) => askFamily(group))));
  return lines(
    // At a timeout the running command ends, and the answer so far is still printed.
    sh`slipway_end=end; trap slipway_end=failed TERM`,
    sh`slipway_over() { trap '' TERM; echo ${nonce} asks "$slipway_asks" >&2; }`,
    sh`slipway_asks() { slipway_asks=$1; echo ${nonce} "$1"; }`,
    sh`slipway_asked() { printf '\n%s %s %s\n' ${nonce} "$slipway_asks" "$1"; [ "$1" = 0 ] || echo ${nonce} failed; }`,
    sh`slipway_answer=$(`,
    beside(asked),
    sh`)`,
    sh`case $slipway_answer in *${`${nonce} failed`}*) slipway_end=failed;; esac`,
    sh`printf '%s\n%s %s\n' "$slipway_answer" ${nonce} "$slipway_end"`,
  );
}

/** The words around an answer are printed by functions: some thirty families are asked, and what is sent is to be short. */
function askFamily(group: FamilyQuestions): Script {
  return lines(sh`slipway_asks ${group.family.name}`, programOf(group), sh`slipway_asked $?`);
}

const programs = new WeakMap<FamilyQuestions, Script>();

/** What one family runs: made once for all hosts that it asks the same, unless it has the time in it. */
function programOf(group: FamilyQuestions): Script {
  const { family, questions } = group;
  const known = programs.get(group);
  if (known !== undefined) return known;
  const script = family.script(questions as readonly never[]);
  const program = family.sharesShell === true ? script : sh`(eval ${script})`;
  if (family.isVolatile !== true) programs.set(group, program);
  return program;
}

/** What a queue does for all its families at once. */
function ahead(queue: readonly FamilyQuestions[]): Script {
  const before = queue[0]?.family.queue?.before;
  const wants = queue
    .map(({ family, questions }) => family.wants?.(questions as readonly never[]) ?? [])
    .filter(({ length }) => length > 0);
  return before === undefined || wants.length < 2 ? sh`:` : before([...new Set(wants.flat())]);
}

/**
 * Scripts at the same time, and what they print one after the other: a pipe leads from each to the next, which hands over
 * what comes out of it when it has come to its own end. That needs neither a file nor an order in which they end. When its
 * time is over, each hands over what it was told so far, and ends.
 */
function beside(scripts: readonly Script[]): Script {
  if (scripts.length < 2) return lines(sh`trap 'slipway_over; exit' TERM`, ...scripts);
  const joined = scripts.map((script, index) =>
    index === 0
      ? sh`{ trap 'slipway_over; exit' TERM
${embed(script)}
}`
      : sh`{ exec 3<&0 </dev/null; trap 'slipway_over; exec cat <&3' TERM; echo
${embed(script)}
trap '' TERM; exec cat <&3; }`,
  );
  return joined.join(' | ') as Script;
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

/** The family that was being asked when a probe was cut off, and what it had said; one of them where several were. */
export function familyInProgress(
  output: string,
  nonce: string,
): { readonly name: string; readonly said: string } | undefined {
  const [, name] = new RegExp(`^${nonce} asks (.+)$`, 'm').exec(output) ?? [];
  if (name === undefined) return undefined;
  const said = cut(output, `${nonce} ${name}\n`)[1] ?? output;
  return {
    name,
    said: said
      .split('\n')
      .filter((line) => !line.startsWith(nonce))
      .join('\n'),
  };
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
