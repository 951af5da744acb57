import { gzipSync } from 'node:zlib';

import { describe, expect, it } from 'vitest';

import { containerdEffective } from '../../../src/resources/runtime/containerd-effective.ts';
import { containerdConfig } from '../../../src/configuration/containerd-config.ts';
import type { Outcome } from '../../../src/core/resource.ts';

const NVIDIA = '/etc/containerd/conf.d/99-nvidia.toml';
const MINE = '/etc/containerd/conf.d/50-mine.toml';
const CONFIG = 'file:/etc/containerd/config.toml';
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const packed = (text: string): string => gzipSync(text).toString('base64');

interface Found {
  readonly version: string;
  /** What containerd prints; absent: it cannot read its configuration. */
  readonly dump?: string;
  readonly dropIns?: Readonly<Record<string, string>>;
  readonly changed?: readonly string[];
  readonly config?: object;
  readonly gpu?: boolean | 'auto';
  readonly devices?: readonly string[];
}

/** The outcome for what a host would answer: the fact's own parser reads it. */
function judge(found: Found): Outcome {
  const { version, dump, dropIns = {}, changed = [], config = {}, gpu = 'auto', devices = [] } = found;
  const resource = containerdEffective({
    version: { known: version, phase: 'runtime' },
    sandboxImage: 'lab/pause:1',
    config: config as never,
    managed: gpu === false ? undefined : NVIDIA,
    gpu,
  });
  const output = [
    dump === undefined ? 'broken containerd: (1, 1): unexpected token' : `dump ${packed(dump)}`,
    ...Object.entries(dropIns).map(([file, text]) => `file ${file} ${base64(text)}`),
    'end',
    '',
  ].join('\n');
  const { dump: fact } = resource.facts as unknown as {
    readonly dump: { family: Parser; question: unknown };
  };
  const [answer] = fact.family.parse(output, [fact.question]);
  const gpus = { isKnown: true, devices, driver: null, library: null, gpus: [] };
  return resource.diff({ dump: answer, ...(gpu === 'auto' && { gpus }) } as never, { host: 'w1', changed });
}

interface Parser {
  readonly parse: (output: string, questions: readonly unknown[]) => readonly unknown[];
}

const written = (version: string): string =>
  containerdConfig(version, { sandboxImage: 'lab/pause:1', config: {} });
const why = (outcome: Outcome): string => (outcome.answer === 'refused' ? outcome.why : outcome.answer);

describe('what containerd goes by', () => {
  it.each(['1.6.20~ds1-1', '2.0.5', '2.3.4'])('is right where it says what was written: %s', (version) => {
    expect(judge({ version, dump: written(version) }).answer).toBe('none');
  });

  it.each([
    ['1.7.24', '[plugins."io.containerd.grpc.v1.cri"]\nsandbox_image = "a"', 'sandbox_image'],
    [
      '2.1.9',
      'version = 3\n[plugins."io.containerd.cri.v1.images".pinned_images]\nsandbox = "a"',
      'pinned_images.sandbox',
    ],
    [
      '2.1.9',
      'version = 2\n[plugins."io.containerd.grpc.v1.cri"]\nsandbox_image = "a"',
      'pinned_images.sandbox',
    ],
  ])('containerd %s: a drop-in that shadows it is named, with the key', (version, text, key) => {
    const said = why(judge({ version, dump: written(version), dropIns: { [MINE]: text } }));
    expect(said).toContain(`${MINE} sets plugins.`);
    expect(said).toContain(`${key} = "a" over /etc/containerd/config.toml, which has "lab/pause:1"`);
  });

  it('with 1.x, a section that takes the place of the whole one is named, and later not', () => {
    const dropIns = { [MINE]: '[plugins."io.containerd.grpc.v1.cri"]\nmax_container_log_line_size = 1\n' };
    const dump = written('1.7.24').replace('SystemdCgroup = true', 'SystemdCgroup = false');
    expect(why(judge({ version: '1.7.24', dump, dropIns }))).toContain(
      `${MINE} has a section plugins."io.containerd.grpc.v1.cri" of its own`,
    );
    expect(judge({ version: '2.1.9', dump: written('2.1.9'), dropIns }).answer).toBe('none');
  });

  it.each<readonly [string, Pick<Found, 'gpu' | 'devices'>, boolean, boolean]>([
    ['the NVIDIA runtime is to come', { gpu: true }, false, true],
    ['there are GPUs', { gpu: 'auto', devices: ['0000:01:00.0'] }, false, true],
    ['there are none', { gpu: 'auto', devices: [] }, false, false],
    ['none are wanted', { gpu: false }, false, false],
    ['there are none, and its file is there', { gpu: 'auto', devices: [] }, true, true],
  ])(
    'with 1.x, a section that the NVIDIA runtime would cancel is named where %s',
    (_, gpus, isThere, isRefused) => {
      // A whole section, as nvidia-ctk and people copy it: all that slipway wants is in it.
      const section = written('1.7.24').replace(/^imports.*$/m, '');
      const dropIns = {
        [MINE]: `${section}\n[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.kata]\nruntime_type = "io.containerd.kata.v2"\n`,
        ...(isThere && { [NVIDIA]: section }),
      };
      const outcome = judge({ version: '1.7.24', dump: written('1.7.24'), dropIns, ...gpus });
      const said = isRefused
        ? `${MINE} has a section plugins."io.containerd.grpc.v1.cri", as ${NVIDIA} has`
        : 'none';
      expect(why(outcome)).toContain(said);
      expect(judge({ version: '2.1.9', dump: written('2.1.9'), ...gpus }).answer).toBe('none');
    },
  );

  it("is not NVIDIA's drop-in's fault, which another phase sees to", () => {
    const dropIns = {
      [NVIDIA]:
        'version = 3\n[plugins."io.containerd.cri.v1.runtime".containerd]\ndefault_runtime_name = "nvidia"\n[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.nvidia]\nruntime_type = "io.containerd.runc.v2"\n',
    };
    const dump = written('2.1.9').replace('default_runtime_name = "runc"', 'default_runtime_name = "nvidia"');
    expect(judge({ version: '2.1.9', dump, dropIns }).answer).toBe('none');
  });

  it('cannot be told of a file that is not TOML, even before the main file is written', () => {
    const dropIns = { [MINE]: 'version = [' };
    expect(why(judge({ version: '1.7.24', dropIns, changed: [CONFIG] }))).toBe(
      `containerd cannot read its configuration: ${MINE} is not TOML`,
    );
    expect(judge({ version: '1.7.24', changed: [CONFIG] }).answer).toBe('deferred');
    expect(why(judge({ version: '1.7.24' }))).toContain('(1, 1): unexpected token');
  });

  it('has no key of the inventory that containerd does not know', () => {
    const config = { plugins: { 'io.containerd.grpc.v1.cri': { restrict_oom_score_adj: true } } };
    expect(why(judge({ version: '2.1.9', dump: written('2.1.9'), config }))).toBe(
      'containerd does not know plugins."io.containerd.grpc.v1.cri".restrict_oom_score_adj, and ignores it',
    );
  });
});
