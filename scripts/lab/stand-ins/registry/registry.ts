import { readFile } from 'node:fs/promises';

import type { Lab } from '../../lab.ts';

const PORT = 5000;
const LOG = '/run/registry.log';
export const REGISTRY = `registry.lab:${PORT}`;

export interface PrivateRegistry {
  /** What it was asked: `200 10.88.0.11 docker GET /v2/k8s/pause/manifests/3.10`. */
  requests(): Promise<readonly string[]>;
}

/** A registry that wants a login, as a service of one of the lab's hosts, and known to all of them by its name. */
export async function servePrivateRegistry(
  lab: Lab,
  { host, user, password }: { readonly host: string; readonly user: string; readonly password: string },
): Promise<PrivateRegistry> {
  const program = await readFile(new URL('registry', import.meta.url), 'utf8');
  await lab.exec(host, 'cat >/usr/local/bin/lab-registry; chmod +x /usr/local/bin/lab-registry', {
    input: program,
  });
  await lab.exec(
    host,
    `touch ${LOG}; systemd-run --quiet --unit=lab-registry /usr/local/bin/lab-registry ${PORT} ${LOG} '${user}:${password}'`,
  );
  const address = lab.hosts.find(({ name }) => name === host)?.address;
  await Promise.all(
    lab.hosts.map(({ name }) => lab.exec(name, `echo '${address} registry.lab' >>/etc/hosts`)),
  );
  return {
    requests: async () =>
      (await lab.exec(host, `cat ${LOG}`)).stdout.split('\n').filter((line) => line !== ''),
  };
}
