import { createHash } from 'node:crypto';

import fc from 'fast-check';

import type { Download, Registry, Runtime } from '#core/runtime.ts';
import { Secret } from '#core/secret.ts';
import { DOWNLOADS } from '#facts/download.ts';
import { proxyDropIn } from '#configuration/proxy-drop-in.ts';
import { debian } from '#distributions/debian/debian.ts';
import { packageProxy } from '#resources/packages/package-proxy.ts';
import { runtimeProxy } from '#resources/runtime/runtime-proxy.ts';
import { noReleasedContainerd, releasedContainerd } from '#resources/runtime/released-containerd.ts';
import { containerdConfig } from '#configuration/containerd-config.ts';
import { CONTAINERD_CONFIG_PATH } from '#resources/runtime/containerd-configuration.ts';
import { crictl } from '#resources/runtime/crictl.ts';
import { criDockerd } from '#resources/runtime/cri-dockerd.ts';
import { DOCKER_CONFIG_PATH, dockerDaemon } from '#resources/runtime/docker-daemon.ts';
import { NVIDIA_DROP_IN_PATH, nvidiaContainerd } from '#resources/nvidia/nvidia-containerd.ts';
import { NVIDIA_CRIO_PATH, nvidiaCrio } from '#resources/nvidia/nvidia-crio.ts';
import { nvidiaDocker } from '#resources/nvidia/nvidia-docker.ts';
import { cdiSpecification } from '#resources/nvidia/cdi-specification.ts';
import { nvidiaMode } from '#resources/nvidia/nvidia-mode.ts';
import { containerdRegistries } from '#resources/runtime/containerd-registries.ts';
import { kubeletLogins } from '#resources/kubelet/kubelet-logins.ts';
import { repository } from '#resources/packages/repository.ts';
import { hostFile } from '#resources/files/host-file.ts';
import { secretFile } from '#resources/files/secret-file.ts';

import { TEST_KEY, TEST_KEY_FINGERPRINT } from '../support/openpgp-key.ts';
import { anyUnit, fileAt, filesOf, hostWith, thereAt } from './arbitraries.ts';
import type { Law } from './laws-of-hosts.ts';
import { perform } from './perform.ts';

const PHASE = 'runtime';

const PROXY = { http: 'http://proxy.lan:3128', https: 'http://proxy.lan:3128', noProxy: ['10.96.0.0/12'] };
const { path: APT_PROXY } = debian.proxyFile;
const DROP_IN = proxyDropIn('containerd.service');
const DAEMON = { units: ['containerd.service'] } as const;

const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex');
const secrets = fc.constant(new Map([['registry-login', 'dXNlcjpwYXNz']]));
const login = { secret: 'registry-login', basic: new Secret('dXNlcjpwYXNz') };

const REGISTRIES: readonly Registry[] = [
  {
    host: 'docker.io',
    endpoint: { url: 'https://registry-1.docker.io', skipVerify: false, login },
    mirrors: [{ url: 'http://cache.lan:5000', skipVerify: true }],
  },
  {
    host: 'registry.example.com',
    endpoint: { url: 'https://registry.lan:5000', skipVerify: false, caFile: '/ca.crt' },
    mirrors: [],
  },
];
const CERTS = '/etc/containerd/certs.d';

const digest = (letter: string): string => letter.repeat(64);
const release = (name: string, letter: string): Download => ({
  version: '1.2.3',
  files: { amd64: { url: `https://example.com/${name}.tgz`, sha256: digest(letter) } },
  fetch: letter === 'a' ? 'host' : 'controller',
});
const RELEASES = {
  containerd: release('containerd', 'a'),
  runc: release('runc', 'b'),
  cniPlugins: release('cniPlugins', 'c'),
  criDockerd: release('criDockerd', 'd'),
};
const PACKAGE: Download = {
  ...RELEASES.criDockerd,
  files: { amd64: { url: 'https://example.com/cri-dockerd.deb', sha256: digest('9') } },
};
const published = fc.constant(
  new Map(
    [...Object.values(RELEASES), PACKAGE].flatMap(({ files }) =>
      Object.values(files).map((f) => [f.url, f.sha256]),
    ),
  ),
);
/** Nothing, this release, another one; or what was fetched and never unpacked. */
const unpacked = Object.entries(RELEASES).flatMap(([name, { files }]) => [
  fileAt(`${DOWNLOADS}/${name}`, `sha256 ${files['amd64']?.sha256}\n`, `sha256 ${digest('e')}\n`),
  fileAt(`${DOWNLOADS}/${name}.fetched`, digest('f')),
]);
const altered = fc
  .subarray(Object.keys(RELEASES))
  .map((names) => new Map(names.map((name) => [name, [`/usr/local/bin/${name}`]])));

