import {
  bothRecords,
  dockerConfig,
  type DockerRecord,
  type DockerSettings,
} from '#configuration/docker-config.ts';
import { inexactNumber, isEqualJson, type JsonObject, parseJsonObject } from '#core/json.ts';
import { changeOr, type Outcome, refused, type Resource, resource } from '#core/resource.ts';
import { settingsDifferences } from '#core/settings.ts';
import { sh } from '#core/shell.ts';
import type { Step, WriteStep } from '#core/step.ts';
import { type FileAnswer, fileContent } from '#facts/file.ts';
import {
  diffFile,
  edited,
  keepStep,
  replacing,
  refuseUnreadable,
  writeStep,
} from '#resources/files/diff-file.ts';
import { withExactNumbers } from '#resources/files/exact-numbers.ts';

export const DOCKER_CONFIG_PATH = '/etc/docker/daemon.json';

/** What of it is slipway's. A setting is recorded before it is made, and leaves the record after it is taken away. */
export const DOCKER_RECORD_PATH = '/var/lib/slipway/daemon.json';

/**
 * Docker's configuration, made of the file that is there: what others wrote is kept, what slipway put there leaves with
 * the inventory, and a file that differs in the order of its keys only stays as it is.
 */
export const dockerDaemon = (settings: DockerSettings): readonly Resource[] => [
  resource({
    address: `file:${DOCKER_CONFIG_PATH}`,
    facts: FACTS,
    diff: ({ found, record }): Outcome => {
      const unreadable = refuseUnreadable(found, DOCKER_CONFIG_PATH);
      if (unreadable !== undefined) return unreadable;
      const before = settingsIn(found);
      if (before === undefined) {
        return refused(
          'DockerConfig',
          `${DOCKER_CONFIG_PATH} is not a map in JSON, so what others wrote there cannot be kept`,
          'mend it, or move it away',
        );
      }
      return diffDaemon(before, { found, record }, settings);
    },
  }),
  resource({
    address: `file:${DOCKER_RECORD_PATH}`,
    facts: FACTS,
    diff: ({ found, record }) => {
      const previous = recordIn(record);
      const next = dockerConfig(settingsIn(found) ?? {}, previous, settings).record;
      return changeOr(
        `${DOCKER_RECORD_PATH} names what of ${DOCKER_CONFIG_PATH} is slipway's`,
        settingsDifferences(previous, next),
        [recordStep(next)],
      );
    },
  }),
];

const FACTS = { found: fileContent(DOCKER_CONFIG_PATH), record: fileContent(DOCKER_RECORD_PATH) } as const;

/** Undefined where the file is not what Docker reads. */
const settingsIn = ({ content }: FileAnswer): JsonObject | undefined =>
  content === null || content.trim() === '' ? {} : parseJsonObject(content);

const recordIn = ({ content }: FileAnswer): DockerRecord => parseJsonObject(content ?? '') ?? {};

function diffDaemon(
  before: JsonObject,
  { found, record }: Readonly<Record<'found' | 'record', FileAnswer>>,
  settings: DockerSettings,
): Outcome {
  const text = found.content ?? '';
  const previous = recordIn(record);
  const { wanted, record: next } = dockerConfig(before, previous, settings);
  const content = isEqualJson(before, wanted) && text !== '' ? text : inJson(wanted);
  const outcome = diffFile(found, edited(found, DOCKER_CONFIG_PATH, content));
  if (outcome.answer !== 'change' || content === text) return outcome;
  const both = bothRecords(previous, next);
  const isFirst = record.type === 'absent' && found.type === 'file';
  const steps = [
    trial(content),
    ...(isFirst ? [keepStep(DOCKER_CONFIG_PATH)] : []),
    ...(isEqualJson(both, previous) ? [] : [recordStep(both)]),
    ...outcome.steps,
  ];
  const done = isFirst ? replacing({ ...outcome, steps }, DOCKER_CONFIG_PATH) : { ...outcome, steps };
  return withDockerNumbers(done, text);
}

/** Refuses to write Docker's configuration anew where a number in it would not survive that. */
export const withDockerNumbers = (outcome: Outcome, text: string): Outcome =>
  withExactNumbers(outcome, {
    check: 'DockerConfig',
    where: DOCKER_CONFIG_PATH,
    inexact: () => inexactNumber(text),
  });

const recordStep = (record: DockerRecord): WriteStep =>
  writeStep({ path: DOCKER_RECORD_PATH, content: inJson(record) });

const inJson = (value: JsonObject): string => `${JSON.stringify(value, null, 4)}\n`;

/** Docker checks the text before it is written, as far as it can (from 23.0 on). */
const trial = (content: string): Step => ({
  do: 'run',
  summary: 'have Docker check its configuration',
  stdin: content,
  script: sh`dockerd --help 2>&1 | grep -q -- --validate || exit 0
trial=$(mktemp)
cat >"$trial"
code=0
dockerd --validate --config-file "$trial" || code=$?
rm -f "$trial"
exit "$code"`,
});
