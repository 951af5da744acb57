import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { CANARIES } from './nasty-texts.ts';

/** How long what is run in it may take. */
const LIMIT_S = 10;

/**
 * A root of its own in namespaces of its own: the programs of this machine to read, no network, and stand-ins for those
 * that would do something.
 */
const ENTER = `set -e
root=$1
mount -t tmpfs tmpfs "$root/fs"
cd "$root/fs"
mkdir -p usr etc var/lib/slipway tmp run/slipway proc root dev sys .${CANARIES} stand-ins job
mount --bind /usr usr; mount -o remount,ro,bind usr
for name in bin sbin lib lib64; do [ ! -e "/$name" ] || ln -s "usr/$name" "$name"; done
cp /etc/passwd /etc/group etc/
for name in null zero urandom; do : >"dev/$name"; mount --bind "/dev/$name" "dev/$name"; done
mount -t proc proc proc
cp -a "$root/stand-ins/." stand-ins/
cp "$root/job.sh" job/job.sh
code=0
PATH=/stand-ins:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 timeout -k 1 ${LIMIT_S} chroot . sh /job/job.sh </dev/null >/dev/null 2>&1 || code=$?
ls .${CANARIES} >"$root/canaries"
exit "$code"
`;

/** What is called in place of the real one does nothing, and notes a value that it would take for an option. */
const NOTHING = `#!/bin/sh
for word; do
case $word in --) break;; -*${CANARIES}/option*|--option=${CANARIES}/*) : >${CANARIES}/option-of-\${0##*/};; esac
done
[ -t 0 ] || cat >/dev/null
`;

const STAND_INS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      'apt-get apt-cache apt-mark apt-config dpkg dpkg-query systemctl kubectl kubeadm crictl containerd dockerd docker',
      'modprobe sysctl swapoff swapon nvidia-ctk nvidia-smi helm journalctl curl wget sync reboot shutdown ip nft iptables',
      'useradd usermod crio cri-dockerd cloud-init loginctl mount umount insmod rmmod',
    ]
      .flatMap((names) => names.split(' '))
      .map((name) => [name, NOTHING]),
  ),
  sleep: '#!/bin/sh\n',
  // As systemd would, but at once.
  'systemd-run': '#!/bin/sh\nwhile case $1 in -*) true;; *) false;; esac; do shift; done\nexec "$@"\n',
};

/** Whether this machine can make one. */
export const hasSandbox = (): boolean => spawnSync('unshare', [...NAMESPACES, 'true']).status === 0;

const NAMESPACES = ['--mount', '--net', '--pid', '--fork', '--kill-child'];

/** What ran, though it was meant as a value, when a script was run. */
export function canariesOf(script: string): readonly string[] {
  const root = mkdtempSync(join(tmpdir(), 'slipway-fuzz-'));
  try {
    for (const name of ['fs', 'stand-ins']) mkdirSync(join(root, name));
    for (const [name, text] of Object.entries(STAND_INS)) {
      writeFileSync(join(root, 'stand-ins', name), text);
      chmodSync(join(root, 'stand-ins', name), 0o755);
    }
    writeFileSync(join(root, 'enter.sh'), ENTER);
    writeFileSync(join(root, 'job.sh'), script);
    const argv = [...NAMESPACES, 'sh', join(root, 'enter.sh'), root];
    const { stderr } = spawnSync('unshare', argv, { timeout: 60_000, encoding: 'utf8' });
    if (!existsSync(join(root, 'canaries'))) throw new Error(`the sandbox did not come up: ${stderr}`);
    return readFileSync(join(root, 'canaries'), 'utf8').split('\n').filter(Boolean);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
