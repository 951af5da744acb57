import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';

import { run } from '../lab/run.ts';
import { type Measurement, measure } from './measure.ts';
import type { Targets } from './targets.ts';
import { deployOf, handWrittenProbe, playbookOf } from './work.ts';

export interface Race {
  readonly targets: Targets;
  readonly addresses: readonly string[];
  readonly port: number;
  /** Hosts at once, for every tool. */
  readonly concurrency: number;
}

export interface Result extends Measurement {
  /** Programs run on the hosts; undefined where the tool does not tell. */
  readonly executions?: number;
  /** From the first connection's beginning to the last answer; undefined where the tool does not tell. */
  readonly answeredS?: number;
  /** Highest resident set of slipway's process. */
  readonly residentMb?: number;
}

/** A tool, and how it does the work once. @throws {Error} when it does not find everything right. */
export interface Contender {
  readonly name: string;
  readonly run: (race: Race) => Promise<Result>;
}

const TIMEOUT_MS = 900_000;
/** Where Debian's ansible-mitogen has its strategies. */
const MITOGEN = '/usr/lib/python3/dist-packages/ansible_mitogen/plugins/strategy';

/** slipway's launcher has the compile cache on before any TypeScript is read: without, Node loads what strips the types of it. */
const AS_LAUNCHED = { NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache') };

const slipway = (mode: 'plan' | 'apply'): Contender => ({
  name: `slipway ${mode}`,
  run: async (race) => {
    const result = await measured(race, await slipwayArgv(race, mode), AS_LAUNCHED);
    const told = JSON.parse(result.stdout || '{}') as SlipwayTold;
    if (result.code !== 0 || told.change !== 0 || told.refused !== 0 || told.unreachable !== 0) {
      throw new Error(`slipway ${mode} of ${race.addresses.length}: ${result.stdout}${result.stderr}`);
    }
    const { executions, residentMb } = told;
    return { ...result, executions, residentMb, answeredS: told.answeredMs / 1000 };
  },
});

/** Its connections without the rest of it: what they take of memory and time. */
const alone: Contender = {
  name: 'slipway, connections alone',
  run: async (race) => {
    const program = fileURLToPath(new URL('connections-run.ts', import.meta.url));
    const hosts = race.targets.path('hosts.json');
    await writeFile(hosts, JSON.stringify({ ...settingsOf(race), addresses: race.addresses }));
    const paths = [hosts, race.targets.path('probe.sh')];
    await writeFile(race.targets.path('probe.sh'), handWrittenProbe(race.targets.work));
    const result = await measured(
      race,
      [process.execPath, program, ...paths, String(race.concurrency)],
      AS_LAUNCHED,
    );
    const told = JSON.parse(result.stdout || '{}') as ConnectionsTold;
    if (told.whole !== race.addresses.length) throw new Error(`${told.whole}: ${result.stderr}`);
    return { ...result, executions: told.executions, residentMb: told.residentMb };
  },
};

type ConnectionsTold = Pick<SlipwayTold, 'executions' | 'residentMb'> & { readonly whole: number };

interface SlipwayTold {
  readonly change: number;
  readonly refused: number;
  readonly unreachable: number;
  readonly executions: number;
  readonly answeredMs: number;
  readonly residentMb: number;
}

const bash = (name: string, options: readonly string[]): Contender => ({
  name,
  run: async (race) => {
    const { targets, addresses, port, concurrency } = race;
    const out = targets.path('bash');
    await rm(out, { recursive: true, force: true });
    await mkdir(out);
    await writeFile(targets.path('probe.sh'), handWrittenProbe(targets.work));
    await writeFile(targets.path('hosts'), `${addresses.join('\n')}\n`);
    const one = `exec ssh ${[...sshOptions(race), ...options].join(' ')} -p ${port} root@{} "$(cat ${targets.path('probe.sh')})" >${out}/{} 2>&1`;
    const all = `xargs -P ${concurrency} -I{} sh -c '${one}' <${targets.path('hosts')}`;
    const result = await measured(race, ['bash', '-c', all]);
    const texts = await Promise.all((await readdir(out)).map((file) => readFile(join(out, file), 'utf8')));
    const whole = texts.filter((text) => text.endsWith('@end\n')).length;
    if (whole !== addresses.length) throw new Error(`${name}: ${whole} of ${addresses.length}: ${texts[0]}`);
    return { ...result, executions: whole };
  },
});

/** Pipelined, connections kept, as many forks as the others have hosts at once. */
const ansible = (name: string, more: Readonly<Record<string, string>> = {}): Contender => ({
  name,
  run: async (race) => {
    const { targets, addresses, concurrency } = race;
    const hosts = addresses.map((address) => `${address} ansible_user=root`).join('\n');
    await writeFile(targets.path('inventory.ini'), `${hosts}\n`);
    await writeFile(targets.path('play.yml'), stringify(playbookOf(targets.work)));
    await mkdir(targets.path('control'), { recursive: true });
    const env = {
      LC_ALL: 'C.UTF-8',
      ANSIBLE_FORKS: String(concurrency),
      ANSIBLE_PIPELINING: 'True',
      ANSIBLE_PYTHON_INTERPRETER: '/usr/bin/python3',
      ANSIBLE_PRIVATE_KEY_FILE: targets.lab.identityFile,
      ANSIBLE_SSH_CONTROL_PATH_DIR: targets.path('control'),
      ANSIBLE_SSH_ARGS: `-o ControlMaster=auto -o ControlPersist=60s -o UserKnownHostsFile=${targets.path('known_hosts')} -o GlobalKnownHostsFile=/dev/null -o LogLevel=ERROR`,
      ANSIBLE_TIMEOUT: '60',
      ANSIBLE_DISPLAY_OK_HOSTS: 'False',
      ANSIBLE_NOCOLOR: '1',
      ANSIBLE_HOME: targets.path('ansible'),
      ...more,
    };
    const argv = ['ansible-playbook', '-i', targets.path('inventory.ini'), targets.path('play.yml')];
    const result = await measured(race, argv, env);
    const right = result.stdout.match(/ok=\d+ +changed=0 +unreachable=0 +failed=0/g)?.length ?? 0;
    if (right !== addresses.length)
      throw new Error(
        `${name}: ${right} of ${addresses.length}: ${result.stdout.slice(-2000)}${result.stderr}`,
      );
    return result;
  },
});

/** As it comes, with as many hosts at once as the others. Its client knows no patterns in known_hosts, so it looks at no host key. */
const pyinfra: Contender = {
  name: 'pyinfra',
  run: async (race) => {
    const { targets, addresses, port, concurrency } = race;
    const sources = Object.fromEntries(
      targets.work.files.map(({ path }, index) => [path, targets.path(`source-${index}`)]),
    );
    for (const { path, content } of targets.work.files) await writeFile(sources[path] ?? '', content);
    await writeFile(targets.path('deploy.py'), deployOf(targets.work, sources));
    const login = `"ssh_user": "root", "ssh_port": ${port}, "ssh_key": ${JSON.stringify(targets.lab.identityFile)}`;
    const looks = `"ssh_allow_agent": False, "ssh_look_for_keys": False, "ssh_strict_host_key_checking": "off", "ssh_known_hosts_file": "/dev/null"`;
    const inventory = `hosts = (${JSON.stringify(addresses)}, {${login}, ${looks}})`;
    await writeFile(targets.path('inventory.py'), `${inventory}\n`);
    const argv = ['--parallel', String(concurrency), targets.path('inventory.py'), targets.path('deploy.py')];
    const result = await measured(race, ['pyinfra', ...argv], { LC_ALL: 'C.UTF-8' });
    const said = `${result.stdout}\n${result.stderr}`;
    const right = said.match(/Changed: 0 +No change: \d+ +Errors: 0/g)?.length ?? 0;
    if (right !== addresses.length) {
      throw new Error(`pyinfra: ${right} of ${addresses.length}: ${said.slice(-2000)}`);
    }
    return result;
  },
};

export const contenders = {
  plan: slipway('plan'),
  apply: slipway('apply'),
  bash: bash('bash over OpenSSH', []),
  bashFast: bash('bash over OpenSSH, fastest key exchange', ['-oKexAlgorithms=curve25519-sha256']),
  ansible: ansible('Ansible, pipelined'),
  // https://mitogen.networkgenomics.com/ansible_detailed.html (0.3)
  mitogen: ansible('Ansible with Mitogen', {
    ANSIBLE_STRATEGY: 'mitogen_linear',
    ANSIBLE_STRATEGY_PLUGINS: MITOGEN,
  }),
  pyinfra,
  alone,
} as const;

/** Where somebody has installed it: Debian 12 has no package of it. */
export const hasPyinfra = async (): Promise<boolean> =>
  (await run`sh -c ${'command -v pyinfra || :'}`).stdout !== '';

/** @returns whether there is Mitogen too: not every release of Debian has it. */
export async function installAnsible(log: (line: string) => void): Promise<boolean> {
  if (!existsSync('/usr/bin/ansible-playbook') || !existsSync(MITOGEN)) {
    log('Installing ansible-core and ansible-mitogen on this machine');
    await run`apt-get update -q`;
    await run`apt-get install -y -q --no-install-recommends ansible-core`;
    await run`apt-get install -y -q --no-install-recommends ansible-mitogen`.catch((error: unknown) =>
      log(`Without Mitogen: ${String(error)}`),
    );
  }
  return existsSync(MITOGEN);
}

/** Makes the targets right, once, with slipway itself. */
export async function converge(race: Race): Promise<void> {
  const result = await measured(race, await slipwayArgv(race, 'apply'));
  if (result.code !== 0)
    throw new Error(`the targets could not be made right: ${result.stdout}${result.stderr}`);
}

async function slipwayArgv(race: Race, mode: 'plan' | 'apply'): Promise<readonly string[]> {
  const { targets, addresses, concurrency } = race;
  const inventory = {
    kubernetes: { version: '1.34.9' },
    network: { plugin: 'none' },
    ...settingsOf(race),
    hosts: addresses.map((address, index) => ({
      name: `n${index + 1}`,
      address,
      role: index === 0 ? 'control-plane' : 'worker',
    })),
  };
  await writeFile(targets.path('inventory.yaml'), stringify(inventory));
  await writeFile(targets.path('work.json'), JSON.stringify(targets.work));
  const program = fileURLToPath(new URL('slipway-run.ts', import.meta.url));
  const paths = [targets.path('inventory.yaml'), targets.path('work.json')];
  return [process.execPath, program, mode, ...paths, String(concurrency)];
}

const settingsOf = ({ targets, port }: Race) => ({
  ssh: { knownHosts: targets.path('known_hosts') },
  defaults: { user: 'root', port, identityFile: targets.lab.identityFile },
});

export const sshOptions = ({ targets }: Pick<Race, 'targets'>): readonly string[] => [
  '-F',
  '/dev/null',
  '-i',
  targets.lab.identityFile,
  '-oIdentitiesOnly=yes',
  '-oBatchMode=yes',
  `-oUserKnownHostsFile=${targets.path('known_hosts')}`,
  '-oGlobalKnownHostsFile=/dev/null',
  '-oLogLevel=ERROR',
  '-oConnectTimeout=60',
  '-oUpdateHostKeys=no',
];

const measured = (
  { targets }: Race,
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Measurement> => measure(targets.lab.inNetwork(argv), { env, timeoutMs: TIMEOUT_MS });
