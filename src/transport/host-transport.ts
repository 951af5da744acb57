import type { Transport } from '#core/transport.ts';

import { localTransport } from './local-transport.ts';
import { type SshTransportOptions, sshTransport } from './ssh-transport.ts';

/** Each host as the inventory says it is reached. */
export function hostTransport(options: SshTransportOptions): Transport {
  const [ssh, local] = [sshTransport(options), localTransport(options)];
  const { USER, LOGNAME } = options.env;
  // Where nobody says who runs slipway, sudo does no harm to root.
  const user = USER ?? LOGNAME ?? '';
  return {
    connect: (host) => (host.connection === 'local' ? local.connect({ ...host, user }) : ssh.connect(host)),
  };
}
