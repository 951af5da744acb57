import type { PackageRepository } from '#core/package-repository.ts';

import { KEY_FINGERPRINTS } from './repositories.ts';

/**
 * What slipway installs on GPU hosts unless it is told otherwise.
 *
 * @see https://github.com/NVIDIA/nvidia-container-toolkit/releases/tag/v1.20.0
 * @see https://github.com/NVIDIA/k8s-device-plugin/releases/tag/v0.20.0
 * @see https://github.com/Project-HAMi/HAMi/releases/tag/v2.10.0
 */
export const NVIDIA_RELEASES = {
  toolkit: '1.20.0',
  devicePlugin: '0.20.0',
  hami: '2.10.0',
} as const;

/**
 * NVIDIA's repository of the container toolkit, with a folder for each architecture.
 *
 * @see https://docs.nvidia.com/datacenter/cloud-native/container-toolkit/latest/install-guide.html (1.20.0)
 */
export const NVIDIA_REPOSITORY: PackageRepository = {
  url: 'https://nvidia.github.io/libnvidia-container/stable',
  keyUrl: 'https://nvidia.github.io/libnvidia-container/gpgkey',
  fingerprint: KEY_FINGERPRINTS.nvidia,
  layout: 'nvidia',
};

/** All four are named: a package manager would install the newest version of those that are only dependencies. */
export const TOOLKIT_PACKAGES = [
  'libnvidia-container1',
  'libnvidia-container-tools',
  'nvidia-container-toolkit-base',
  'nvidia-container-toolkit',
] as const;

/** @see https://github.com/NVIDIA/k8s-device-plugin/blob/v0.20.0/deployments/static/nvidia-device-plugin.yml */
export const DEVICE_PLUGIN_IMAGE = 'nvcr.io/nvidia/k8s-device-plugin';

/** @see https://github.com/Project-HAMi/HAMi/blob/v2.10.0/charts/hami/values.yaml */
export const HAMI_IMAGE = 'docker.io/projecthami/hami';

/** @see https://github.com/Project-HAMi/HAMi/blob/v2.10.0/README.md (helm repo add) */
export const HAMI_CHARTS = 'https://project-hami.github.io/HAMi';