const UNITS = '/etc/systemd/system';
/** A mask is a link where these units have their file: no two can be there. */
const unmasked = anyUnit.map((found) => ({ ...found, isMasked: false }));

const DAEMON_JSON = [
  '',
  '{}',
  '{"debug": true, "exec-opts": ["native.cgroupdriver=cgroupfs"], "runtimes": {"runsc": {"path": "/r"}}}',
  '{"default-runtime": "nvidia", "insecure-registries": ["old.lan"], "features": {"cdi": false}}',
];

const CONTAINERD = { sandboxImage: 'pause:1', config: {} };
const BY_NVIDIA_CTK =
  'version = 2\n[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.nvidia.options]\nBinaryName = "/usr/bin/nvidia-container-runtime"\n';

const TOOLKIT_PATH = '/etc/nvidia-container-runtime/config.toml';
const TOOLKIT = [
  'disable-require = false\n[nvidia-container-runtime]\nmode = "auto"\nruntimes = ["runc", "crun"]\n',
  '[nvidia-container-runtime]\nmode = "cdi"\n',
  'disable-require = true\n',
];
const toolkit = fc.constant(
  new Map([['nvidia-container-toolkit-base', { version: '1.20.0-1', isHeld: true }]]),
);

const dockerHost = hostWith({
  published,
  altered,
  files: filesOf(
    ...unpacked,
    fileAt(`${UNITS}/cri-docker.socket`, 'another\n'),
    fileAt(`${UNITS}/cri-docker.service`, 'another\n'),
  ),
  units: fc
    .tuple(unmasked, unmasked)
    .map(
      ([socket, service]) =>
        new Map(Object.entries({ 'cri-docker.socket': socket, 'cri-docker.service': service })),
    ),
});

/** Hosts that were never set up, and those on which only the program was replaced by hand since. */
function criDockerdBy(wanted: Download): Law {
  const resources = criDockerd(
    {
      type: 'docker',
      source: { from: 'distribution' },
      criDockerd: wanted,
      sandboxImage: 'pause:1',
      config: {},
    },
    PROXY,
  );
  return {
    resources,
    before: fc.tuple(dockerHost, fc.boolean()).map(([host, isSetUp]) => {
      if (!isSetUp) return host;
      perform(host, resources);
      host.altered.set('criDockerd', ['/usr/local/bin/cri-dockerd']);
      return host;
    }),
    runsOn: { 'cri-docker.service': [`${DOWNLOADS}/criDockerd`, `${UNITS}/cri-docker.service`] },
  };
}

