import { describe, expect, it } from 'vitest';

import { namedFiles } from '#checks/preflight/named-files.ts';
import { ownerOfPath } from '#catalog/own-paths.ts';
import type { Plan } from '#core/plan.ts';
import { prettyJson } from '#report/text/pretty-json.ts';
import { openSlipway } from '#slipway.ts';

import { inventory, kubernetes, parse, problemsOf } from './inventory-fixture.ts';

const files = (entries: string): string => inventory(`defaults: {files: {${entries}}}`);

const lookAt = () => Promise.resolve({ fault: 'there is none' });

describe('a file of hosts', () => {
  it.each<[string, string, string]>([
    [
      'without anything in it',
      '/a: {mode: "0600"}',
      'inventory.yaml:4:20: defaults.files["/a"]: says not what stands in it: one of content, file and secret is wanted',
    ],
    [
      'with two texts',
      '/a: {content: x, file: y}',
      'inventory.yaml:4:20: defaults.files["/a"]: has content and file: one of content, file and secret is wanted',
    ],
    [
      'at no absolute path',
      'a/b: {content: x}',
      'inventory.yaml:4:20: defaults.files: the path of a file must be absolute, without "." and "..": "a/b"',
    ],
    [
      'by a way around',
      '/etc/../a: {content: x}',
      'inventory.yaml:4:20: defaults.files: the path of a file must be absolute, without "." and "..": "/etc/../a"',
    ],
    [
      'that is a directory',
      '/etc/: {content: x}',
      'inventory.yaml:4:20: defaults.files: the path of a file must be absolute, without "." and "..": "/etc/"',
    ],
    [
      'that slipway writes',
      '/etc/containerd/config.toml: {content: x}',
      'inventory.yaml:4:20: defaults.files: "/etc/containerd/config.toml" is written of runtime: use runtime.config',
    ],
    [
      'that the kubelet would run',
      '/etc/kubernetes/manifests/a.yaml: {content: x}',
      'inventory.yaml:4:20: defaults.files: "/etc/kubernetes/manifests/a.yaml" is run by the kubelet as soon as it is there: use addons.manifests',
    ],
    [
      'with a mode that YAML took for a number',
      '/a: {content: x, mode: 0600}',
      `inventory.yaml:4:43: defaults.files["/a"].mode: must be permissions in quotes, such as '0640' (got 0600, which YAML reads as the number 600: put it in quotes)`,
    ],
    [
      'whose owner is a number',
      '/a: {content: x, owner: "0:0"}',
      'inventory.yaml:4:44: defaults.files["/a"].owner: must be user:group (got "0:0")',
    ],
  ])('%s is refused', async (_, entries, message) => {
    expect(await problemsOf(files(entries))).toBe(message);
  });

  it('with the secret itself is refused, and the secret is not repeated', async () => {
    const message = await problemsOf(files('/a: {secret: hunter2}'));
    expect(message).toContain('defaults.files["/a"].secret: must be a reference to a secret');
    expect(message).not.toContain('hunter2');
  });

  it('is added to those of the group and of the defaults, in order, and replaces one of the same path', async () => {
    const { cluster } = await parse(
      inventory(
        '  - {name: w1, group: g, files: {/c: {content: host}, /b: {content: host, mode: "640", owner: "root:adm"}}}',
        'defaults: {files: {/b: {secret: {env: TOKEN}}, /a: {secret: {env: TOKEN}}, /z: {content: z, role: control-plane}}}',
        'groups: {g: {files: {/c: {content: group}, /d: {file: files/d}}}}',
      ),
      { env: { TOKEN: 'hunter2' } },
    );
    const [cp1, w1] = cluster.hosts;
    expect(w1?.files).toEqual([
      {
        path: '/a',
        source: { secret: 'file of ["defaults","files","/a","secret"]', value: expect.anything() as unknown },
        mode: 0o600,
        owner: 'root:root',
      },
      { path: '/b', source: { text: 'host' }, mode: 0o640, owner: 'root:adm' },
      { path: '/c', source: { text: 'host' }, mode: 0o644, owner: 'root:root' },
      { path: '/d', source: { localFile: '/etc/lab/files/d' }, mode: 0o644, owner: 'root:root' },
    ]);
    expect(cp1?.files.map(({ path }) => path)).toEqual(['/a', '/b', '/z']);
  });

  it('is missed where this machine has not what it is made of', async () => {
    expect(await problemsOf(files('/a: {file: files/a}'), { lookAt })).toContain(
      'defaults.files["/a"].file: /etc/lab/files/a cannot be read: there is none',
    );
    expect(await problemsOf(files('/a: {secret: {env: TOKEN}}'))).toContain(
      'the environment variable TOKEN is not set',
    );
  });
});

