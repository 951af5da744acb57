import { initConfig } from '#configuration/kubeadm-config.ts';
import {
  CONTROL_PLANE_FILES,
  KUBEADM_FILES,
  KUBELET_RESTART,
  KUBELET_SERVING_FILES,
} from '#configuration/kubeadm-files.ts';
import type { Cluster, Host } from '#core/cluster.ts';
import { command, embed, lines, type Script, sh } from '#core/shell.ts';
import type { RunStep } from '#core/step.ts';
import { kubectl } from '#facts/kubectl.ts';

const CONFIG = '/run/slipway/kubeadm-phase.yaml';
const MANIFEST = '/run/slipway/kubeadm-addon.yaml';

/** @param phases as kubeadm names them, `certs apiserver`, in the order in which they are to run. */
export const phasesStep = (cluster: Cluster, host: Host, phases: readonly string[]): RunStep => ({
  do: 'run',
  summary: phases
    .map((phase) => (phase === KUBELET_RESTART ? phase : `kubeadm init phase ${phase}`))
    .join(', '),
  script: lines(CONFIGURE, ...phases.map(phaseScript)),
  stdin: initConfig(cluster, host),
  timeoutMs: 240_000,
});

const CONFIGURE = sh`umask 077; mkdir -p /run/slipway; cat >${CONFIG}; trap ${`rm -f ${CONFIG} ${MANIFEST}`} EXIT; umask 022`;

/**
 * Certificates for another year, with the names that they have.
 *
 * @param names as `kubeadm certs renew` knows them.
 * @see https://kubernetes.io/docs/reference/setup-tools/kubeadm/kubeadm-certs/#cmd-certs-renew (v1.34)
 */
export const renewStep = (cluster: Cluster, host: Host, names: readonly string[]): RunStep => ({
  ...phasesStep(cluster, host, []),
  summary: `kubeadm certs renew ${names.join(', ')}`,
  script: lines(
    CONFIGURE,
    ...names.map((name) => command('kubeadm', 'certs', 'renew', name, `--config=${CONFIG}`)),
  ),
});

const FORMER = '/run/slipway/former-certificate';

/** A certificate with the names that the configuration has; the former one comes back where kubeadm fails. */
export const reissueStep = (cluster: Cluster, host: Host): RunStep => ({
  ...phasesStep(cluster, host, []),
  summary: 'kubeadm init phase certs apiserver, in place of the one there is',
  script: lines(
    CONFIGURE,
    sh`( umask 077; mkdir -p ${FORMER}; cp -a /etc/kubernetes/pki/apiserver.crt /etc/kubernetes/pki/apiserver.key ${FORMER} )`,
    sh`rm -f /etc/kubernetes/pki/apiserver.crt /etc/kubernetes/pki/apiserver.key`,
    sh`if ! ${embed(run('certs apiserver'))}; then cp -a ${FORMER}/. /etc/kubernetes/pki/; rm -rf ${FORMER}; exit 1; fi`,
    sh`rm -rf ${FORMER}`,
  ),
});

function phaseScript(phase: string): Script {
  if (phase === KUBELET_RESTART) return lines(command('rm', '-f', ...KUBELET_SERVING_FILES), RESTART);
  if (phase === 'kubeconfig kubelet') return KUBELET_CREDENTIALS;
  if (phase.startsWith('addon ')) return missingOf(phase);
  // Its token, which nobody uses, is not to be seen.
  if (phase === 'bootstrap-token') return run(phase, '--skip-token-print');
  const halves = CONTROL_PLANE_FILES.filter((file) => file.phase === phase).map(({ path }) => path);
  // kubeadm takes a certificate without its key, or an empty kubeconfig, for what it would have to make.
  return /^(certs|kubeconfig) /.test(phase) ? lines(command('rm', '-f', ...halves), run(phase)) : run(phase);
}