export const LAWS_OF_FILES = {
  repository: {
    resources: [
      repository({
        name: 'kubernetes',
        artifacts: new Map([['https://example.com/Release.key', TEST_KEY]]),
        repository: {
          url: 'https://example.com/v1.34',
          keyUrl: 'https://example.com/Release.key',
          fingerprint: TEST_KEY_FINGERPRINT,
        },
      }),
    ],
    before: hostWith({
      files: filesOf(
        fileAt('/etc/apt/keyrings/kubernetes-apt-keyring.asc', TEST_KEY, 'another key\n'),
        fileAt('/etc/apt/sources.list.d/kubernetes.list', 'deb https://example.com/v1.33/deb/ /\n'),
      ),
    }),
  },
  'secret file': {
    resources: [
      secretFile({
        path: '/s',
        content: ['user:', { secret: login.secret }, '\n'],
        secrets: new Map([[login.secret, login.basic]]),
      }),
    ],
    before: hostWith({ secrets, files: filesOf(fileAt('/s', 'user:dXNlcjpwYXNz\n', 'user:old\n')) }),
  },
  'file of the operator': {
    resources: [
      hostFile({ path: '/a/f', source: { text: 'new\n' }, mode: 0o640, owner: 'root:root' }, new Map()),
    ],
    before: hostWith({
      files: filesOf(
        fileAt('/a/f', 'new\n', 'old\n', 'by hand\n'),
        fileAt('/var/lib/slipway/files/%2Fa%2Ff', `sha256 ${sha256Of('old\n')}\n`, 'broken'),
      ),
    }),
  },
  'secret of the operator': {
    resources: [
      hostFile(
        { path: '/s', source: { secret: login.secret, value: login.basic }, mode: 0o400, owner: 'root:root' },
        new Map(),
      ),
    ],
    before: hostWith({
      secrets,
      files: filesOf(
        fileAt('/s', 'dXNlcjpwYXNz\n', 'old\n'),
        fileAt('/var/lib/slipway/files/%2Fs', 'secret\n', 'broken'),
      ),
    }),
  },
  'registries of containerd': {
    resources: containerdRegistries(REGISTRIES, new Map([['/ca.crt', 'certificate\n']])),
    before: hostWith({
      secrets,
      files: filesOf(
        fileAt(`${CERTS}/docker.io/hosts.toml`, '# Written by slipway.\n', 'by hand\n'),
        fileAt(`${CERTS}/registry.example.com/slipway-0.crt`, 'certificate\n', 'old\n'),
        fileAt(`${CERTS}/registry.example.com/hosts.toml`, 'by hand\n'),
        fileAt(`${CERTS}/old.example.com/hosts.toml`, '# Written by slipway.\n', 'by hand\n'),
        fileAt(`${CERTS}/older.example.com/hosts.toml`, '# Written by slipway.\n'),
      ),
    }),
  },
  crictl: {
    resources: [crictl({ runtime: { type: 'containerd' } as Runtime })],
    before: hostWith({
      files: filesOf(
        fileAt(
          '/etc/crictl.yaml',
          '',
          'debug: true\n',
          'runtime-endpoint: unix:///old.sock\n',
          '- a\n',
          ': [',
        ),
      ),
    }),
  },
  'logins of the kubelet': {
    resources: kubeletLogins(REGISTRIES),
    before: hostWith({ secrets, files: filesOf(fileAt('/var/lib/kubelet/config.json', '{}')) }),
  },
  'proxy of packages and of a daemon': {
    resources: [packageProxy(PROXY, ['repository.lan']), runtimeProxy(DAEMON, PROXY)],
    before: hostWith({ files: filesOf(fileAt(APT_PROXY, 'another\n'), fileAt(DROP_IN, '[Service]\n')) }),
  },
  'no proxy': {
    resources: [packageProxy(null, []), runtimeProxy(DAEMON, null)],
    before: hostWith({
      files: filesOf(
        fileAt(APT_PROXY, '# Written by slipway: x\n', "somebody else's\n"),
        fileAt(DROP_IN, '# Written by slipway: x\n', "somebody else's\n"),
      ),
    }),
  },
  'released containerd': {
    resources: releasedContainerd({ from: 'upstream', ...RELEASES }, PROXY),
    before: hostWith({
      published,
      altered,
      files: filesOf(...unpacked, fileAt(`${UNITS}/containerd.service`, 'another\n')),
      units: unmasked.map((found) => new Map([['containerd.service', found]])),
    }),
  },
  'no released containerd': {
    resources: noReleasedContainerd(),
    before: hostWith({ altered, files: filesOf(...unpacked) }),
  },
  'cri-dockerd': criDockerdBy(RELEASES.criDockerd),
  'cri-dockerd from its package': criDockerdBy(PACKAGE),
  'Docker and its NVIDIA runtime': {
    resources: [
      ...dockerDaemon({ registries: REGISTRIES, config: { 'log-driver': 'local' } }),
      nvidiaDocker({ isDefaultRuntime: true, hasCdi: true, phase: PHASE }),
    ],
    before: hostWith({ files: filesOf(fileAt(DOCKER_CONFIG_PATH, ...DAEMON_JSON)) }),
  },
  "Docker's NVIDIA runtime": {
    resources: [nvidiaDocker({ isDefaultRuntime: false, hasCdi: false, phase: PHASE })],
    before: hostWith({
      files: filesOf(thereAt(DOCKER_CONFIG_PATH, ...DAEMON_JSON.filter((text) => text !== ''))),
    }),
  },
  "containerd's NVIDIA runtime": {
    resources: [nvidiaContainerd({ isDefaultRuntime: true, hasCdi: true, phase: PHASE })],
    before: hostWith({
      files: filesOf(
        thereAt(
          CONTAINERD_CONFIG_PATH,
          ...['1.7.24', '2.2.0', '2.3.4'].map((version) => containerdConfig(version, CONTAINERD)),
        ),
        fileAt(NVIDIA_DROP_IN_PATH, BY_NVIDIA_CTK, 'not = [toml\n', ''),
      ),
    }),
  },
  "CRI-O's NVIDIA runtime": {
    resources: [nvidiaCrio({ isDefaultRuntime: true })],
    before: hostWith({
      files: filesOf(
        fileAt(
          NVIDIA_CRIO_PATH,
          '[crio.runtime.runtimes.nvidia]\nruntime_path = "/usr/bin/nvidia-container-runtime"\nruntime_type = "oci"\n',
          'not = [toml\n',
        ),
      ),
    }),
  },
  'NVIDIA toolkit': {
    resources: [
      nvidiaMode({ mode: 'auto', runtimes: ['/usr/libexec/crio/crun', 'runc'], phase: 'nvidia' }),
      cdiSpecification(),
    ],
    before: hostWith({
      packages: toolkit,
      files: filesOf(fileAt(TOOLKIT_PATH, ...TOOLKIT), fileAt('/var/run/cdi/nvidia.yaml', 'devices: []\n')),
    }),
  },
} satisfies Readonly<Record<string, Law>>;
