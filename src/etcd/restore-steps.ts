import { embed, lines, type Script, sh } from '#core/shell.ts';
import type { RunStep, Step } from '#core/step.ts';
import type { RestoreState } from '#facts/etcd-restore.ts';
import { etcdTools, PARKED_MANIFESTS, RESTORE_DIRECTORY } from '#facts/etcd-tools.ts';

const MANIFESTS = '/etc/kubernetes/manifests';
const OTHERS = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'];
/** How the kernel calls the processes: the first 15 characters. */
const PROCESSES = ['etcd', 'kube-apiserver', 'kube-controller', 'kube-scheduler'];
/** https://etcd.io/docs/v3.6/op-guide/recovery/: so that nobody who watches sees a revision go back */
const RAISED_BY = 1_000_000_000;
const DATA_TIMEOUT_MS = 1_800_000;
const START_TIMEOUT_MS = 300_000;

/** What every member is restored with. */
export interface RestoreWork {
  /** Of the snapshot. */
  readonly sha256: string;
  /** `cp1=https://10.0.0.10:2380`, all of them. */
  readonly members: readonly string[];
}

const snapshotOf = (sha256: string): string => `${RESTORE_DIRECTORY}/${sha256}.db`;

const run = (summary: string, script: Script, timeoutMs: number): RunStep => ({
  do: 'run',
  summary,
  script,
  timeoutMs,
});

/** Prints how much of the snapshot is there. */
export const sentSize = (sha256: string): RunStep =>
  run(
    'look how much of the snapshot is there',
    sh`umask 077; mkdir -p ${RESTORE_DIRECTORY}; stat -c %s ${snapshotOf(sha256)} ${`${snapshotOf(sha256)}.part`} 2>/dev/null | tail -n 1`,
    60_000,
  );

/** Writes a piece of the snapshot, in base64, behind what is there. */
export const sendPiece = (sha256: string, piece: string, fromByte: number): RunStep => ({
  ...run(
    'send the snapshot',
    sh`umask 077; cd ${RESTORE_DIRECTORY}; touch ${`${sha256}.db.part`}; truncate -s ${fromByte} ${`${sha256}.db.part`}; base64 -d >>${`${sha256}.db.part`}`,
    300_000,
  ),
  stdin: piece,
});

/**
 * Keeps the program that restores, which is out of reach once etcd is stopped, and says that a restore is under way.
 */
export const prepare = ({ sha256 }: RestoreWork): readonly Step[] => [
  run(
    `verify the snapshot, and keep it with its program in ${RESTORE_DIRECTORY}`,
    lines(
      etcdTools,
      sh`umask 077; cd ${RESTORE_DIRECTORY}`,
      sh`if [ -e ${`${sha256}.db.part`} ]; then`,
      sh`  [ "$(sha256sum ${`${sha256}.db.part`} | cut -c1-64)" = ${sha256} ] || { rm -f ${`${sha256}.db.part`}; echo 'the snapshot did not arrive as it was sent' >&2; exit 1; }`,
      sh`  sync ${`${sha256}.db.part`}; mv ${`${sha256}.db.part`} ${`${sha256}.db`}`,
      sh`fi`,
      sh`tool=$(etcd_restorer) || { echo 'no program that restores' >&2; exit 1; }`,
      sh`case $tool in ${{ script: RESTORE_DIRECTORY as Script }}/*) ;; *) name=$(basename "$tool"); cp "$tool" "$name.new"; chmod 700 "$name.new"; mv "$name.new" "$name" ;; esac`,
      sh`etcd_verify ${`${sha256}.db`} >/dev/null`,
      sh`rm -f started; printf '%s\n' ${sha256} >snapshot.new; sync snapshot.new; mv snapshot.new snapshot`,
    ),
    DATA_TIMEOUT_MS,
  ),
];

/** Takes the control plane's pods away, as the kubelet does when their manifests go. */
export const stop = (): readonly Step[] => [
  run(
    `stop etcd and the API server: move their manifests to ${PARKED_MANIFESTS}`,
    lines(
      sh`mkdir -p -m 700 ${PARKED_MANIFESTS}`,
      sh`for name in ${[...OTHERS, 'etcd']}; do [ ! -e ${MANIFESTS}/"$name".yaml ] || mv ${MANIFESTS}/"$name".yaml ${PARKED_MANIFESTS}/; done`,
      sh`running() { for at in /proc/[0-9]*; do read -r comm <"$at/comm" && case $comm in ${embed(PROCESSES.join('|') as Script)}) tr '\0' '\n' <"$at/cmdline" | grep -q /etc/kubernetes/ && return 0 ;; esac; done 2>/dev/null; return 1; }`,
      sh`while running; do sleep 1; done`,
    ),
    START_TIMEOUT_MS,
  ),
];

