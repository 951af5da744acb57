import { type Script, embed, sh } from '#core/shell.ts';

import { DPKG_OPTIONS, UNATTENDED } from './apt.ts';

/** Uses apt-get: unlike dpkg, it waits for the lock, and installs what the package depends on. */
export function installDebFile(path: string): Script {
  const deb = `${path}.deb`;
  return sh`${embed(UNATTENDED)}
mv -f ${path} ${deb}
apt-get install -q ${OPTIONS} ${deb}
dpkg-deb --fsys-tarfile ${deb} | tar -t | grep -v '/$' | sed 's|^\.||' >"$files"
rm -f ${deb}`;
}

const OPTIONS = [
  '-y',
  '--reinstall',
  '--allow-downgrades',
  '--no-install-recommends',
  ...DPKG_OPTIONS,
] as const;
