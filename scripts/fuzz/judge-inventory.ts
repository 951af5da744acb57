import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { EXIT } from '#core/exit-code.ts';
import type { Plan } from '#core/plan.ts';

import { type Ended, runCommand } from './run-command.ts';

export interface Verdict {
  /** What slipway made of the inventory. */
  readonly isAccepted: boolean;
  /** What is wrong with slipway. */
  readonly faults: readonly string[];
  /** Of one that was accepted. */
  readonly plan?: Plan;
}

/** Validates it, and plans with it where it is accepted: either ends well, or says where in the file the mistake is. */
export async function judgeInventory(bytes: Buffer, directory: string): Promise<Verdict> {
  const path = join(directory, 'inventory.yaml');
  writeFileSync(path, bytes);
  const validated = await runCommand('validate', '-i', path);
  if (validated.code !== EXIT.ok) return { isAccepted: false, faults: refusalFaults(validated, path, bytes) };
  const planned = await runCommand('plan', '--offline', '--format', 'json', '-i', path);
  const shown = await runCommand('plan', '--offline', '-v', '-i', path);
  if (planned.code === EXIT.ok && shown.code === EXIT.ok) {
    const plan = JSON.parse(planned.stdout) as Plan;
    return { isAccepted: true, faults: [validated, shown].flatMap(terminalFaults), plan };
  }
  const said = planned.code === EXIT.ok ? shown : planned;
  return { isAccepted: true, faults: [`validate accepts it, but plan says: ${said.stderr.slice(0, 2000)}`] };
}

/** `FILE:LINE:COLUMN: ` inside of the file, in each line. */
function refusalFaults(ended: Ended, path: string, bytes: Buffer): readonly string[] {
  const { code, stderr } = ended;
  if (code !== EXIT.usage) return [`exit code ${code}: ${stderr.slice(0, 2000)}`];
  const rows = linesOf(bytes);
  const said = stderr
    .replace(/^Error: /, '')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('Warning: ') && !/^and \d+ more$/.test(line));
  const faults = said.flatMap((line) => {
    if (!line.startsWith(`${path}:`)) return [`without a place: ${JSON.stringify(line.slice(0, 300))}`];
    const [, row = '', column = '', message = ''] =
      /^:(\d+):(\d+): (.*)$/.exec(line.slice(path.length)) ?? [];
    const text = rows[Number(row) - 1];
    const isInside = text !== undefined && Number(column) >= 1 && Number(column) <= text.length + 1;
    if (!isInside) return [`a place outside of the file: ${JSON.stringify(line.slice(0, 300))}`];
    return message === '' ? [`no message: ${line.slice(0, 300)}`] : [];
  });
  return [...(said.length === 0 ? ['nothing is said'] : []), ...faults, ...terminalFaults(ended)];
}

/** Each line of the file, with its line break. */
function linesOf(bytes: Buffer): readonly string[] {
  const mark = bytes.subarray(0, 2).toString('hex');
  const encoding = { fffe: 'utf-16le', feff: 'utf-16be' }[mark] ?? 'utf-8';
  return new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes).split('\n');
}

/** What is printed of others' texts does nothing to a terminal. */
function terminalFaults({ stdout, stderr }: Ended): readonly string[] {
  const at = `${stdout}${stderr}`.search(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
  return at < 0
    ? []
    : [
        `a control character is printed: ${JSON.stringify(`${stdout}${stderr}`.slice(Math.max(0, at - 150), at + 50))}`,
      ];
}
