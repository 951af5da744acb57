import type { Lab } from '../lab.ts';

export interface UbuntuRelease {
  /** `24.04`. */
  readonly version: string;
  /** `noble`. */
  readonly codename: string;
}

/**
 * Makes a host of the lab a stand-in for Ubuntu: its os-release, its one file of sources in the form of deb822, and what an
 * Ubuntu server has that looks after packages by itself (unattended-upgrades, needrestart), over what is Debian's still: its
 * packages, its kernel and its systemd. With `sudo-rs` the Rust one is what `sudo` runs, as from 25.10 on.
 *
 * @see https://discourse.ubuntu.com/t/spec-apt-deb822-sources-by-default/29333
 * @see https://discourse.ubuntu.com/t/adopting-sudo-rs-by-default-in-ubuntu-25-10/60583
 */
export async function becomeUbuntu(
  lab: Lab,
  host: string,
  { version, codename }: UbuntuRelease,
  sudo: 'sudo' | 'sudo-rs' = 'sudo',
): Promise<void> {
  const input = `set -e
export DEBIAN_FRONTEND=noninteractive
suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
apt-get update -qq
apt-get install -y -qq --no-install-recommends unattended-upgrades needrestart ${sudo} >/dev/null
${sudo === 'sudo' ? '' : 'ln -sf /usr/bin/sudo-rs /usr/local/bin/sudo'}
cat >/etc/apt/apt.conf.d/20auto-upgrades <<'CONF'
APT::Periodic::Update-Package-Lists "1";
APT::Periodic::Unattended-Upgrade "1";
CONF
# For the next boot: here it would take apt's lock whenever it likes.
systemctl unmask -q apt-daily-upgrade.timer
systemctl enable -q apt-daily-upgrade.timer
# The sources that this host has, as Ubuntu writes them.
uris=$(apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 'Created-By: Packages' | sed -n "s/^$suite //p" | head -n 1)
rm -f /etc/apt/sources.list /etc/apt/sources.list.d/*
cat >/etc/apt/sources.list.d/ubuntu.sources <<SOURCES
Types: deb
URIs: $uris
Suites: $suite
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
SOURCES
rm -f /etc/os-release
cat >/etc/os-release <<'RELEASE'
PRETTY_NAME="Ubuntu ${version} LTS (lab stand-in)"
NAME="Ubuntu"
VERSION_ID="${version}"
VERSION_CODENAME=${codename}
ID=ubuntu
ID_LIKE=debian
UBUNTU_CODENAME=${codename}
RELEASE
apt-get update -qq
`;
  await lab.exec(host, 'sh', { input });
}
