import type { Mirrors } from '#core/cluster.ts';

/** What somebody else has for a whole region. */
export const MIRROR_PRESETS = {
  /**
   * @see https://developer.aliyun.com/mirror/kubernetes (kubernetes-new), https://developer.aliyun.com/mirror/docker-ce
   * @see https://github.com/DaoCloud/public-image-mirror (images), https://github.com/DaoCloud/public-binary-files-mirror (files)
   */
  china: {
    kubernetes: 'https://mirrors.aliyun.com/kubernetes-new/core/stable',
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
} as const satisfies Readonly<Record<string, Mirrors>>;

export type MirrorPresetName = keyof typeof MIRROR_PRESETS;
