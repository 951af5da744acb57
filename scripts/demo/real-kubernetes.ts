/** Where the project offers its packages. */
const PACKAGES = 'https://pkgs.k8s.io';

export type RealKubernetes =
  | { readonly env: Readonly<Record<string, string>> }
  | { readonly missing: string };

/**
 * What the lab needs for real packages and images in place of its stand-ins, or what is missing for that. Hosts of the
 * lab reach no registry, so images come as files.
 */
export async function realKubernetes(
  version: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<RealKubernetes> {
  const repository = env['SLIPWAY_LAB_REPO'] || PACKAGES;
  const minor = version.split('.').slice(0, 2).join('.');
  const key = `${repository}/core:/stable:/v${minor}/deb/Release.key`;
  const answer = await fetch(key).catch((error: unknown) => error);
  if (!(answer instanceof Response) || !answer.ok) {
    const why = answer instanceof Response ? `it answers ${answer.status}` : 'it is not reached from here';
    return {
      missing: `There are no packages at ${key}: ${why}.\nA repository that is laid out like it can be named by SLIPWAY_LAB_REPO.`,
    };
  }
  const images = env['SLIPWAY_LAB_IMAGES'];
  if (images) return { env: { SLIPWAY_LAB_REPO: repository, SLIPWAY_LAB_IMAGES: images } };
  return { missing: withoutImages(version) };
}

/** @see https://kubernetes.io/docs/reference/setup-tools/kubeadm/kubeadm-config/#cmd-config-images-list (v1.34) */
const withoutImages = (
  version: string,
): string => `The hosts of the lab reach no registry: SLIPWAY_LAB_IMAGES must name a folder with the images as files, say by
  mkdir images
  for image in $(kubeadm config images list --kubernetes-version v${version}); do
    skopeo copy docker://$image docker-archive:images/$(basename $image | tr : -).tar:$image
  done
  SLIPWAY_LAB_IMAGES=$PWD/images npm run demo -- --real`;
