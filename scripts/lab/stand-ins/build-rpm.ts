import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { run } from '../run.ts';

export interface RpmOptions {
  /** In place of Debian's revision: `150500.1.1`. */
  readonly release: string;
  /** Names of other packages that it wants. */
  readonly requires?: readonly string[];
  /** What it can do, beside its name. */
  readonly provides?: readonly string[];
  /** Where the `.rpm` goes. */
  readonly directory: string;
}

/** What the packages of Debian have elsewhere than those of the Red Hat family. */
const MOVED: readonly (readonly [from: string, to: string])[] = [
  ['etc/default/kubelet', 'etc/sysconfig/kubelet'],
  ['lib/systemd', 'usr/lib/systemd'],
];

/**
 * Builds a package of the Red Hat family from one of Debian's, with the same files. It starts and enables nothing, as the
 * real ones do not.
 */
export async function rpmOfDeb(
  deb: string,
  { release, requires = [], provides = [], directory }: RpmOptions,
): Promise<void> {
  const work = `${deb}.rpm-build`;
  const root = join(work, 'root');
  await rm(work, { recursive: true, force: true });
  await run`mkdir -p ${work}`;
  await run`dpkg-deb -R ${deb} ${root}`;
  const control = await readFile(join(root, 'DEBIAN/control'), 'utf8');
  const field = (name: string): string => new RegExp(`^${name}: *(\\S+)`, 'm').exec(control)?.[1] ?? '';
  const settings = await readFile(join(root, 'DEBIAN/conffiles'), 'utf8').catch(() => '');
  await rm(join(root, 'DEBIAN'), { recursive: true });
  for (const [from, to] of MOVED) await move(join(root, from), join(root, to));
  const dropIn = join(root, 'usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf');
  const text = await readFile(dropIn, 'utf8').catch(() => undefined);
  if (text !== undefined) await writeFile(dropIn, text.replace('/etc/default/', '/etc/sysconfig/'));
  const { stdout } = await run({ cwd: root })`find . -not -type d -printf ${'/%P\n'}`;
  const kept = settings.replaceAll('/etc/default/', '/etc/sysconfig/').split('\n');
  const files = stdout
    .trim()
    .split('\n')
    .map((path) => (kept.includes(path) ? `%config(noreplace) ${path}` : path));
  const name = field('Package');
  const spec = `Name: ${name}
Version: ${field('Version')
    .replace(/^\d+:/, '')
    .replace(/-[^-]*$/, '')}
Release: ${release}
Summary: a stand-in, made of a package of Debian's
License: none
AutoReqProv: no
${[...requires.map((other) => `Requires: ${other}`), ...provides.map((one) => `Provides: ${one}`)].join('\n')}
%description
A stand-in made for slipway's tests.
%install
mkdir -p %{buildroot}
cp -a ${root}/. %{buildroot}/
%files
${files.join('\n')}
`;
  await writeFile(join(work, 'package.spec'), spec);
  const defines = {
    _topdir: join(work, 'build'),
    _rpmdir: directory,
    _rpmfilename: '%%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm',
    __os_install_post: '%{nil}',
    _build_id_links: 'none',
    debug_package: '%{nil}',
    _binary_payload: 'w1.gzdio',
  };
  const words = Object.entries(defines).flatMap(([macro, value]) => ['--define', `${macro} ${value}`]);
  await run`rpmbuild -bb --quiet ${words} ${join(work, 'package.spec')}`;
  await rm(work, { recursive: true });
}

async function move(from: string, to: string): Promise<void> {
  const isThere = await readFile(from).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code === 'EISDIR',
  );
  if (!isThere) return;
  await run`mkdir -p ${join(to, '..')}`;
  await cp(from, to, { recursive: true });
  await rm(from, { recursive: true });
}
