import { Type } from 'typebox';

import { closed, defined, freeMap, oneOf, secret, text } from './schema-fields.ts';

const digest = (description: string) =>
  text({ description, wanted: '64 hexadecimal digits', pattern: '^[0-9A-Fa-f]{64}$' });

export const downloadSchema = Type.Object(
  {
    version: Type.Optional(
      text({
        description: 'The version; by default the newest one slipway knows.',
        wanted: 'a version such as 2.3.4',
        pattern: '^v?[0-9]+(\\.[0-9]+)+([-~+.][0-9A-Za-z.~+-]+)?$',
      }),
    ),
    url: Type.Optional(
      text({
        description: "Where the file is, with {version} and {arch} in it; by default the project's own page.",
        wanted: 'an http(s) URL',
        pattern: '^https?://[^\\s/]+[^\\s]*$',
      }),
    ),
    sha256: Type.Optional(
      Type.Object(
        {
          amd64: Type.Optional(digest('The digest of the file for amd64.')),
          arm64: Type.Optional(digest('The digest of the file for arm64.')),
        },
        closed('The digests the files must have; needed where slipway does not know the version.'),
      ),
    ),
  },
  closed('A release file.'),
);

const download = (description: string) => defined('download', downloadSchema, description);

/** The container runtime, of all hosts or of some. */
export const runtimeSchema = Type.Object(
  {
    type: Type.Optional(
      oneOf(['containerd', 'docker', 'cri-o'], {
        description: 'The container runtime; docker comes with cri-dockerd in front of it.',
        default: 'containerd',
      }),
    ),
    source: Type.Optional(
      oneOf(['distribution', 'docker', 'upstream'], {
        description:
          "Where it comes from: the host's distribution, Docker's repository (containerd.io, docker-ce), or, for containerd, the release files of the projects themselves. CRI-O always comes from its own repository.",
        default: 'distribution',
      }),
    ),
    version: Type.Optional(
      text({
        description: 'The version to install; by default whatever the source has.',
        wanted: 'a version such as 2.2.7',
        pattern: '^v?[0-9]+(\\.[0-9]+)+([-~+.][0-9A-Za-z.~+-]+)?$',
        examples: ['2.2.7'],
      }),
    ),
    sandboxImage: Type.Optional(
      text({
        description:
          'The image of the container that holds a pod together; by default the pause image that kubeadm names for this Kubernetes version, from kubernetes.imageRepository.',
        wanted: 'an image such as registry.k8s.io/pause:3.10.1',
        examples: ['registry.k8s.io/pause:3.10.1'],
      }),
    ),
    snapshotter: Type.Optional(
      text({
        description: "containerd's snapshotter; by default its own choice, overlayfs.",
        wanted: 'the name of a snapshotter',
        examples: ['native'],
      }),
    ),
    config: Type.Optional(
      freeMap({
        description:
          "Merged over slipway's own configuration of the runtime: for containerd in the shape that `containerd config dump` shows, for Docker keys of daemon.json, for CRI-O tables of crio.conf.",
        examples: [{ plugins: { 'io.containerd.cri.v1.runtime': { max_container_log_line_size: 65_536 } } }],
      }),
    ),
    repository: Type.Optional(
      Type.Object(
        {
          url: Type.Optional(
            text({
              description: "Where the packages are: a mirror of Docker's or CRI-O's repository.",
              wanted: 'an http(s) URL',
              pattern: '^https?://[^\\s/]+[^\\s]*$',
            }),
          ),
          keyUrl: Type.Optional(
            text({
              description: 'Where the ASCII-armoured signing key is.',
              wanted: 'an http(s) URL',
              pattern: '^https?://[^\\s/]+[^\\s]*$',
            }),
          ),
          fingerprint: Type.Optional(
            text({
              description: 'The fingerprint that the key must have.',
              wanted: '40 hexadecimal digits',
              pattern: '^([0-9A-Fa-f] *){40}$',
            }),
          ),
        },
        closed("The package repository, in place of Docker's or CRI-O's own."),
      ),
    ),
    downloads: Type.Optional(
      Type.Object(
        {
          containerd: Type.Optional(download("containerd's archive.")),
          runc: Type.Optional(download('The program runc.')),
          cniPlugins: Type.Optional(download('The archive of the CNI plugins.')),
          criDockerd: Type.Optional(download("cri-dockerd's archive or deb package.")),
        },
        closed('Release files other than those slipway knows: another version, or a mirror.'),
      ),
    ),
    fetch: Type.Optional(
      oneOf(['host', 'controller'], {
        description:
          'Who fetches release files: each host itself, or the machine slipway runs on, which streams them.',
        default: 'host',
      }),
    ),
  },
  closed('The container runtime.'),
);

export const runtime = () =>
  defined(
    'runtime',
    runtimeSchema,
    'The container runtime; a host, its group or the defaults may say otherwise.',
  );

const url = (description: string) =>
  text({ description, wanted: 'an http(s) URL', pattern: '^https?://[^\\s/]+[^\\s]*$' });

const endpointProperties = {
  ca: Type.Optional(
    text({
      description: 'The certificate of its authority, in PEM. Relative to the inventory.',
      wanted: 'the path of a file',
      examples: ['certs/registry.crt'],
    }),
  ),
  skipVerify: Type.Optional(
    oneOf([true, false], { description: 'Takes any certificate; for tests.', default: false }),
  ),
  username: Type.Optional(
    text({ description: 'Who to log in as; with password.', wanted: 'the name of a user' }),
  ),
  password: Type.Optional(secret('The password to log in with; with username.')),
};

export const registrySchema = Type.Object(
  {
    url: Type.Optional(
      url('Where it is, where that is not https:// and its name: http://registry.lan:5000.'),
    ),
    ...endpointProperties,
    mirrors: Type.Optional(
      Type.Array(
        Type.Object(
          { url: url('Where the mirror is.'), ...endpointProperties },
          closed('A mirror of the registry.'),
        ),
        {
          description: 'Mirrors, tried in this order before the registry itself.',
          errorMessage: 'must be a list of mirrors',
        },
      ),
    ),
  },
  closed('A registry of images.'),
);