const planOf = async (text: string, env = {}): Promise<Plan> => {
  const { cluster } = await parse(text, { env });
  const slipway = await openSlipway(cluster, { env: {}, cacheDirectory: '/nonexistent' });
  return slipway.offlinePlan();
};

describe('the plan', () => {
  it('has secrets of hosts nowhere, and keeps those of different hosts apart', async () => {
    const text = inventory(
      '  - {name: w1, files: {/a: {secret: {env: ONE}}}}',
      '  - {name: w2, files: {/a: {secret: {env: TWO}}}}',
    );
    const plan = await planOf(text, { ONE: 'hunter-one', TWO: 'hunter-two' });
    const json = [...prettyJson(plan)].join('');
    expect(json).not.toContain('hunter');
    expect(json).toContain(String.raw`file of [\"hosts\",1,\"files\",\"/a\",\"secret\"]`);
    expect(json).toContain(String.raw`file of [\"hosts\",2,\"files\",\"/a\",\"secret\"]`);
  });

  it('has kubeadm after them', async () => {
    const plan = await planOf(files('/etc/a.yaml: {content: x}'));
    const ids = plan.nodes.map(({ id }) => id);
    expect(ids.indexOf('cp1/files/file:/etc/a.yaml')).toBeGreaterThan(0);
    expect(ids.indexOf('cp1/files/file:/etc/a.yaml')).toBeLessThan(
      ids.indexOf('cp1/control-plane/kubeadm-init'),
    );
  });
});

const host = (name: string, more: string) => `  - {name: ${name}, ${more}}`;

describe('every file that slipway writes itself is refused in files', () => {
  it.each<[string, string]>([
    [
      'with containerd and a proxy',
      inventory(
        host('w1', 'gpu: true'),
        'gpu: {mode: cdi}',
        'proxy: {http: "http://p:1"}',
        'etcd: {backup: {schedule: daily}}',
        'registries: {"docker.io": {mirrors: [{url: "https://m"}], username: a, password: {env: TOKEN}}}',
      ),
    ],
    [
      'with Docker',
      inventory(host('w1', 'gpu: true, runtime: {type: docker}'), 'proxy: {http: "http://p:1"}'),
    ],
    ['with CRI-O', inventory(host('w1', 'gpu: true, runtime: {type: cri-o}'), 'registries: {"a.lan": {}}')],
    ['with releases', inventory(host('w1', 'runtime: {source: upstream}'))],
    [
      'with a load balancer',
      kubernetes(
        'controlPlaneEndpoint: "10.0.0.9:6443", loadBalancer: {type: keepalived}, kubelet: {maxPods: 5}',
        host('cp2', 'role: control-plane, address: 10.0.0.12'),
        host('cp3', 'role: control-plane, address: 10.0.0.13'),
      ),
    ],
  ])('%s', async (_, text) => {
    const plan = await planOf(text, { TOKEN: 'x' });
    const written = plan.nodes.flatMap(({ outcome }) =>
      'steps' in outcome ? outcome.steps.flatMap((step) => (step.do === 'write' ? [step.path] : [])) : [],
    );
    expect(written.length).toBeGreaterThan(10);
    expect([...new Set(written.filter((path) => ownerOfPath(path) === undefined))]).toEqual([]);
  });
});

/** What is said of the control plane where nothing is there yet. */
const absentOn = async (text: string) => {
  const { cluster } = await parse(text);
  return namedFiles(cluster, cluster.hosts[0]!).map(({ diff, facts }) =>
    diff(Object.fromEntries(Object.keys(facts).map((path) => [path, 'absent'])) as never, {
      host: 'cp1',
      changed: [],
    }),
  );
};

describe('a file that a flag names', () => {
  const flag = kubernetes(
    'apiServer: {extraArgs: {audit-policy-file: /etc/a/p.yaml}, extraVolumes: [{name: a, hostPath: /etc/a, mountPath: /etc/a}]}',
  );

  it('is not missed, nor is its directory, where the inventory brings it', async () => {
    expect(await absentOn(`${flag}\ndefaults: {files: {/etc/a/p.yaml: {content: x}}}`)).toEqual([]);
  });

  it('is missed where another one is brought, or only workers have it', async () => {
    const missing = { answer: 'refused', check: 'NamedFiles' };
    expect(await absentOn(`${flag}\ndefaults: {files: {/etc/a/other.yaml: {content: x}}}`)).toMatchObject([
      { ...missing, why: 'there is no /etc/a/p.yaml, which apiServer.extraArgs.audit-policy-file names' },
    ]);
    expect(
      await absentOn(`${flag}\ndefaults: {files: {/etc/a/p.yaml: {content: x, role: worker}}}`),
    ).toMatchObject([missing]);
  });
});
