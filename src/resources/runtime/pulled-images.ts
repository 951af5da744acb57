import { criSocket } from '#catalog/cri-sockets.ts';
import { KUBEADM_FILES } from '#configuration/kubeadm-files.ts';
import type { HostKind } from '#core/cluster.ts';
import { change, none, noted, type Resource, resource } from '#core/resource.ts';
import { embed, type Script, sh } from '#core/shell.ts';
import { unknown } from '#core/unknown.ts';
import { fileContent } from '#facts/file.ts';
import { pathKind } from '#facts/path.ts';

interface ImagesOfKubeadm {
  readonly version: string;
  readonly imageRepository: string;
  /** The control plane has no member of etcd, of which kubeadm names the image all the same. */
  readonly isWithoutEtcd: boolean;
}

/** What a machine is to have of images before it is a node. */
export interface PulledImages {
  readonly runtime: HostKind['runtime'];
  /** In the order in which a node needs them. */
  readonly images: readonly string[];
  /** Those that kubeadm names for a control plane, before the others: it is asked on the host. */
  readonly kubeadm?: ImagesOfKubeadm;
  /** What names further ones and is not known yet. */
  readonly unknownUntil?: string;
}

const UNIT = 'slipway-pull';
/** What was asked for since the machine was started, and what of it failed. */
const RECORD = '/run/slipway/pulled-images';
/** Longer than a slow line needs, so that nothing stays behind for ever. */
const LIMIT_SECONDS = 3600;
const FACTS = {
  kubelet: pathKind(KUBEADM_FILES.kubelet),
  configuration: pathKind(KUBEADM_FILES.kubeletConfiguration),
  record: fileContent(RECORD),
};

/**
 * Images on their way to a machine that is no node yet, pulled by its runtime, as the kubelet would, and behind everything else:
 * the step only starts it, and nobody waits for its end. Whatever is not there in time is pulled by who needs it; containerd
 * has two who pull the same wait for one another.
 *
 * What was asked for is in a file below /run, so that it is done once for each start of the machine, whatever becomes of it.
 *
 * @see https://github.com/containerd/containerd/pull/6702
 * @see https://github.com/kubernetes-sigs/cri-tools/blob/v1.34.0/docs/crictl.md
 */
export function pulledImages(wanted: PulledImages): Resource {
  const { images, kubeadm, unknownUntil } = wanted;
  const lines = [...(kubeadm === undefined ? [] : [`kubeadm ${kubeadm.version}`]), ...images];
  const named = [
    ...(kubeadm === undefined ? [] : [`those of a control plane, as kubeadm ${kubeadm.version} names them`]),
    ...images,
    ...(unknownUntil === undefined ? [] : [unknown(unknownUntil)]),
  ];
  return resource({
    address: 'pulled-images',
    facts: FACTS,
    diff: ({ kubelet, configuration, record }) => {
      if (kubelet === 'file' || configuration === 'file')
        return none('it is a node, whose kubelet pulls what it lacks');
      const found = (record.content ?? '').split('\n').filter((line) => line !== '');
      const failed = found.flatMap((line) => /^failed (.*)/.exec(line)?.[1] ?? []);
      if (record.content !== null && lines.every((line) => found.includes(line))) {
        return noted(
          none('they are on their way since the machine was started'),
          failed.map(
            (why) =>
              `an image could not be pulled ahead, which kubeadm or the kubelet will try again: ${why}`,
          ),
        );
      }
      return change(
        [{ what: 'images on their way', from: null, to: named.join(', ') }],
        [
          {
            do: 'run',
            summary: 'begin to pull the images that the node will run',
            script: begin(wanted, lines),
          },
        ],
      );
    },
  });
}

/** The record stands before the pull begins, and a run that is cut off between the two leaves all of it to the kubelet. */
const begin = ({ runtime, images, kubeadm }: PulledImages, record: readonly string[]): Script =>
  sh`umask 077; mkdir -p /run/slipway
systemctl stop ${`${UNIT}.service`} 2>/dev/null || :
printf '%s\n' ${record} >${RECORD}.new; mv ${RECORD}.new ${RECORD}
why=$(systemd-run --quiet --collect --no-block --unit=${UNIT} --property=RuntimeMaxSec=${LIMIT_SECONDS} --setenv=HOME=/root --setenv=PATH="$PATH" sh -c ${pull(criSocket(runtime), kubeadm)} sh ${images} </dev/null 2>&1) || printf 'failed %s\n' "$why" >>${RECORD}`;

/** One after the other: a runtime fetches several layers of each at the same time. */
const pull = (socket: string, kubeadm: ImagesOfKubeadm | undefined): Script =>
  sh`cri() { crictl --runtime-endpoint ${socket} --image-endpoint ${socket} "$@"; }
${embed(kubeadm === undefined ? sh`:` : namedBy(kubeadm))}
for image do
cri inspecti "$image" >/dev/null 2>&1 || why=$(cri pull "$image" 2>&1) || printf 'failed %s: %s\n' "$image" "$(printf '%s\n' "$why" | tail -n 1)" >>${RECORD}
done`;

const namedBy = ({ version, imageRepository, isWithoutEtcd }: ImagesOfKubeadm): Script =>
  sh`set -- $(kubeadm config images list --kubernetes-version=${`v${version}`} --image-repository=${imageRepository}${embed(isWithoutEtcd ? sh` | grep -v '/etcd:'` : sh``)}) "$@"`;
