/** What hosts can be taken over from, and the command that gives what is read. */
export const SOURCES = {
  vagrant: 'vagrant ssh-config',
  multipass: 'multipass list --format json',
  libvirt: 'virsh net-dhcp-leases default',
  terraform: 'terraform output -json',
  ansible: 'ansible-inventory -i INVENTORY --list',
  kubespray: 'ansible-inventory -i INVENTORY --list',
  k0sctl: 'cat k0sctl.yaml',
  kubekey: 'cat config-sample.yaml',
  'ssh-config': 'for host in cp1 w1; do ssh -G $host; done',
} as const;

export type Source = keyof typeof SOURCES;

export const SOURCE_NAMES = Object.keys(SOURCES) as readonly Source[];
