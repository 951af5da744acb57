import { randomBytes } from 'node:crypto';

import { ExecutionTimeout } from '#core/execution-error.ts';
import { type Fact, type HostAnswers, KEEPING } from '#core/fact.ts';
import type { Json } from '#core/json.ts';
import { mask } from '#core/secret.ts';
import { lines } from '#core/shell.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import type { Connection, Observer } from '#core/transport.ts';

import {
  familyInProgress,
  type FamilyOutput,
  type FamilyQuestions,
  groupFacts,
  probeEnd,
  probeScript,
  splitProbe,
} from './probe.ts';

/** For a probe none of whose families asks for more time. */
const PROBE_TIMEOUT_MS = 60_000;
/** Longer probes do not fit into the command line. */
const ARGUMENT_LIMIT_BYTES = 100 * 1024;
const LINES_SHOWN = 5;

/**
 * A connection as planning sees it: all questions go out as one program, and come back as answers.
 *
 * Architecture invariant: there is no way to write through it.
 */
export const observer = (connection: Pick<Connection, 'host' | 'execute'>): Observer => ({
  ask: async (facts: readonly Fact[]): Promise<HostAnswers> => {
    const groups = groupFacts(facts);
    if (groups.length === 0) return {};
    const nonce = `probe-${randomBytes(9).toString('hex')}`;
    const script = probeScript(groups, nonce);
    const via = Buffer.byteLength(script) > ARGUMENT_LIMIT_BYTES ? 'stdin' : 'argument';
    const { host } = connection;
    const timeoutMs = timeoutOf(groups);
    const { code, stdout, stderr } = await connection
      .execute({ script, via, timeoutMs, lastLine: probeEnd(nonce) })
      .catch((error: unknown) => {
        if (!(error instanceof ExecutionTimeout)) throw error;
        const { name = 'the probe', said = error.output } = familyInProgress(error.output, nonce) ?? {};
        throw unreadable(host, name, `no end after ${timeoutMs / 1000} s`, said);
      });
    const { isWhole, families } = splitProbe(stdout, groups, nonce);
    const answers = groups.map((group): [string, Readonly<Record<string, Json>>] => [
      group.family.name,
      readAnswers(host, group, families.get(group.family.name), stderr),
    ]);
    if (!isWhole) throw unreadable(host, 'the probe', `it ended early with code ${code}`, '');
    return Object.fromEntries(answers);
  },
});

/** The same for a run that holds the host's lock: hosts may keep answers that were dear to find out. */
export const keepingObserver = (connection: Pick<Connection, 'host' | 'execute'>): Observer =>
  observer({
    host: connection.host,
    execute: (execution) => connection.execute({ ...execution, script: lines(KEEPING, execution.script) }),
  });

const timeoutOf = (groups: readonly FamilyQuestions[]): number =>
  groups.reduce(
    (sum, { family, questions }) => sum + (family.patienceMs ?? 0) * questions.length,
    PROBE_TIMEOUT_MS,
  );

/** What was read last of each family's output. */
const lastRead = new WeakMap<
  FamilyQuestions,
  { readonly stdout: string; readonly answers: Readonly<Record<string, Json>> }
>();

/** Hosts of a kind say mostly the same: what they say is read once, unless it means another thing each time. */
function readAnswers(
  host: string,
  group: FamilyQuestions,
  output: FamilyOutput | undefined,
  stderr: string,
): Readonly<Record<string, Json>> {
  const { family, keys, questions } = group;
  const { name } = family;
  if (output === undefined || output.code === null) {
    throw unreadable(host, name, 'the probe ended before it answered', stderr);
  }
  const said = `${output.stdout}\n${stderr}`;
  if (output.code !== 0) throw unreadable(host, name, `its script ended with code ${output.code}`, said);
  const known = lastRead.get(group);
  if (known?.stdout === output.stdout) return known.answers;
  let answers: readonly Json[];
  try {
    answers = family.parse(output.stdout, questions as readonly never[]);
  } catch (error) {
    throw unreadable(host, name, error instanceof Error ? error.message : String(error), said);
  }
  if (answers.length !== keys.length) {
    throw unreadable(host, name, `${answers.length} answers to ${keys.length} questions`, said);
  }
  const byKey = Object.fromEntries(keys.map((key, index) => [key, answers[index] as Json]));
  if (family.isVolatile !== true) lastRead.set(group, { stdout: output.stdout, answers: byKey });
  return byKey;
}

function unreadable(host: string, family: string, why: string, output: string): SlipwayError {
  const tail = mask(output)
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-LINES_SHOWN)
    .join('\n');
  return new SlipwayError(`cannot read ${family} of ${host}: ${why}${tail === '' ? '' : `\n${tail}`}`, {
    code: 'fact-unreadable',
    host,
    hint: `see on ${host} what hangs or fails there, then run the same command again`,
  });
}
