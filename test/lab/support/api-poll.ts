import type { Lab } from '../../../scripts/lab/lab.ts';

const ADMIN = '/etc/kubernetes/admin.conf';
const POLL = '/run/slipway-lab-poll';

/** How an API server was to be reached from a host, for as long as somebody asked. */
export interface Polled {
  readonly answers: number;
  /** The longest time between two answers, in seconds: what is lost, and what one question takes. */
  readonly longestGapSeconds: number;
}

/**
 * Asks for the nodes of a cluster again and again, with the endpoint and the credentials of its admin.
 *
 * @param host where it is asked.
 * @returns how it ends.
 */
export async function pollApiServer(lab: Lab, host: string): Promise<() => Promise<Polled>> {
  const { stdout: kubeconfig } = await lab.exec('cp1', `cat ${ADMIN}`);
  await lab.exec(host, `umask 077; mkdir -p ${POLL}; cat >${POLL}/admin.conf; : >${POLL}/answers`, {
    input: kubeconfig,
  });
  const ask = `kubectl --kubeconfig ${POLL}/admin.conf --request-timeout=2s get nodes`;
  await lab.exec(
    host,
    `systemd-run --quiet --unit=slipway-lab-poll sh -c 'while :; do timeout 3 ${ask} >/dev/null 2>&1 && date +%s.%N >>${POLL}/answers; sleep 0.2; done'`,
  );
  // What is lost shows between answers: some are there before anything happens.
  await lab.exec(
    host,
    `for i in $(seq 300); do [ "$(wc -l <${POLL}/answers)" -lt 6 ] || exit 0; sleep 0.2; done; exit 1`,
  );
  return async () => {
    const { stdout } = await lab.exec(
      host,
      `date +%s.%N >>${POLL}/answers; systemctl stop slipway-lab-poll; cat ${POLL}/answers; rm -r ${POLL}`,
    );
    const times = stdout.trim().split('\n').map(Number);
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time));
    return { answers: times.length - 1, longestGapSeconds: Math.max(0, ...gaps) };
  };
}
