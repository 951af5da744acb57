import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { Outcome } from '#core/resource.ts';
import type { Script } from '#core/shell.ts';
import type { RunStep } from '#core/step.ts';
import type { PathKind } from '#facts/path.ts';
import { type PulledImages, pulledImages } from '#resources/runtime/pulled-images.ts';

import { testHost } from '../../contracts/test-host.ts';
import { scratchDirectory } from '../../support/scratch-directory.ts';
import { runStep, type RunResult } from './run-step.ts';

const { runtime } = testHost();
const WORKER: PulledImages = { runtime, images: ['a.io/pause:1', 'a.io/kube-proxy:v1.35.8'] };
const KUBEADM = { version: '1.35.8', imageRepository: 'a.io/k8s', isWithoutEtcd: false };

interface Found {
  readonly kubelet?: PathKind;
  readonly configuration?: PathKind;
  readonly record?: string | null;
}

const decide = (
  wanted: PulledImages,
  { kubelet = 'absent', configuration = 'absent', record = null }: Found = {},
): Outcome =>
  pulledImages(wanted).diff({ kubelet, configuration, record: { content: record } } as never, {
    host: 'w1',
    changed: [],
  });

const stepOf = (wanted: PulledImages): RunStep => {
  const outcome = decide(wanted);
  if (outcome.answer !== 'change') throw new Error(outcome.why);
  return outcome.steps[0] as RunStep;
};

/** Runs the program of the transient unit at once, in the place of systemd. */
const SYSTEMD_RUN = 'while case $1 in --*) :;; *) false;; esac; do shift; done; exec "$@"';

const PROGRAMS = {
  systemctl: 'exit 5',
  'systemd-run': SYSTEMD_RUN,
  kubeadm: 'echo a.io/k8s/etcd:3; echo a.io/k8s/kube-proxy:v1.35.8',
  // The one that is there, those that come, and the one that does not.
  crictl:
    'case "$*" in *inspecti*pause*) ;; *inspecti*) exit 1;; *missing*) echo "time=1 level=fatal"; echo no such host >&2; exit 1;; esac',
};

async function began(wanted: PulledImages, programs: Readonly<Record<string, string>> = PROGRAMS) {
  const directory = await scratchDirectory();
  const step = stepOf(wanted);
  const script = step.script.replaceAll('/run/slipway', join(directory, 'run')) as Script;
  const result: RunResult = runStep({ ...step, script }, programs);
  return { ...result, record: readFileSync(join(directory, 'run/pulled-images'), 'utf8') };
}

describe('images that are pulled ahead', () => {
  it('are begun once on a machine that is no node', async () => {
    expect(decide(WORKER)).toMatchObject({
      answer: 'change',
      differences: [{ what: 'images on their way', from: null, to: 'a.io/pause:1, a.io/kube-proxy:v1.35.8' }],
    });
    const { record } = await began(WORKER);
    expect(decide(WORKER, { record })).toEqual({
      answer: 'none',
      why: 'they are on their way since the machine was started',
    });
  });

  it.each<Found>([{ kubelet: 'file' }, { configuration: 'file' }])('are nothing to a node: %j', (found) => {
    expect(decide(WORKER, found)).toMatchObject({ answer: 'none' });
  });

  it('are begun again where others are wanted', async () => {
    const { record } = await began(WORKER);
    expect(decide({ ...WORKER, images: [...WORKER.images, 'a.io/new:1'] }, { record })).toMatchObject({
      answer: 'change',
    });
    expect(decide({ ...WORKER, kubeadm: KUBEADM }, { record })).toMatchObject({ answer: 'change' });
  });

  it('come in their order by the socket of the runtime, but those that are there', async () => {
    const { calls } = await began(WORKER);
    const socket = 'unix:///run/containerd/containerd.sock';
    const cri = `crictl --runtime-endpoint ${socket} --image-endpoint ${socket}`;
    expect(calls.filter((call) => call.startsWith('crictl'))).toEqual([
      `${cri} inspecti a.io/pause:1`,
      `${cri} inspecti a.io/kube-proxy:v1.35.8`,
      `${cri} pull a.io/kube-proxy:v1.35.8`,
    ]);
    expect(calls.find((call) => call.startsWith('systemd-run'))).toContain('--no-block');
  });

  it('of a control plane are those that kubeadm names, before the others', async () => {
    const { calls } = await began({ runtime, images: ['a.io/node:1'], kubeadm: KUBEADM });
    expect(calls).toContain(
      'kubeadm config images list --kubernetes-version=v1.35.8 --image-repository=a.io/k8s',
    );
    expect(calls.flatMap((call) => /^crictl .* pull (.*)/.exec(call)?.[1] ?? [])).toEqual([
      'a.io/k8s/etcd:3',
      'a.io/k8s/kube-proxy:v1.35.8',
      'a.io/node:1',
    ]);
  });

  it('of a control plane have no etcd where it is somebody else’s', async () => {
    const { calls } = await began({ runtime, images: [], kubeadm: { ...KUBEADM, isWithoutEtcd: true } });
    expect(calls.flatMap((call) => /^crictl .* pull (.*)/.exec(call)?.[1] ?? [])).toEqual([
      'a.io/k8s/kube-proxy:v1.35.8',
    ]);
  });

  it('fail no run: what failed is a note of the next plan, and the others come', async () => {
    const wanted = { ...WORKER, images: ['a.io/missing:1', ...WORKER.images] };
    const { code, record, calls } = await began(wanted);
    expect(code).toBe(0);
    expect(calls.at(-1)).toContain('pull a.io/kube-proxy:v1.35.8');
    expect(decide(wanted, { record })).toMatchObject({
      answer: 'none',
      notes: [
        'an image could not be pulled ahead, which kubeadm or the kubelet will try again: a.io/missing:1: no such host',
      ],
    });
  });

  it('fail no run where systemd does not start them', async () => {
    const { code, record } = await began(WORKER, { ...PROGRAMS, 'systemd-run': 'echo no bus >&2; exit 1' });
    expect(code).toBe(0);
    expect(decide(WORKER, { record })).toMatchObject({
      answer: 'none',
      notes: [expect.stringContaining('no bus')],
    });
  });

  it('are named with what is not known without the manifest', () => {
    const wanted = { runtime, images: [], unknownUntil: 'the manifest is fetched' };
    expect(decide(wanted)).toMatchObject({
      answer: 'change',
      differences: [{ to: 'known-after@the_manifest_is_fetched@' }],
    });
  });
});
