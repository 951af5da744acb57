import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Connection, Transport } from '#core/transport.ts';
import { FORMER_FILES } from '#facts/former-files.ts';
import { localTransport } from '#transport/local-transport.ts';

/** No unit of this name is on any machine that runs tests. */
export const STAND_IN_UNIT = 'slipway-stand-in.service';

/**
 * This machine as several hosts, each with a stand-in for systemd and for crictl, and with a daemon whose configuration
 * may hold `dies` (it does not start) or `mute` (it starts, and does not answer). Each host has a directory of its own.
 */
export async function standInHosts(root: string, hosts: readonly string[]): Promise<Transport> {
  for (const host of hosts) {
    const directory = join(root, host);
    await mkdir(join(directory, 'bin'), { recursive: true });
    for (const [name, body] of Object.entries(PROGRAMS)) {
      await writeFile(join(directory, 'bin', name), `#!/bin/sh\ncd '${directory}'\n${body}`);
      await chmod(join(directory, 'bin', name), 0o755);
    }
    await writeFile(join(directory, 'active'), 'inactive\n');
    await writeFile(join(directory, 'starts'), '');
  }
  return { connect: async ({ name, ...host }) => connectionTo(join(root, name), { ...host, name }) };
}

/** How often the daemon of a host was started, and what it runs on. */
export async function standInState(root: string, host: string) {
  const read = (name: string): Promise<string> => readFile(join(root, host, name), 'utf8');
  const starts = (await read('starts')).split('\n').length - 1;
  return { starts, active: (await read('active')).trim(), loaded: (await read('loaded')).trim() };
}

async function connectionTo(directory: string, host: Parameters<Transport['connect']>[0]) {
  const inner = await localTransport().connect(host);
  const former = join(directory, 'former');
  return {
    host: inner.host,
    get executions() {
      return inner.executions;
    },
    get isOpen() {
      return inner.isOpen;
    },
    execute: async (execution) => {
      const text = execution.script.replaceAll(FORMER_FILES, former);
      const script =
        `PATH='${join(directory, 'bin')}':$PATH; export PATH\n${text}` as typeof execution.script;
      const result = await inner.execute({ ...execution, script });
      return { ...result, stdout: result.stdout.replaceAll(former, FORMER_FILES) };
    },
    hold: (...given) => inner.hold(...given),
    forward: (...given) => inner.forward(...given),
    close: () => inner.close(),
  } satisfies Connection;
}

/** They start as few programs as they can: hundreds of them run in a test. */
const PROGRAMS: Readonly<Record<string, string>> = {
  systemctl: `case "$1" in
show) active= started=
read -r active <active; [ ! -e started ] || read -r started <started
printf 'LoadState=loaded\\nUnitFileState=enabled\\nNeedDaemonReload=no\\nActiveState=%s\\nExecMainStartTimestamp=%s\\n' "$active" "$started";;
restart) echo x >>starts; cp it.conf loaded; TZ=UTC date '+%a %Y-%m-%d %H:%M:%S.%6N UTC' >started
if grep -q dies it.conf; then echo failed >active; echo 'Job for its unit failed.' >&2; exit 1; fi
echo active >active;;
esac
`,
  journalctl: `! grep -q -e dies -e mute loaded || echo 'level=fatal msg="it cannot bear this"'
`,
  crictl: `read -r active <active
loaded=; [ ! -e loaded ] || read -r loaded <loaded
if [ "$active" = active ] && case $loaded in *mute*) false;; esac; then printf 'RuntimeName:  stand-in\\nRuntimeVersion:  1\\n'
else echo 'rpc error: code = Unimplemented desc = unknown service'; exit 1; fi
`,
};