const run = (phase: string, ...flags: readonly string[]): Script =>
  command('kubeadm', 'init', 'phase', ...phase.split(' '), `--config=${CONFIG}`, ...flags);

const RESTART = sh`systemctl restart kubelet.service`;

/** Of a kubelet, all that it has had. Their names hold the time at which each was made. */
const REMOVE_CREDENTIALS = sh`rm -f /var/lib/kubelet/pki/kubelet-client-*`;

export const removeCredentialsStep: RunStep = {
  do: 'run',
  summary: 'remove the credentials of the kubelet, which have expired',
  script: REMOVE_CREDENTIALS,
};

/**
 * A kubelet begins with the certificate that stands in its kubeconfig, and keeps it, and those that come after it, in a
 * file of their own, which the kubeconfig is to name in the end. Here the host waits for that file, as all of it is one
 * act of kubeadm's.
 */
const KUBELET_CREDENTIALS: Script = lines(
  REMOVE_CREDENTIALS,
  sh`rm -f ${KUBEADM_FILES.kubelet}`,
  run('kubeconfig kubelet'),
  RESTART,
  sh`i=0; until [ -e ${KUBEADM_FILES.clientCertificate} ] || [ "$i" -ge 60 ]; do i=$((i+1)); sleep 1; done`,
  run('kubelet-finalize all'),
);

/**
 * The objects of an addon that are not there: the phase itself would write over the others, and what a person set in them.
 * Of a Service with an address of its own it is the address that is said to be there already: seen with 1.34.9.
 */
const missingOf = (phase: string): Script =>
  lines(
    sh`${embed(run(phase, '--print-manifest'))} >${MANIFEST}`,
    sh`if ! found=$(${embed(kubectl)} create -f ${MANIFEST} 2>&1); then`,
    sh`  if printf '%s\n' "$found" | grep -v -e '(AlreadyExists)' -e 'provided IP is already allocated' -e ' created$' >&2; then exit 1; fi`,
    sh`fi`,
  );

const SUPER_ADMIN = '/etc/kubernetes/super-admin.conf';

/**
 * Gives the admin's kubeconfig its rights again: each phase that speaks to the API server does that first, where it finds
 * the kubeconfig of a super admin. People take that one away, and are left without it.
 *
 * @see https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/create-cluster-kubeadm-tool/ (super-admin.conf, v1.34)
 */
export const adminStep = (cluster: Cluster, host: Host): RunStep => ({
  ...phasesStep(cluster, host, []),
  summary: 'kubeadm init phase mark-control-plane, which binds the admin to its role',
  script: lines(
    sh`umask 077; mkdir -p /run/slipway; cat >${CONFIG}; made=; trap ${`rm -f ${CONFIG} $made`} EXIT; umask 022`,
    sh`if ! [ -e ${SUPER_ADMIN} ]; then made=${SUPER_ADMIN}; ${embed(run('kubeconfig super-admin'))}; fi`,
    run('mark-control-plane'),
  ),
});

/** A kubelet registers its node when it starts, and never again. */
export const registerStep: RunStep = {
  do: 'run',
  summary: 'restart the kubelet, so that it registers its node',
  script: RESTART,
};

/**
 * Files without content are what a power cut leaves of those that were just written: kubeadm would keep them. With one half
 * of its serving certificate the kubelet does not start.
 */
export const tidyStep: RunStep = {
  do: 'run',
  summary: 'remove files that were cut off while they were written',
  script: lines(
    sh`find /etc/kubernetes -maxdepth 1 -name '*.conf' -type f -size 0 -delete`,
    sh`find /etc/kubernetes/pki /etc/kubernetes/manifests /var/lib/kubelet/pki -type f -size 0 ! -name '.*' -delete 2>/dev/null || :`,
    sh`for file in ${KUBELET_SERVING_FILES}; do [ -e "$file" ] || rm -f ${KUBELET_SERVING_FILES}; done`,
  ),
};
