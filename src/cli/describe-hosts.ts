import { EXIT } from '#core/exit-code.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import { beforeApiServers, FORMS } from '#importers/before-api-servers.ts';
import { CONTROL_PLANES, GPU_WORKERS, hostList, WORKERS } from '#importers/host-list.ts';
import type { Imported, ImportedHost } from '#importers/imported.ts';
import { IMPORTERS } from '#importers/importers.ts';
import type { Writing } from '#importers/write-inventory.ts';

import type { Cli } from './cli-context.ts';
import type { InitOptions } from './init.ts';

const NOTHING: Imported = { hosts: [], notes: [] };

/** What an inventory is to say: by the options, by another tool, and by answers where neither names a host. */
export async function describeHosts(
  cli: Cli,
  options: InitOptions,
  said: string | undefined,
): Promise<Writing> {
  const { from } = options;
  const imported = from === undefined || said === undefined ? NOTHING : IMPORTERS[from](said);
  const isAsking = from === undefined && options.controlPlanes === undefined;
  const asked = isAsking ? await askForHosts(cli, options) : options;
  const hosts = [
    ...imported.hosts,
    ...hostList(asked.controlPlanes ?? '', CONTROL_PLANES),
    ...hostList(asked.workers ?? '', WORKERS),
  ];
  const all = withGpus(hosts, hostList(asked.gpu ?? '', GPU_WORKERS));
  const planes = all.filter(({ role }) => role === 'control-plane').length;
  const ha =
    isAsking && planes > 1
      ? (asked.ha ?? (await question(cli, `Before the API servers: ${FORMS}`, 'local')))
      : asked.ha;
  return {
    ...imported,
    ...(ha !== undefined && beforeApiServers(ha === true ? 'local' : ha)),
    cluster: asked.name ?? imported.cluster,
    version: versionIn(asked.kubernetes) ?? imported.version,
    hosts: all.map((host) => loggedIn(host, asked)),
    origin: from === undefined ? 'slipway init' : `slipway init --from ${from}`,
  };
}

/** What the options say, and for the rest what a person answers. */
async function askForHosts(cli: Cli, options: InitOptions): Promise<InitOptions> {
  cli.stderr.write(
    'Hosts are typed as name=address, with commas between; a name or an address alone will do.\n',
  );
  const controlPlanes = await question(cli, 'Control planes', undefined);
  // What is wrong is said before the next question.
  if (hostList(controlPlanes, CONTROL_PLANES).length === 0) throw withoutControlPlane();
  const workers = options.workers ?? (await question(cli, 'Workers', 'none'));
  const gpu = options.gpu ?? (await question(cli, 'Workers with GPUs', 'none'));
  const user = options.user ?? (await question(cli, 'Who logs in', 'root'));
  const given = { workers: workers === 'none' ? '' : workers, gpu: gpu === 'none' ? '' : gpu, user };
  return { ...options, ...given, controlPlanes };
}

async function question({ ask }: Cli, text: string, otherwise: string | undefined): Promise<string> {
  const answer = (await ask?.(`${text}${otherwise === undefined ? '' : ` [${otherwise}]`}: `))?.trim();
  return answer === undefined || answer === '' ? (otherwise ?? '') : answer;
}

/** Those that are there already have GPUs; the others come on top. */
function withGpus(hosts: readonly ImportedHost[], gpus: readonly ImportedHost[]): readonly ImportedHost[] {
  const names = new Set(gpus.map(({ name }) => name));
  const known = new Set(hosts.map(({ name }) => name));
  return [
    ...hosts.map((host) => (names.has(host.name) ? { ...host, gpu: true as const } : host)),
    ...gpus.filter(({ name }) => !known.has(name)),
  ];
}

const loggedIn = (host: ImportedHost, { user, identityFile }: InitOptions): ImportedHost => ({
  ...host,
  // Who logs in on all is in the defaults, and root is who does without a word.
  user: user === undefined ? host.user : user === 'root' ? undefined : user,
  identityFile: identityFile ?? host.identityFile,
});

function versionIn(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const [, version] = /^v?(\d+\.\d+\.\d+)$/.exec(text) ?? [];
  if (version !== undefined) return version;
  throw new SlipwayError(`--kubernetes ${text} is no version with its patch`, {
    code: 'invalid-version',
    exitCode: EXIT.usage,
    hint: 'as in --kubernetes 1.36.4',
  });
}

const withoutControlPlane = (): SlipwayError =>
  new SlipwayError('a cluster has a control plane: nothing was written', {
    code: 'no-hosts',
    exitCode: EXIT.usage,
    hint: 'as in cp1=10.0.0.11',
  });
