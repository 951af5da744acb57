/** Where a region has what slipway, hosts and container runtimes fetch. */
export interface MirrorPreset {
  /** The packages of a minor of Kubernetes, laid out as at pkgs.k8s.io. */
  readonly kubernetes: (minor: string) => string;
  /** The images of the control plane. */
  readonly imageRepository: string;
  /** Docker's packages, laid out as at download.docker.com/linux. */
  readonly docker: string;
  /** Mirrors of registries, by the names that images give these. */
  readonly registries: Readonly<Record<string, string>>;
  /** What stands before the address of a file of GitHub's, in the place of https://. */
  readonly files: string;
}

export const MIRROR_PRESETS = {
  /**
   * @see https://developer.aliyun.com/mirror/kubernetes (kubernetes-new), https://developer.aliyun.com/mirror/docker-ce
   * @see https://github.com/DaoCloud/public-image-mirror (images), https://github.com/DaoCloud/public-binary-files-mirror (files)
   */
  china: {
    kubernetes: (minor) => `https://mirrors.aliyun.com/kubernetes-new/core/stable/v${minor}`,
    imageRepository: 'registry.aliyuncs.com/google_containers',
    docker: 'https://mirrors.aliyun.com/docker-ce/linux',
    registries: {
      'docker.io': 'https://docker.m.daocloud.io',
      'gcr.io': 'https://gcr.m.daocloud.io',
      'ghcr.io': 'https://ghcr.m.daocloud.io',
      'nvcr.io': 'https://nvcr.m.daocloud.io',
      'quay.io': 'https://quay.m.daocloud.io',
      'registry.k8s.io': 'https://k8s.m.daocloud.io',
    },
    files: 'https://files.m.daocloud.io/',
  },
} as const satisfies Readonly<Record<string, MirrorPreset>>;

export type MirrorPresetName = keyof typeof MIRROR_PRESETS;
