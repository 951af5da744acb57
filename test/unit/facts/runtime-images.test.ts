import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { containerdImages, type ImagesAnswer } from '#facts/runtime-images.ts';

const DIGESTS = ['a', 'b', 'c'].map((letter) => letter.repeat(64)) as [string, string, string];
/** As ctr of containerd 1.6.20 prints them. */
const IMAGES = `REF                                TYPE                                                      DIGEST SIZE PLATFORMS LABELS
registry.k8s.io/pause:3.10.1       application/vnd.oci.image.index.v1+json sha256:${DIGESTS[0]} 4.2 KiB linux/amd64 io.cri-containerd.image=managed,io.cri-containerd.pinned=pinned
quay.io/calico/node:v3.32.1        application/vnd.oci.image.index.v1+json sha256:${DIGESTS[1]} 150.1 MiB linux/amd64,linux/arm64 io.cri-containerd.image=managed
sha256:${DIGESTS[2]}               application/vnd.oci.image.index.v1+json sha256:${DIGESTS[1]} 150.1 MiB linux/amd64 -
`;

describe('images of containerd', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'slipway-ctr-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  /** Asks with a stand-in for ctr. */
  const ask = (ctr: string | undefined): ImagesAnswer => {
    if (ctr !== undefined) {
      writeFileSync(join(directory, 'ctr'), `#!/bin/sh\n${ctr}\n`);
      chmodSync(join(directory, 'ctr'), 0o755);
    }
    const fact = containerdImages({
      names: ['registry.k8s.io/pause:3.10.1', 'quay.io/calico/node:v3.32.1', 'docker.io/library/nginx:1'],
      blobs: [DIGESTS[0], DIGESTS[2]],
    });
    const question = [fact.question] as never[];
    const output = execFileSync('sh', ['-c', fact.family.script(question)], {
      cwd: directory,
      encoding: 'utf8',
      env: { PATH: `${directory}:/usr/bin:/bin`, LC_ALL: 'C' },
    });
    return fact.family.parse(output, question)[0]!;
  };

  it('are told by name, with their digests, their pins and the pieces that are there', () => {
    const ctr = `case "$*" in
'-n k8s.io images ls') cat <<'END'
${IMAGES}END
;;
'-n k8s.io content ls -q') echo sha256:${DIGESTS[0]}; echo sha256:${DIGESTS[1]};;
*) exit 1;; esac`;
    expect(ask(ctr)).toEqual({
      state: 'ready',
      images: {
        'registry.k8s.io/pause:3.10.1': { digest: `sha256:${DIGESTS[0]}`, isPinned: true },
        'quay.io/calico/node:v3.32.1': { digest: `sha256:${DIGESTS[1]}`, isPinned: false },
      },
      blobs: [DIGESTS[0]],
    });
    // A question writes nothing.
    expect(execFileSync('ls', [directory], { encoding: 'utf8' })).toBe('ctr\n');
  });

  it('are not known where containerd does not answer', () => {
    expect(ask('echo "ctr: failed to dial" >&2; exit 1')).toEqual({ state: 'silent' });
  });
});
