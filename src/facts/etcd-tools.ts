import { lines, type Script, sh } from '#core/shell.ts';

/** The manifest of the member of a control plane, as kubeadm writes it. */
export const ETCD_MANIFEST = '/etc/kubernetes/manifests/etcd.yaml';

/** Where a restore keeps the manifests of a control plane meanwhile. */
export const PARKED_MANIFESTS = '/etc/kubernetes/slipway-restore';

/** Where a restore keeps the snapshot, its program, and what tells how far it has come. */
export const RESTORE_DIRECTORY = '/var/lib/slipway-restore';

const PKI = '/etc/kubernetes/pki/etcd';

/**
 * Shell functions that find etcd's programs. They are run on the host itself, so that it does not matter which
 * runtime there is, and files can be written where etcd's pod sees none. They are static programs, which lie in the
 * image beside etcd: the root directory of the process that runs shows them, and where none runs, the unpacked images
 * of containerd, Docker and CRI-O. Images up to 3.6.4-0 have no etcdutl: then the host's own is taken.
 *
 * - `etcd_pid` prints the process of the member, where it runs.
 * - `etcd_tool etcdctl` prints the path of a program, and fails where there is none.
 * - `etcd_restorer` prints the path of one that restores: etcdutl, or an etcdctl before 3.6.
 * - `etcd_verify FILE` prints what is in a snapshot, and fails where it is broken; nothing where nobody can tell.
 * - `etcd_ctl WORD...` runs etcdctl on the member of this host, or on those that `etcd_endpoints` is set to.
 *
 * @see https://github.com/etcd-io/etcd/blob/v3.6.5/Dockerfile
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.0/cluster/images/etcd/Dockerfile
 */
export const etcdTools: Script = lines(
  sh`etcd_endpoints=https://127.0.0.1:2379`,
  sh`etcd_pid() {`,
  sh`  for at in /proc/[0-9]*; do`,
  sh`    read -r comm <"$at/comm" && [ "$comm" = etcd ] && tr '\0' '\n' <"$at/cmdline" | grep -qxF -e ${`--trusted-ca-file=${PKI}/ca.crt`} && { echo "$at" | cut -d/ -f3; return; }`,
  sh`  done 2>/dev/null`,
  sh`  return 1`,
  sh`}`,
  sh`etcd_tool() {`,
  sh`  if pid=$(etcd_pid); then`,
  sh`    at=/proc/$pid/root/usr/local/bin/$1; [ -x "$at" ] && { echo "$at"; return; }`,
  sh`  fi`,
  sh`  version=$(cat ${ETCD_MANIFEST} ${`${PARKED_MANIFESTS}/etcd.yaml`} 2>/dev/null | sed -n 's/^ *image: .*:v\{0,1\}\([0-9][0-9.]*\).*/\1/p' | head -n 1)`,
  sh`  for at in /var/lib/containerd/io.containerd.snapshotter.v1.*/snapshots/*/fs /var/lib/containerd/io.containerd.snapshotter.v1.native/snapshots/* /var/lib/docker/overlay2/*/diff /var/lib/containers/storage/overlay/*/diff; do`,
  sh`    at=$at/usr/local/bin/$1; [ -x "$at" ] && "$at" version 2>/dev/null | grep -qxF "$1 version: $version" && { echo "$at"; return; }`,
  sh`  done`,
  sh`  command -v "$1"`,
  sh`}`,
  sh`etcd_restorer() {`,
  sh`  for at in ${`${RESTORE_DIRECTORY}/etcdutl`} ${`${RESTORE_DIRECTORY}/etcdctl`}; do [ -x "$at" ] && { echo "$at"; return; }; done`,
  sh`  etcd_tool etcdutl && return`,
  sh`  at=$(etcd_tool etcdctl) && "$at" snapshot restore --help 2>/dev/null | grep -q -e --initial-cluster && echo "$at"`,
  sh`}`,
  sh`etcd_ctl() {`,
  sh`  client=$(etcd_tool etcdctl) || { echo 'etcdctl is neither in an image of etcd nor on the host' >&2; return 127; }`,
  sh`  "$client" --endpoints="$etcd_endpoints" ${`--cacert=${PKI}/ca.crt`} ${`--cert=${PKI}/healthcheck-client.crt`} ${`--key=${PKI}/healthcheck-client.key`} --dial-timeout=2s "$@"`,
  sh`}`,
  sh`etcd_verify() {`,
  sh`  if verifier=$(etcd_restorer); then "$verifier" snapshot status "$1" --write-out=json; fi`,
  sh`}`,
);
