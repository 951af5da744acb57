import { describe, expect, it } from 'vitest';

import { inventory, parse, problemsOf } from './inventory-fixture.ts';

const withMirrors = (more = ''): string => `mirrors: china\n${more}${inventory()}`;

describe('mirrors of a region', () => {
  it('fill in where everything comes from, and the digests stay', async () => {
    const plain = (await parse(inventory())).cluster;
    const { cluster } = await parse(withMirrors());
    expect(cluster.kubernetes.repository).toEqual({
      ...plain.kubernetes.repository,
      url: 'https://mirrors.aliyun.com/kubernetes-new/core/stable/v1.34',
      keyUrl: 'https://mirrors.aliyun.com/kubernetes-new/core/stable/v1.34/deb/Release.key',
    });
    expect(cluster.kubernetes.imageRepository).toBe('registry.aliyuncs.com/google_containers');
    expect(
      cluster.registries.map(({ host, mirrors }) => [host, mirrors.map(({ url }) => url)]),
    ).toContainEqual(['quay.io', ['https://quay.m.daocloud.io']]);
    expect(JSON.stringify(cluster.network)).toBe(
      JSON.stringify(plain.network).replace('https://raw', 'https://files.m.daocloud.io/raw'),
    );
  });

  it('give way to what the inventory says itself', async () => {
    const { cluster } = await parse(
      withMirrors(
        'registries: {quay.io: {mirrors: [{url: "https://quay.lan"}]}}\nnetwork: {plugin: none}\n',
      ).replace('"1.34.9"', '"1.34.9", imageRepository: images.lan/k8s'),
    );
    expect(cluster.kubernetes.imageRepository).toBe('images.lan/k8s');
    expect(cluster.network).toEqual({ plugin: 'none' });
    expect(cluster.registries.find(({ host }) => host === 'quay.io')?.mirrors).toMatchObject([
      { url: 'https://quay.lan' },
    ]);
  });

  it.each([
    ['Docker, which has mirrors of its own registry alone', 'runtime: {type: docker, source: docker}\n'],
    ['the files of releases', 'runtime: {source: upstream}\n'],
    ['CRI-O', 'runtime: {type: cri-o}\n'],
    ['the operator of Calico', 'network: {install: operator}\n'],
    [
      'a Calico that slipway does not know',
      'network: {version: 3.99.0, manifest: {path: calico.yaml, sha256: ' + 'a'.repeat(64) + '}}\n',
    ],
    ['addons', 'addons: {metrics-server: {}}\n'],
  ])('go with %s', async (_, more) => {
    expect(await parse(withMirrors(more))).toHaveProperty('cluster');
  });

  it('come to Docker and to release files', async () => {
    const docker = (await parse(withMirrors('runtime: {type: docker, source: docker}\n'))).cluster;
    expect(JSON.stringify(docker.hosts[0]?.runtime)).toContain('https://mirrors.aliyun.com/docker-ce/linux');
    expect(docker.registries.map(({ host }) => host)).toEqual(['docker.io']);
    const upstream = (await parse(withMirrors('runtime: {source: upstream}\n'))).cluster;
    const runtime = JSON.stringify(upstream.hosts[0]?.runtime);
    expect(runtime).toContain(
      'https://files.m.daocloud.io/github.com/containerd/containerd/releases/download',
    );
    expect(runtime).not.toContain('"https://github.com');
  });

  it('are refused by a name that nobody knows', async () => {
    expect(await problemsOf(inventory().replace(/^/, 'mirrors: chna\n'))).toBe(
      'inventory.yaml:1:10: mirrors: must be china, or a map of your own mirrors (got "chna"), did you mean "china"?',
    );
  });
});

const own = (lines: string, more = ''): string => `mirrors:\n  ${lines}\n${more}${inventory()}`;

