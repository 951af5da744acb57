import { describe, expect, it } from 'vitest';

import type { JsonObject } from '../../../src/core/json.ts';
import type { Outcome } from '../../../src/core/resource.ts';
import type { FileAnswer } from '../../../src/facts/file.ts';
import { nvidiaCrio } from '../../../src/resources/nvidia/nvidia-crio.ts';
import { nvidiaDocker, withNvidia } from '../../../src/resources/nvidia/nvidia-docker.ts';
import { nvidiaMode } from '../../../src/resources/nvidia/nvidia-mode.ts';

import { fileAnswer, missingFile } from '../../support/file-answer.ts';

const plain = { isDefaultRuntime: false, hasCdi: false };
const phase = 'runtime';
const file = (content: string | null): FileAnswer => (content === null ? missingFile : fileAnswer(content));

const docker = (content: string | null, changed: readonly string[] = [], more = {}): Outcome =>
  nvidiaDocker({ ...plain, ...more, phase }).diff({ found: file(content) } as never, { host: 'w1', changed });
const crio = (content: string | null, isDefaultRuntime = false): Outcome =>
  nvidiaCrio({ isDefaultRuntime }).diff({ found: file(content) } as never, { host: 'w1', changed: [] });

/** As nvidia-ctk 1.19 leaves it, without a line end. */
const BY_NVIDIA_CTK = `{
    "default-runtime": "nvidia",
    "exec-opts": [
        "native.cgroupdriver=systemd"
    ],
    "runtimes": {
        "nvidia": {
            "args": [],
            "path": "nvidia-container-runtime"
        }
    }
}`;

describe("Docker's NVIDIA runtime", () => {
  it('is added to what is there', () => {
    const before: JsonObject = { 'log-driver': 'json-file', runtimes: { runsc: { path: '/usr/bin/runsc' } } };
    expect(withNvidia(before, plain)).toEqual({
      'log-driver': 'json-file',
      runtimes: {
        runsc: { path: '/usr/bin/runsc' },
        nvidia: { args: [], path: 'nvidia-container-runtime' },
      },
    });
  });

  it('is the default as chosen, and another default stays', () => {
    const other: JsonObject = { 'default-runtime': 'runsc' };
    expect(withNvidia(other, plain)['default-runtime']).toBe('runsc');
    expect(withNvidia(other, { ...plain, isDefaultRuntime: true })['default-runtime']).toBe('nvidia');
    expect(withNvidia({ 'default-runtime': 'nvidia' }, plain)).not.toHaveProperty('default-runtime');
  });

  it("is left in nvidia-ctk's wording", () => {
    expect(docker(BY_NVIDIA_CTK, [], { isDefaultRuntime: true }).answer).toBe('none');
    expect(docker(BY_NVIDIA_CTK)).toMatchObject({ answer: 'change' });
    expect(docker(BY_NVIDIA_CTK, [], { isDefaultRuntime: true, hasCdi: true }).answer).toBe('change');
  });

  it("waits for Docker's own settings, and refuses what is no configuration", () => {
    expect(docker(null).answer).toBe('deferred');
    expect(docker('{}', ['file:/etc/docker/daemon.json']).answer).toBe('deferred');
    expect(docker('{ bad').answer).toBe('refused');
  });
});

describe("CRI-O's NVIDIA runtime", () => {
  const byNvidiaCtk = `[crio.runtime.runtimes.nvidia]
monitor_path = "/usr/libexec/crio/conmon"
runtime_path = "/usr/bin/nvidia-container-runtime"
runtime_type = "oci"
`;

  it('is written, and left alone when nvidia-ctk has written it', () => {
    expect(crio(null)).toMatchObject({ answer: 'change' });
    expect(crio(byNvidiaCtk).answer).toBe('none');
    expect(crio(byNvidiaCtk, true).answer).toBe('change');
    expect(crio(`${byNvidiaCtk}[crio.runtime]\ndefault_runtime = "nvidia"\n`, true).answer).toBe('none');
    expect(crio(byNvidiaCtk.replace('nvidia-container-runtime', 'other')).answer).toBe('change');
  });
});

describe("the toolkit's own configuration", () => {
  const settings = { mode: 'auto', phase: 'nvidia', runtimes: ['/usr/libexec/crio/crun', 'runc'] } as const;
  const diff = (text: string): Outcome =>
    nvidiaMode(settings).diff({ package: { installed: '1.20.0-1' }, found: file(text) } as never, {
      host: 'w1',
      changed: [],
    });

  it('names the runtime that CRI-O hides, and the mode, in one go', () => {
    const other = '[nvidia-container-runtime]\nmode = "cdi"\nruntimes = ["runc", "crun"]\n';
    expect(JSON.stringify(diff(other))).toContain(
      '--set nvidia-container-runtime.mode=auto --set nvidia-container-runtime.runtimes=/usr/libexec/crio/crun:runc',
    );
    const right =
      '[nvidia-container-runtime]\nmode = "auto"\nruntimes = ["/usr/libexec/crio/crun", "runc"]\n';
    expect(diff(right).answer).toBe('none');
  });
});
