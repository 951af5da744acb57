import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { kubeadmImages } from '#catalog/kubeadm-images.ts';
import type { BundledRepository } from '#core/bundle.ts';
import type { Kubernetes } from '#core/kubernetes.ts';
import { SlipwayError } from '#core/slipway-error.ts';

import type { BlobStore } from './blob-store.ts';
import type { RunProgram } from './programs.ts';

/** @see https://github.com/rpm-software-management/rpm/blob/rpm-4.18.0-release/docs/man/rpm2archive.8.md */
const UNPACK_RPM = 'rpm2archive -n - <"$1" | tar -x -C "$2"';

export interface AskOptions {
  readonly run: RunProgram;
  readonly store: BlobStore;
  readonly tell: (what: string) => void;
}

/**
 * The images that kubeadm starts. The kubeadm of the bundle says it, whose package was checked; where it does not run
 * here, being for another architecture, slipway says what it knows of the minor.
 */
export async function askKubeadm(
  kubernetes: Pick<Kubernetes, 'version' | 'imageRepository' | 'etcd'>,
  repositories: readonly BundledRepository[],
  options: AskOptions,
): Promise<readonly string[]> {
  const all = await allImages(kubernetes, repositories, options);
  return kubernetes.etcd.type === 'external' ? all.filter((image) => !/\/etcd:[^/]+$/.test(image)) : all;
}

async function allImages(
  kubernetes: Pick<Kubernetes, 'version' | 'imageRepository'>,
  repositories: readonly BundledRepository[],
  { run, store, tell }: AskOptions,
): Promise<readonly string[]> {
  const { version, imageRepository } = kubernetes;
  const packages = repositories.flatMap((one) => one.packages.filter(({ name }) => name === 'kubeadm'));
  for (const { sha256, file } of packages) {
    const directory = await mkdtemp(join(tmpdir(), 'slipway-kubeadm-'));
    try {
      const path = store.pathOf(sha256);
      const unpacked = await run(
        file.endsWith('.rpm')
          ? ['sh', '-c', UNPACK_RPM, 'sh', path, directory]
          : ['dpkg-deb', '-x', path, directory],
      );
      if (unpacked.code !== 0) continue;
      const { code, stdout } = await run([
        join(directory, 'usr/bin/kubeadm'),
        'config',
        'images',
        'list',
        `--kubernetes-version=v${version}`,
        `--image-repository=${imageRepository}`,
      ]).catch(() => ({ code: null, stdout: '' }));
      const names = stdout.split('\n').filter((line) => line.startsWith(`${imageRepository}/`));
      if (code === 0 && names.length >= 7) return names;
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }
  const known = kubeadmImages(kubernetes);
  if (known === undefined) {
    throw new SlipwayError(`it is not known which images Kubernetes ${version} starts`, {
      code: 'kubeadm-images-unknown',
      hint: 'make the bundle on a machine with the architecture of a host, where its kubeadm can be asked, or name them with --image',
    });
  }
  tell(`images of Kubernetes ${version} as slipway knows them, since its kubeadm does not run here`);
  return known;
}