describe("mirrors of one's own", () => {
  it('fill in what they say, and the rest comes from the projects', async () => {
    const plain = (await parse(inventory())).cluster;
    const { cluster } = await parse(own('kubernetes: https://mirror.lan/k8s/'));
    expect(cluster.kubernetes.repository.url).toBe('https://mirror.lan/k8s/v1.34');
    expect(cluster.mirrors).toEqual({ kubernetes: 'https://mirror.lan/k8s/', registries: {} });
    const { mirrors: _, kubernetes: __, ...rest } = cluster;
    const { mirrors: ___, kubernetes: ____, ...others } = plain;
    expect(rest).toEqual(others);
    expect(cluster.kubernetes.imageRepository).toBe(plain.kubernetes.imageRepository);
  });

  it('are the preset where they say nothing, registry by registry', async () => {
    const { cluster } = await parse(
      own('preset: china\n  files: https://files.lan\n  registries: {docker.io: "https://docker.lan"}'),
    );
    const mirrors = Object.fromEntries(
      cluster.registries.map(({ host, mirrors: found }) => [host, found[0]?.url]),
    );
    expect(mirrors).toMatchObject({
      'docker.io': 'https://docker.lan',
      'quay.io': 'https://quay.m.daocloud.io',
    });
    expect(cluster.kubernetes.imageRepository).toBe('registry.aliyuncs.com/google_containers');
    expect(JSON.stringify(cluster.network)).toContain(
      '"https://files.lan/raw.githubusercontent.com/projectcalico',
    );
  });

  it('give way to what the inventory says itself', async () => {
    const { cluster } = await parse(
      own(
        'imageRepository: mirror.lan/k8s\n  registries: {quay.io: "https://mirror.lan"}',
        'registries: {quay.io: {mirrors: [{url: "https://quay.lan"}]}}\n',
      ).replace('"1.34.9"', '"1.34.9", imageRepository: images.lan/k8s'),
    );
    expect(cluster.kubernetes.imageRepository).toBe('images.lan/k8s');
    expect(cluster.registries.map(({ mirrors: found }) => found.map(({ url }) => url))).toEqual([
      ['https://quay.lan'],
    ]);
  });

  it('may have keys without a value', async () => {
    expect((await parse(own('docker:\n  registries:'))).cluster.mirrors).toEqual({ registries: {} });
  });

  it.each([
    ['kuberntes: https://m.lan', '2:3: mirrors: unknown key "kuberntes", did you mean "kubernetes"?'],
    ['docker: m.lan', '2:11: mirrors.docker: must be an http(s) URL (got "m.lan")'],
    [
      'registries: {quay.io: quay.lan}',
      '2:25: mirrors.registries["quay.io"]: must be an http(s) URL (got "quay.lan")',
    ],
    ['imageRepository: https://m.lan/k8s', '2:20: mirrors.imageRepository: must be a registry, and a path'],
    ['preset: chna', '2:11: mirrors.preset: must be china (got "chna"), did you mean "china"?'],
  ])('are refused with their place: %s', async (line, problem) => {
    const problems = await problemsOf(own(line));
    expect(problems.slice(0, problem.length + 15)).toBe(`inventory.yaml:${problem}`);
    expect(problems.split('\n')).toHaveLength(1);
  });
});

const named = (text: string, more = '', rest = '') => ({
  text: `mirrors:\n  file: ours/mirrors.yaml\n${more}${rest}${inventory()}`,
  options: {
    readFile: async (path: string) =>
      path === '/etc/lab/ours/mirrors.yaml'
        ? text
        : Promise.reject(Object.assign(new Error(path), { code: 'ENOENT' })),
  },
});

const parsed = async ({ text, options }: ReturnType<typeof named>) => (await parse(text, options)).cluster;

describe('mirrors of a file', () => {
  it('are those of a map that stands in the inventory', async () => {
    const text =
      'preset: china\nkubernetes: https://mirror.lan/k8s\nregistries: {quay.io: "https://quay.lan"}\n';
    const [ours, theirs] = [
      await parsed(named(text)),
      (await parse(`mirrors:\n${text.replaceAll(/^/gm, '  ').trimEnd()}\n${inventory()}`)).cluster,
    ];
    expect(ours).toEqual(theirs);
    expect(ours.kubernetes.repository.url).toBe('https://mirror.lan/k8s/v1.34');
  });

  it('give way to what the inventory says beside it, one by one', async () => {
    const text = 'docker: https://docker.lan\nregistries: {quay.io: "https://a", docker.io: "https://b"}\n';
    const { mirrors } = await parsed(named(text, '  registries: {quay.io: "https://c"}\n'));
    expect(mirrors).toEqual({
      docker: 'https://docker.lan',
      registries: { 'quay.io': 'https://c', 'docker.io': 'https://b' },
    });
  });

  it('may say nothing, and know variables', async () => {
    expect((await parsed(named('# later\n'))).mirrors).toEqual({ registries: {} });
    const { text, options } = named('docker: "https://${SITE}.lan"\n');
    const { cluster } = await parse(text.replace('ours/', '${OURS}/'), {
      ...options,
      env: { OURS: 'ours', SITE: 'berlin' },
    });
    expect(cluster.mirrors?.docker).toBe('https://berlin.lan');
  });

  it.each([
    ['a: 1\nkuberntes: https://m.lan', ':1:1: unknown key "a"'],
    ['x: [', ':1:5: not valid YAML: the ] of a list is missing'],
    ['# ours\ndocker: m.lan', ':2:9: docker: must be an http(s) URL (got "m.lan")'],
    [
      'registries:\n  quay.io: quay.lan',
      ':2:12: registries["quay.io"]: must be an http(s) URL (got "quay.lan")',
    ],
    ['- x', ':1:1: must be a map of mirrors, as below mirrors in an inventory'],
    ['docker: https://d\nfile: x', ':2:1: a file of mirrors names no other one'],
    ['mirrors: {}', ':1:1: leave it out: the file has what stands below mirrors in an inventory'],
  ])('are refused with their place in it: %s', async (text, problem) => {
    const { text: whole, options } = named(text);
    expect(await problemsOf(whole, options)).toContain(`/etc/lab/ours/mirrors.yaml${problem}`);
  });

  it('are missed where the inventory names them, and what else is wrong keeps its place', async () => {
    const { text, options } = named('');
    expect(await problemsOf(text.replace('ours', 'theirs'), options)).toBe(
      'inventory.yaml:2:9: mirrors.file: /etc/lab/theirs/mirrors.yaml cannot be read: there is none',
    );
    const faulty = named('docker: https://d\n', '  dockr: x\n', 'nettwork: {}\n');
    expect(await problemsOf(faulty.text.replace('kubernetes', 'kubernete'), faulty.options)).toMatch(
      /inventory\.yaml:3:3: mirrors: unknown key "dockr"[^\n]*\n.*inventory\.yaml:4:1.*\n.*inventory\.yaml/s,
    );
  });
});
