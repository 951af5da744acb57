import { type SpawnSyncReturns, execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { arch } from 'node:os';
import { dirname, join } from 'node:path';

import type { Asking } from '../../../src/core/fact.ts';
import { scriptOf, type Step } from '../../../src/core/step.ts';

/** Why there can be no such host here; undefined where there can. */
export function dnfUnavailable(): string | undefined {
  if (process.getuid?.() !== 0) return 'it needs root';
  const missing = ['dnf', 'rpmbuild', 'rpmsign', 'createrepo_c', 'gpg', 'unshare'].find(
    (program) => !existsSync(`/usr/bin/${program}`),
  );
  if (missing !== undefined) {
    return `there is no ${missing}: apt-get install dnf dnf-plugins-core rpm createrepo-c gnupg`;
  }
  const { status } = spawnSync('unshare', ['--mount', 'true']);
  return status === 0 ? undefined : 'it needs a mount namespace';
}

/** A package that holds no more than a file and a setting. */
export interface StandInRpm {
  readonly name: string;
  readonly version: string;
  readonly release?: string;
  /** Further lines of its description: `Requires: x`. */
  readonly tags?: readonly string[];
  /** In rpm's words; default: that of this machine. */
  readonly arch?: string;
}

/** In rpm's words. */
export const MACHINE = arch() === 'arm64' ? 'aarch64' : 'x86_64';
/** An architecture that this machine is not of. */
export const FOREIGN = MACHINE === 'aarch64' ? 'x86_64' : 'aarch64';

/**
 * A machine of the dnf family as far as its package manager goes: the dnf and rpm of Debian, which are the real ones, over
 * an /etc and a /var of their own.
 */
export class DnfHost {
  readonly #directory: string;
  /** ASCII-armoured, of what signs its repositories' packages. */
  readonly key: string;

  private constructor(directory: string, key: string) {
    this.#directory = directory;
    this.key = key;
  }

  /** @param directory an empty one, short enough for the socket of gpg's agent. */
  static async make(directory: string): Promise<DnfHost> {
    await cp('/etc', join(directory, 'etc'), { recursive: true, verbatimSymlinks: true });
    const files = {
      'etc/rpm/macros': '%_dbpath /var/lib/rpm\n',
      'etc/dnf/dnf.conf': '[main]\ngpgcheck=1\nbest=True\nskip_if_unavailable=False\n',
      // Debian's has a repository of its own, of nothing.
      'etc/dnf/plugins/local.conf': '[main]\nenabled=0\n',
      'etc/dnf/plugins/versionlock.list': '',
      'etc/dnf/vars/releasever': '9',
      'etc/yum.repos.d/.keep': '',
      'etc/pki/rpm-gpg/.keep': '',
    };
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(directory, path)), { recursive: true });
      await writeFile(join(directory, path), content);
    }
    for (const path of ['cache', 'lib/dnf', 'lib/rpm', 'log', 'tmp']) {
      await mkdir(join(directory, 'var', path), { recursive: true });
    }
    const home = join(directory, 'gpg');
    await mkdir(home, { mode: 0o700 });
    const gpg = (...words: readonly string[]): string =>
      execFileSync('gpg', ['--homedir', home, '--batch', '--quiet', ...words], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
    gpg('--passphrase', '', '--quick-generate-key', SIGNER, 'rsa2048', 'sign', 'never');
    return new DnfHost(directory, gpg('--armor', '--export'));
  }

  /** What its repositories are below, as URL. */
  get url(): string {
    return `file://${this.#directory}/repositories`;
  }

  /** A repository of signed packages; its index is signed where that is said. */
  async addRepository(
    path: string,
    rpms: readonly StandInRpm[],
    { isIndexSigned = false }: { readonly isIndexSigned?: boolean } = {},
  ): Promise<void> {
    const place = join(this.#directory, 'repositories', path);
    await mkdir(place, { recursive: true });
    for (const rpm of rpms) await this.#build(rpm, place);
    const home = join(this.#directory, 'gpg');
    const program = `set -e
for file in "$1"/*.rpm; do rpmsign --define '__gpg /usr/bin/gpg' --define '_gpg_name ${SIGNER}' --addsign "$file"; done
createrepo_c -q "$1"
[ -z "$2" ] || gpg --batch --armor --detach-sign "$1/repodata/repomd.xml"`;
    execFileSync('sh', ['-c', program, 'sh', place, isIndexSigned ? 'signed' : ''], {
      env: { ...process.env, GNUPGHOME: home, GPG_TTY: '' },
      stdio: 'ignore',
    });
  }

  async #build(
    { name, version, release = '1', tags = [], arch: target = MACHINE }: StandInRpm,
    place: string,
  ) {
    const spec = join(this.#directory, `${name}.spec`);
    await writeFile(
      spec,
      `Name: ${name}
Version: ${version}
Release: ${release}
Summary: a stand-in
License: none
AutoReqProv: no
${tags.join('\n')}
%description
a stand-in
%install
mkdir -p %{buildroot}/var/lib/stand-ins
echo ${version} >%{buildroot}/var/lib/stand-ins/${name}
echo packaged >%{buildroot}/var/lib/stand-ins/${name}.conf
%files
/var/lib/stand-ins
%config(noreplace) /var/lib/stand-ins/${name}.conf
`,
    );
    const defines = {
      _topdir: join(this.#directory, 'build'),
      _rpmdir: place,
      _rpmfilename: '%%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm',
      __os_install_post: '%{nil}',
    };
    execFileSync(
      'rpmbuild',
      [
        '-bb',
        '--quiet',
        `--target=${target}`,
        ...Object.entries(defines).flatMap(([macro, value]) => ['--define', `${macro} ${value}`]),
        spec,
      ],
      { stdio: 'ignore' },
    );
  }

  async write(path: string, content: string): Promise<void> {
    await mkdir(dirname(join(this.#directory, path)), { recursive: true });
    await writeFile(join(this.#directory, path), content);
  }

  /** Runs a shell program there. */
  run(script: string, stdin = ''): SpawnSyncReturns<string> {
    const program = `mount --bind ${this.#directory}/etc /etc && mount --bind ${this.#directory}/var /var && exec sh -ec "$1"`;
    return spawnSync('unshare', ['--mount', '--propagation', 'private', 'sh', '-ec', program, 'sh', script], {
      input: stdin,
      encoding: 'utf8',
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', LC_ALL: 'C.UTF-8' },
    });
  }

  do(step: Step): SpawnSyncReturns<string> {
    if (step.do !== 'run') throw new TypeError(`cannot run a ${step.do} step`);
    return this.run(scriptOf(step), typeof step.stdin === 'string' ? step.stdin : '');
  }

  ask<Question, Answer>(asking: Asking<Question, Answer>, questions: readonly Question[]): readonly Answer[] {
    return asking.parse(this.run(`set +e\n${asking.script(questions)}`).stdout, questions);
  }
}

const SIGNER = 'slipway tests (a stand-in) <test@slipway.invalid>';
