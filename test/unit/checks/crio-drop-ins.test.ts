import { describe, expect, it } from 'vitest';

import { crioDropIns } from '../../../src/checks/preflight/crio-drop-ins.ts';
import { crioConfig } from '../../../src/configuration/crio-config.ts';
import type { Fact } from '../../../src/core/fact.ts';
import type { Outcome } from '../../../src/core/resource.ts';
import type { DropInText } from '../../../src/facts/other-files.ts';
import { parseText } from '../facts/ask.ts';

const DIRECTORY = '/etc/crio/crio.conf.d';
const resource = crioDropIns(
  `${DIRECTORY}/90-slipway.conf`,
  crioConfig({ sandboxImage: 'pause:1', config: {}, hasGpu: false }),
);

const judge = (name: string, text: string): Outcome => {
  const printed = `file ${DIRECTORY}/${name} ${Buffer.from(text).toString('base64')}\nend\n`;
  const [found] = parseText(printed, [resource.facts['found'] as Fact<readonly DropInText[]>]);
  return resource.diff({ found } as never, { host: 'w1', changed: [] });
};
const CGROUPFS = '[crio.runtime]\ncgroup_manager = "cgroupfs"\n';

describe('CrioConfig', () => {
  it.each([
    ['99-mine.conf', CGROUPFS],
    ['99-mine.conf.bak', CGROUPFS],
  ])('names a file that says otherwise later, whatever its name: %s', (name, text) => {
    expect(judge(name, text)).toMatchObject({
      answer: 'refused',
      why: `${DIRECTORY}/${name} sets crio.runtime.cgroup_manager = "cgroupfs" over "systemd"`,
    });
  });

  it.each([
    ['10-mine.conf', CGROUPFS],
    ['99-mine.conf', '[crio.runtime]\ncgroup_manager = "systemd"\nlog_level = "debug"\n'],
    ['99-nvidia.toml', '[crio.runtime.runtimes.nvidia]\nruntime_type = "oci"\n'],
  ])('has nothing against one that comes first, or says the same or something else: %s', (name, text) => {
    expect(judge(name, text)).toMatchObject({ answer: 'none' });
  });

  it.each(['99-mine.conf', '10-mine.conf', '10-mine.conf.bak'])(
    'names one that CRI-O could not read, wherever it stands: %s',
    (name) => {
      expect(judge(name, '[crio')).toMatchObject({
        why: `${DIRECTORY}/${name} is not TOML, so CRI-O would not start`,
      });
    },
  );
});
