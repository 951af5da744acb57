import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';

import { expect, test } from 'vitest';

import { sh } from '#core/shell.ts';
import { buildGraph } from '#engine/build-graph.ts';
import { factsByHost } from '#engine/observe.ts';
import { parseInventory } from '#inventory/parse-inventory.ts';
import { groupFacts } from '#transport/probe.ts';
import { applyWorkflow } from '#workflows/apply.ts';

const example = new URL('../../../inventory.yaml', import.meta.url);
const options = { path: 'inventory.yaml', directory: '/', env: { HOME: '/root' }, secrets: 'skip' } as const;
const { cluster } = await parseInventory(await readFile(example, 'utf8'), options);
const { nodes } = buildGraph({ cluster, workflow: applyWorkflow, artifacts: new Map() });
const groups = groupFacts([...factsByHost(nodes).values()].flat()).filter(
  ({ family }) => family.sharesShell === true,
);

/** What a shell's programs could change under those that come after them in the same shell. */
const state = sh`set +o; printf '%s|' "$PWD" "$IFS" "$PATH" "$(umask)"; trap`;

test('most families share a shell', () => {
  expect(groups.length).toBeGreaterThan(9);
});

test.each(groups.map(({ family, questions }) => ({ name: family.name, family, questions })))(
  '$name leaves the shell that it shares as it was',
  ({ family, questions }) => {
    const program = `${state} >&3\n${family.script(questions as readonly never[])}\necho =$? >&3\n${state} >&3`;
    const said = execFileSync('sh', ['-c', `exec 3>&1 >/dev/null 2>&1\n${program}`], { encoding: 'utf8' });
    const [before, after] = said.split('=0\n');
    expect(after).toBe(before);
  },
);
