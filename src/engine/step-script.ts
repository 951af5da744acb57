import { printText } from '#core/packed-text.ts';
import type { Content, Secret } from '#core/secret.ts';
import { command, embed, lines, quote, type Script, sh } from '#core/shell.ts';
import {
  DEFAULT_STEP_TIMEOUT_MS,
  type DetachedStep,
  type RunStep,
  scriptOf,
  type Step,
  type WriteStep,
} from '#core/step.ts';

/** Values for the secret parts of contents, by name. */
export type SecretValues = ReadonlyMap<string, Secret>;

/** Files that steps stream, in base64, by sha256. */
export type FileTexts = ReadonlyMap<string, string>;

/** Where detached programs keep their files; below /run, so that nothing outlives a reboot. */
export const RUN_DIRECTORY = '/run/slipway';

/**
 * Compiles steps into one program, which prints when each step starts and how it ended, and stops at the first that
 * fails.
 *
 * @param marker starts each of those lines: `MARKER start 0`, `MARKER end 0 EXIT-CODE`.
 */
export function stepScript(
  steps: readonly Step[],
  marker: string,
  secrets: SecretValues,
  files: FileTexts = new Map(),
): Script {
  const parts = steps.map((step, index) =>
    lines(
      sh`printf '%s start %s\n' ${marker} ${index}`,
      sh`( ${embed(compile(step, secrets, files))}
)`,
      sh`code=$?; printf '\n%s end %s %s\n' ${marker} ${index} "$code"; [ "$code" = 0 ] || exit 1`,
    ),
  );
  // On the controller it is the home and the umask of whoever runs slipway.
  return steps.some(isForController)
    ? lines(...parts)
    : lines(sh`export HOME=/root`, sh`umask 022`, ...parts);
}

/** Such a step is sent by itself. */
export const isForController = (step: Step | undefined): step is RunStep =>
  step?.do === 'run' && step.on === 'controller';

export const timeoutOf = (step: Step): number => step.timeoutMs ?? DEFAULT_STEP_TIMEOUT_MS;

function compile(step: Step, secrets: SecretValues, files: FileTexts): Script {
  if (step.do === 'write') return writeScript(step, secrets);
  return step.do === 'run' ? runScript(step, secrets, files) : detachedScript(step, secrets);
}

/** The name is the same each time, so that what a killed run left behind is written over by the next. */
function writeScript({ path, content, mode, owner, encoding }: WriteStep, secrets: SecretValues): Script {
  const slash = path.lastIndexOf('/');
  const directory = path.slice(0, slash) || '/';
  const fresh = `${directory}/.${path.slice(slash + 1)}.slipway`;
  return lines(
    sh`set -e`,
    sh`mkdir -p ${directory}`,
    sh`rm -f ${fresh}`,
    sh`( umask 077; ${embed(print(reveal(content, secrets), encoding))} > ${fresh} )`,
    sh`chown ${owner} ${fresh}`,
    sh`chmod ${mode.toString(8)} ${fresh}`,
    sh`sync ${fresh}`,
    sh`mv -f ${fresh} ${path}`,
  );
}

/** What travels to the host is UTF-8. */
const print = (text: string, encoding: WriteStep['encoding']): Script =>
  encoding === undefined
    ? sh`printf %s ${text}`
    : sh`printf %s ${Buffer.from(text, encoding).toString('base64')} | base64 -d`;

function runScript(step: RunStep, secrets: SecretValues, files: FileTexts): Script {
  const seconds = Math.ceil(timeoutOf(step) / 1000);
  // Not every controller has a timeout, and slipway is there to end what takes too long.
  const limit = isForController(step) ? [] : ['timeout', '-k', '5', String(seconds)];
  const program = command(...limit, 'sh', '-ec', scriptOf(step));
  const input = step.file === undefined ? step.stdin : files.get(step.file.sha256);
  // It reads what the whole program is given.
  if (step.pieces !== undefined) return program;
  if (step.file !== undefined && input === undefined) throw new TypeError(`${step.file.url} was not fetched`);
  if (input === undefined) return sh`${embed(program)} </dev/null`;
  return sh`${embed(printText(reveal(input, secrets)))} | ${embed(program)}`;
}

/**
 * systemd keeps the program running whatever becomes of this connection; the exit code is a file, because a
 * transient unit that ended well is forgotten at once.
 *
 * @see https://www.freedesktop.org/software/systemd/man/252/systemd-run.html
 */
function detachedScript(step: DetachedStep, secrets: SecretValues): Script {
  const { unit, argv, files, isUnderWay = false } = step;
  const log = `${RUN_DIRECTORY}/${unit}.log`;
  const code = `${RUN_DIRECTORY}/${unit}.code`;
  const paths = Object.keys(files);
  const program = `${command(...argv)} </dev/null >>${quote(log)} 2>&1; echo $? >${quote(`${code}.new`)}; mv ${quote(`${code}.new`)} ${quote(code)}`;
  const start = lines(
    sh`umask 077; mkdir -p ${RUN_DIRECTORY}; rm -f ${code}; : >${log}`,
    ...Object.entries(files).map(([path, content]) => sh`printf %s ${reveal(content, secrets)} >${path}`),
    sh`systemctl reset-failed ${`${unit}.service`} 2>/dev/null || :`,
    sh`systemd-run --quiet --collect --unit=${unit} --property=KillMode=process --setenv=HOME=/root --setenv=LC_ALL=C.UTF-8 --setenv=PATH="$PATH" sh -c ${program} </dev/null || exit 1`,
  );
  return lines(
    sh`if ! systemctl is-active --quiet ${`${unit}.service`}${embed(isUnderWay ? sh` && ! [ -e ${code} ]` : sh``)}; then
${embed(start)}
fi`,
    sh`pid=$(systemctl show -p MainPID --value ${`${unit}.service`}); [ "$pid" != 0 ] && tail -n +1 -s 0.05 --pid="$pid" -f ${log} || cat ${log}`,
    sh`i=0; while [ $i -lt 40 ] && ! [ -e ${code} ]; do sleep 0.05; i=$((i + 1)); done`,
    sh`rm -f ${paths}`,
    sh`[ -e ${code} ] || { echo ${`${unit} ended without an exit code`} >&2; exit 1; }`,
    sh`exit "$(cat ${code})"`,
  );
}

/** A content with its secrets in their places. @throws {TypeError} for a secret that nobody supplies. */
function reveal(content: Content, secrets: SecretValues): string {
  if (typeof content === 'string') return content;
  return content
    .map((part) => {
      if (typeof part === 'string') return part;
      const value = secrets.get(part.secret);
      if (value === undefined) throw new TypeError(`no source for the secret ${part.secret}`);
      return value.reveal();
    })
    .join('');
}
