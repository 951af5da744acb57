/** Digests of a release's files, by architecture in Go's words. */
export type Digests = Readonly<Record<string, string>>;

/** Release files that slipway knows, by version, the newest first. */
export interface ReleaseFiles {
  /** With `{version}` and `{arch}` in it. */
  readonly url: string;
  readonly sha256: Readonly<Record<string, Digests>>;
}

/**
 * sha256 of the files at the projects' own release pages, as kubespray keeps them (46dbdd3, August 2026) and, of
 * cri-dockerd 0.4.4, the Arch User Repository (cri-dockerd-bin 0.4.4-1).
 *
 * @see https://github.com/kubernetes-sigs/kubespray/blob/46dbdd3/roles/kubespray_defaults/vars/main/checksums.yml
 * @see https://aur.archlinux.org/packages/cri-dockerd-bin
 */
export const RELEASES = {
  /** @see https://github.com/containerd/containerd/releases */
  containerd: {
    url: 'https://github.com/containerd/containerd/releases/download/v{version}/containerd-{version}-linux-{arch}.tar.gz',
    sha256: {
      '2.3.4': {
        amd64: '9d68969855fbf676cdb8ed758e420fb048d61f984f61de3e53eddfebe484d168',
        arm64: 'a985fbb7e18fc0362d31a055338f5d7b0e087a3e27f14c70d1c5965399a29f95',
      },
      '2.3.3': {
        amd64: 'ebf6e710056312628eaf6fb4a1c32f0a4ae5f812568321be4029389d66fc7c7c',
        arm64: '9cc708f13c31588a2fbdbd13553d963356e990d50e9b95a2d6120f4ff2067910',
      },
      '2.3.2': {
        amd64: '75625e6f6595bb95f3fb9c8123a60534af4a8d9b52d7617065967bcefe71a17a',
        arm64: '6874adea935300402b7782d63bf58f1bd59a3323d76a9f22f27686001fb8997a',
      },
      '2.2.7': {
        amd64: '91cd216ea26a1b8b512219d3f205375c967e7b7de4dae571bc3dd16bfacd34b5',
        arm64: '84eb0a161e20ad45465202fa2d6d93b3d9b74666c363e9908706d590a86e2618',
      },
      '2.2.6': {
        amd64: 'f001b58b63206da25aa5accdb2eb1211aec19c28ec418b4d953b87d0c1ee7eb6',
        arm64: '0b05746d09e86ac1098a3ecf4bc67d146873d668819aeb8216c39fcf369e8a51',
      },
    },
  },
  /** @see https://github.com/opencontainers/runc/releases */
  runc: {
    url: 'https://github.com/opencontainers/runc/releases/download/v{version}/runc.{arch}',
    sha256: {
      '1.4.3': {
        amd64: 'f6ae8efc0fa40079e1475e97cbe9d1bd3f106a28d6af78a11d9f1bd565515e60',
        arm64: '633301e2e32f8a5ad54031aab4901eb00308bec677dd15faa2751e8f9dab5ca4',
      },
      '1.4.2': {
        amd64: 'ac8a90f9e225bb9322189937b230cdc5478d5753f0e31e1bda98a5cf06bd9539',
        arm64: 'ea54032310588e115633aa2f4bba8bf9500257f657e1deca88df5778775138db',
      },
      '1.3.6': {
        amd64: '3f3921dbbee7723e9868f97e88e51ffc910206e3ba55646e74d93d24ea76023c',
        arm64: '6be27a061ef89bb14c6cb495405bba80f46cea213b8f79378a6086b1bac6b747',
      },
    },
  },
  /** @see https://github.com/containernetworking/plugins/releases */
  cniPlugins: {
    url: 'https://github.com/containernetworking/plugins/releases/download/v{version}/cni-plugins-linux-{arch}-v{version}.tgz',
    sha256: {
      '1.9.1': {
        amd64: 'b98f74a0f8522f0a83867178729c1aa70f2158f90c45a2ca8fa791db1c76b303',
        arm64: '56171987d3947707c3563db2f4001bccaf50fd63468611b9f3cbecb1375ee7ec',
      },
      '1.8.0': {
        amd64: 'ab3bda535f9d90766cccc90d3dddb5482003dd744d7f22bcf98186bf8eea8be6',
        arm64: '57ce466fc3b79db1f19b8f4c63e07a1112306efa53c94fe810a2150dd9e07ddb',
      },
    },
  },
  /**
   * RuntimeClass handlers come with 0.4.0.
   *
   * @see https://github.com/Mirantis/cri-dockerd/releases
   */
  criDockerd: {
    url: 'https://github.com/Mirantis/cri-dockerd/releases/download/v{version}/cri-dockerd-{version}.{arch}.tgz',
    sha256: {
      '0.4.4': {
        amd64: '109b7540053a507dd85ad7b9fee9cee9caae55feedcc28365d3e7ab4fb2172d5',
        arm64: '4f96b4e9b7fcb1c90f78470325c2197a67fa28c0e0c901509437b791f5588a37',
      },
      '0.3.26': {
        amd64: '87f31c964d974cdce9c883c79b69e355c3c323e51d3a7d36cda140e6df7b8d5a',
        arm64: 'd33e46e0d7ce28b22fdf7fa6327961cf0220ec3814fd7cc482f8cb77e7fd986a',
      },
    },
  },
} as const satisfies Readonly<Record<string, ReleaseFiles>>;

export type ReleaseName = keyof typeof RELEASES;

/** The versions whose digests slipway knows, the newest first: the default. */
export const knownVersions = (name: ReleaseName): readonly [string, ...string[]] =>
  Object.keys(RELEASES[name].sha256) as unknown as readonly [string, ...string[]];
