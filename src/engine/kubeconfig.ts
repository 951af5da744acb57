import { SlipwayError } from '#core/slipway-error.ts';
import { sh } from '#core/shell.ts';
import type { Connection } from '#core/transport.ts';

/**
 * The admin kubeconfig of a control plane, as kubeadm wrote it.
 *
 * @throws {SlipwayError} when there is none yet.
 */
export async function fetchKubeconfig(connection: Connection): Promise<string> {
  const script = sh`cat /etc/kubernetes/admin.conf`;
  const { code, stdout } = await connection.execute({ script, via: 'argument', timeoutMs: 30_000 });
  if (code === 0) return stdout;
  throw new SlipwayError(`${connection.host} has no /etc/kubernetes/admin.conf`, {
    code: 'no-kubeconfig',
    host: connection.host,
    hint: 'the control plane is not initialised yet: run "slipway apply"',
  });
}