/**
 * Lets the snapshot become the member's data. What was there before is moved aside within the same directory, which
 * may be a file system of its own. It can be cut off anywhere and done again.
 */
export const restoreData = (
  { name, peerUrl, dataDirectory, tool, raisesRevisions }: RestoreState,
  { sha256, members }: RestoreWork,
): readonly Step[] => {
  const words = [
    `--name=${name}`,
    `--data-dir=${dataDirectory}/slipway-restore`,
    `--initial-cluster=${members.join(',')}`,
    `--initial-advertise-peer-urls=${peerUrl}`,
    `--initial-cluster-token=slipway-${sha256.slice(0, 12)}`,
    ...(raisesRevisions ? [`--bump-revision=${RAISED_BY}`, '--mark-compacted'] : []),
  ];
  return [
    run(
      `restore ${name} into ${dataDirectory}, and keep what was there in ${dataDirectory}/before-restore-TIME`,
      lines(
        sh`umask 077; mkdir -p ${dataDirectory}; cd ${dataDirectory}`,
        sh`if [ ! -e ${`slipway-restore/${sha256}.done`} ]; then`,
        sh`  rm -rf slipway-restore`,
        sh`  ${`${RESTORE_DIRECTORY}/${tool.split('/').at(-1) ?? ''}`} snapshot restore ${snapshotOf(sha256)} ${words} 2>&1 | tail -n 20`,
        sh`  [ -d slipway-restore/member/snap ] || { echo 'nothing was restored' >&2; exit 1; }`,
        sh`  sync -f slipway-restore; : >${`slipway-restore/${sha256}.done`}`,
        sh`fi`,
        sh`if [ -e slipway-restore/member ]; then`,
        sh`  if [ -e member ]; then aside=before-restore-$(date -u +%Y%m%dT%H%M%SZ); mkdir "$aside"; mv member "$aside/"; fi`,
        sh`  mv slipway-restore/member member; sync -f .`,
        sh`fi`,
      ),
      DATA_TIMEOUT_MS,
    ),
  ];
};

/** Gives the kubelet etcd's manifest back, and waits until the member answers with the others. */
export const startEtcd = (): readonly Step[] => [
  run(
    'start etcd, and wait until it is healthy',
    lines(
      etcdTools,
      sh`[ ! -e ${PARKED_MANIFESTS}/etcd.yaml ] || mv ${PARKED_MANIFESTS}/etcd.yaml ${MANIFESTS}/`,
      sh`until etcd_ctl --command-timeout=5s endpoint health >/dev/null 2>&1; do sleep 1; done`,
    ),
    START_TIMEOUT_MS,
  ),
];

export const startOthers = (): readonly Step[] => [
  run(
    'start the API server, the controller manager and the scheduler, and wait until the API server is ready',
    lines(
      sh`for name in ${OTHERS}; do [ ! -e ${PARKED_MANIFESTS}/"$name".yaml ] || mv ${PARKED_MANIFESTS}/"$name".yaml ${MANIFESTS}/; done`,
      sh`until kubectl --kubeconfig=/etc/kubernetes/admin.conf --request-timeout=5s get --raw /readyz >/dev/null 2>&1; do sleep 1; done`,
      sh`umask 077; mkdir -p ${RESTORE_DIRECTORY}; : >${`${RESTORE_DIRECTORY}/started`}`,
    ),
    START_TIMEOUT_MS,
  ),
];

/** What kubelets have seen of the objects may be newer than what there is now: they look at them afresh. */
export const restartKubelet = (): Step => run('restart the kubelet', sh`systemctl restart kubelet`, 60_000);

export const cleanUp = (dataDirectory: string): Step =>
  run(
    'remove what the restore kept',
    sh`rm -rf ${`${dataDirectory}/slipway-restore`} ${RESTORE_DIRECTORY}; rmdir ${PARKED_MANIFESTS} 2>/dev/null || :`,
    60_000,
  );
