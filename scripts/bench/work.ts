/** One piece of work for every tool: about 25 things that are right already, and have to be found so. */
export interface Work {
  readonly sysctls: Readonly<Record<string, string>>;
  readonly files: readonly { readonly path: string; readonly content: string }[];
  /** Exact versions, held. */
  readonly packages: Readonly<Record<string, string>>;
  /** Enabled at boot. */
  readonly units: readonly string[];
}

export const packageNames = ['conntrack', 'socat', 'ebtables', 'ipset', 'ethtool'] as const;

/** @param packages versions as the targets have them. */
export const workOn = (packages: Readonly<Record<string, string>>): Work => ({
  sysctls: {
    'net.ipv4.ip_forward': '1',
    'net.ipv6.conf.all.forwarding': '1',
    'net.ipv4.conf.all.rp_filter': '2',
    'net.ipv4.conf.default.rp_filter': '2',
    'net.ipv4.tcp_keepalive_time': '7200',
    'net.ipv4.tcp_keepalive_intvl': '75',
    'net.ipv4.tcp_fin_timeout': '30',
    'net.ipv4.tcp_tw_reuse': '1',
    'net.core.somaxconn': '65535',
    'net.ipv4.tcp_max_syn_backlog': '65535',
  },
  files: [1, 1, 4, 12, 160].map((lines, index) => ({
    path: `/etc/bench.d/${index}.conf`,
    content: `# file ${index} of the benchmark, as long as it is\n`.repeat(lines),
  })),
  packages,
  units: ['ssh.service', 'dpkg-db-backup.timer', 'remote-fs.target'],
});

/** The work as somebody who knows shell writes it: one process for each kind of question. */
export const handWrittenProbe = ({ sysctls, files, packages, units }: Work): string => {
  const paths = files.map(({ path }) => path).join(' ');
  return `export LC_ALL=C
echo @sysctl; cd /proc/sys && grep -Hs '' ${Object.keys(sysctls)
    .map((key) => key.replaceAll('.', '/'))
    .join(' ')}
echo @file; sha256sum ${paths} 2>&1; stat -c '%a %u %g %n' ${paths} 2>&1
echo @package; dpkg-query -W -f '\${Package} \${Version} \${db:Status-Abbrev}\\n' ${Object.keys(packages).join(' ')} 2>&1
echo @unit; systemctl is-enabled ${units.join(' ')} 2>&1
echo @swap; while read -r line; do echo "$line"; done </proc/swaps
echo @fstab; while read -r device path type rest; do case $type in swap) echo "$device";; esac; done </etc/fstab
echo @end
`;
};

/** The work as an Ansible playbook, in modules that ansible-core has: what it lacks (ansible.posix) is a command. */
export const playbookOf = ({ sysctls, files, packages, units }: Work): readonly unknown[] => [
  {
    hosts: 'all',
    gather_facts: false,
    tasks: [
      {
        name: 'swap off',
        'ansible.builtin.command': 'cat /proc/swaps',
        changed_when: false,
      },
      {
        name: 'fstab without swap',
        'ansible.builtin.replace': {
          path: '/etc/fstab',
          regexp: String.raw`^([^#].*\sswap\s.*)$`,
          replace: String.raw`# \1`,
        },
      },
      {
        name: 'sysctl',
        'ansible.builtin.command': 'sysctl -n {{ item.key }}',
        register: 'live',
        changed_when: 'live.stdout != item.value',
        loop: Object.entries(sysctls).map(([key, value]) => ({ key, value })),
      },
      {
        name: 'files',
        'ansible.builtin.copy': { dest: '{{ item.path }}', content: '{{ item.content }}', mode: '0644' },
        loop: files,
        loop_control: { label: '{{ item.path }}' },
      },
      {
        name: 'packages at a version',
        'ansible.builtin.apt': {
          name: Object.entries(packages).map(([name, version]) => `${name}=${version}`),
          state: 'present',
          allow_change_held_packages: true,
        },
      },
      {
        name: 'packages held',
        'ansible.builtin.dpkg_selections': { name: '{{ item }}', selection: 'hold' },
        loop: Object.keys(packages),
      },
      {
        name: 'units enabled',
        'ansible.builtin.systemd': { name: '{{ item }}', enabled: true },
        loop: units,
      },
    ],
  },
];

/** The work as a deploy of pyinfra, in its own operations and facts; sources are the files' contents on this machine. */
export const deployOf = (
  { sysctls, packages, units }: Work,
  sources: Readonly<Record<string, string>>,
): string =>
  `from pyinfra import host
from pyinfra.facts.server import Command
from pyinfra.operations import apt, files, server

assert not host.get_fact(Command, command="tail -n +2 /proc/swaps")
files.line(name="fstab", path="/etc/fstab", line=r"^[^#].*\\sswap\\s.*$", present=False)
for key, value in ${JSON.stringify(sysctls)}.items():
    server.sysctl(name="sysctl " + key, key=key, value=int(value))
for path, source in ${JSON.stringify(sources)}.items():
    files.put(name=path, src=source, dest=path, mode="644")
packages = ${JSON.stringify(packages)}
apt.packages(name="packages", packages=[f"{name}={version}" for name, version in packages.items()])
held = host.get_fact(Command, command="dpkg --get-selections " + " ".join(packages))
assert held.count("hold") == len(packages), held
units = host.get_fact(Command, command="systemctl is-enabled ${units.join(' ')}")
assert units.split() == ["enabled"] * ${units.length}, units
`;
