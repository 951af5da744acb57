import { describe, expect, it } from 'vitest';

import { readToml } from '#configuration/toml.ts';
import type { Cluster, Host } from '#core/cluster.ts';
import type { Outcome, Resource } from '#core/resource.ts';
import type { Runtime } from '#core/runtime.ts';
import type { FileAnswer } from '#facts/file.ts';
import { noSwap } from '#resources/host/swap.ts';
import { kubeletFlags } from '#resources/kubelet/kubelet-flags.ts';
import { nvidiaDocker } from '#resources/nvidia/nvidia-docker.ts';
import { containerdConfiguration } from '#resources/runtime/containerd-configuration.ts';
import { crictl } from '#resources/runtime/crictl.ts';
import { dockerDaemon } from '#resources/runtime/docker-daemon.ts';

import { fileAnswer } from '../../support/file-answer.ts';

const found = fileAnswer(null);
const cluster = { kubernetes: { version: '1.34.9' } } as Cluster;
const worker = { kubeletExtraArgs: {}, runtime: { type: 'containerd' } } as Host;
const node = { credentials: 'file', os: { hostname: 'w1' } };
const swap = { active: [], units: [] };

const decided = (resource: Resource, answers: object): Outcome =>
  resource.diff(answers as never, { host: 'w1', changed: [] });

const json = (content: string) => ({ found: { ...found, content }, record: { ...found, type: 'absent' } });

const first = ([one]: readonly Resource[]): Resource => {
  if (one === undefined) throw new TypeError('there is none');
  return one;
};

describe('a file that slipway would add to, and cannot read', () => {
  it.each<readonly [string, Resource, object]>([
    ['/etc/fstab', noSwap(), { swap, fstab: found }],
    [
      '/etc/docker/daemon.json',
      first(dockerDaemon({ registries: [], config: {} })),
      { found, record: { ...found, type: 'absent' } },
    ],
  ])('is refused by name: %s', (path, resource, answers) => {
    expect(decided(resource, answers)).toMatchObject({
      answer: 'refused',
      check: 'FileContent',
      why: expect.stringContaining(path) as string,
    });
  });
});

describe('a file that is a link', () => {
  const link: FileAnswer = { ...found, type: 'link', mode: '0777', target: '/opt/site/file' };
  it.each<readonly [string, Resource, object]>([
    ['/etc/fstab', noSwap(), { swap, fstab: link }],
    [
      '/etc/docker/daemon.json',
      first(dockerDaemon({ registries: [], config: {} })),
      { found: link, record: { ...found, type: 'absent' } },
    ],
    ['/etc/crictl.yaml', crictl({ runtime: { type: 'containerd' } as Runtime }), { found: link }],
    ['/var/lib/kubelet/kubeadm-flags.env', kubeletFlags(cluster, worker, 'join'), { ...node, found: link }],
    [
      '/etc/containerd/config.toml',
      containerdConfiguration({
        version: { known: '1.7.24', phase: 'runtime' },
        sandboxImage: 'pause:1',
        snapshotter: 'overlayfs',
        cniBins: [],
        config: {},
      }),
      { found: link },
    ],
  ])('is not written over by what would be added to it: %s', (path, resource, answers) => {
    expect(decided(resource, answers)).toMatchObject({
      answer: 'refused',
      check: 'FileContent',
      why: `${path} is a link to /opt/site/file, so what stands there cannot be kept`,
    });
  });
});

describe('a number that JavaScript has not', () => {
  const definition = { isDefaultRuntime: false, hasCdi: false, phase: 'runtime' };
  const daemon = first(dockerDaemon({ registries: [], config: {} }));
  const RIGHT = '"exec-opts":["native.cgroupdriver=systemd"]';

  it.each(['12345678901234567890', '-9007199254740993', '1e999'])('is not changed unseen: %s', (number) => {
    for (const resource of [daemon, nvidiaDocker(definition)]) {
      const outcome = decided(resource, json(`{"x": {"deep": [${number}]}, "s": "99999999999999999999"}`));
      expect(outcome).toMatchObject({
        answer: 'refused',
        check: 'DockerConfig',
        why: `/etc/docker/daemon.json has the number ${number}, which slipway cannot write as exactly`,
      });
    }
  });

  it('hinders nothing where the file stays, or the number is kept', () => {
    expect(decided(daemon, json(`{"x": 12345678901234567890, ${RIGHT}}`)).answer).toBe('none');
    for (const kept of ['9007199254740991', '-1.5e3', '"12345678901234567890"', '"a\\"12345678901234567890"'])
      expect(decided(daemon, json(`{"x": ${kept}}`)).answer, kept).toBe('change');
  });

  it('does not make a file of TOML one that is none', () => {
    expect(
      readToml('a = 9223372036854775807\nb = [{ c = -9223372036854775808 }]\nd = 1979-05-27\n'),
    ).toMatchObject({
      a: 2 ** 63,
      b: [{ c: -(2 ** 63) }],
    });
    expect(readToml('a = 9223372036854775807\nb = [')).toBeUndefined();
  });
});

describe("a line of the kubelet's flags that cannot be read", () => {
  it.each([
    ['of dashes', '-'.repeat(250_000)],
    ['of names without values', '--a'.repeat(80_000)],
    ['of blanks', ' '.repeat(250_000)],
  ])('is read in no time: %s', (_, line) => {
    const content = `KUBELET_KUBEADM_ARGS="x ${line} --cgroup-driver=systemd"\n`;
    const before = process.threadCpuUsage();
    const outcome = decided(kubeletFlags(cluster, worker, 'join'), {
      ...node,
      found: { ...found, content },
    });
    expect(process.threadCpuUsage(before).user / 1e6).toBeLessThan(1);
    expect(outcome).toMatchObject({
      answer: 'change',
      steps: [{ content: 'KUBELET_KUBEADM_ARGS="--cgroup-driver=systemd"\n' }],
    });
  });
});

describe('/etc/fstab in Latin-1', () => {
  it('has its swap line found, and every other byte stays', () => {
    const content = '# \u00fcbrig\n/swap none swap sw 0 0\n';
    const outcome = decided(noSwap(), { swap, fstab: { ...found, content, encoding: 'latin1' } });
    expect(outcome).toMatchObject({
      answer: 'change',
      steps: [
        { path: '/etc/fstab', encoding: 'latin1', content: '# \u00fcbrig\n# /swap none swap sw 0 0\n' },
        {},
      ],
    });
  });
});
