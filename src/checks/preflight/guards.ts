import type { Cluster, HostKind } from '#core/cluster.ts';
import type { Resource } from '#core/resource.ts';
import { distributionFamilyOf } from '#distributions/supported.ts';
import { guards } from '#facts/guards.ts';
import { os } from '#facts/os.ts';
import { unitState } from '#facts/unit.ts';

import { check } from './check.ts';
import { neededPorts } from './surroundings.ts';

/** RHEL has no repositories before it is registered, and the images of some clouds none before their agent has run. */
export const packageSources = check({
  name: 'PackageSources',
  facts: { os: os(), guards: guards() },
  judge: ({ os: machine, guards: { repositories } }) => {
    if (distributionFamilyOf(machine)?.packageFormat !== 'rpm') return 'asked where packages are rpms';
    if (repositories !== 0) return 'the distribution has repositories that are enabled';
    return {
      why: 'no repository of the distribution is enabled, so nothing that packages depend on can be installed',
      hint:
        machine.id === 'rhel'
          ? 'register the host: subscription-manager register; or give it repositories in /etc/yum.repos.d'
          : 'give it repositories in /etc/yum.repos.d; dnf repolist --all names those that are there',
    };
  },
});

/**
 * It writes routes and rules for addresses of a cloud that it finds, again and again, and pods lose theirs.
 *
 * @see https://docs.tigera.io/calico/latest/getting-started/kubernetes/requirements (3.32)
 * @see https://docs.rke2.io/known_issues#networkmanager (nm-cloud-setup)
 */
export const cloudSetup = check({
  name: 'CloudSetup',
  facts: { timer: unitState('nm-cloud-setup.timer'), service: unitState('nm-cloud-setup') },
  judge: ({ timer, service }) =>
    timer.active !== 'active' && service.active !== 'active'
      ? 'nm-cloud-setup does not run'
      : {
          why: 'nm-cloud-setup is active: it writes routes and rules of its own over those of pods',
          hint: 'systemctl disable --now nm-cloud-setup.timer nm-cloud-setup.service, and reboot, for its rules stay',
        },
});

/** Hardened images of RHEL run it: what no package has brought may not be run then, such as plugins of networks. */
export const fileAccess = check({
  name: 'Fapolicyd',
  facts: { unit: unitState('fapolicyd') },
  judge: ({ unit }) =>
    unit.active !== 'active'
      ? 'fapolicyd is not active'
      : {
          why: 'fapolicyd is active, and lets no program run that no package has brought, such as CNI plugins',
          hint: 'have it trust /opt/cni/bin/ and /usr/local/bin/ (fapolicyd-cli --file add DIRECTORY) and ignore the check, or systemctl disable --now fapolicyd',
        },
});

/**
 * Packages bring programs with the labels that container-selinux has rules for; what is unpacked into /usr/local has none
 * of these, and containers would run as the wrong thing.
 *
 * @see https://github.com/containers/container-selinux/blob/main/container.fc
 */
export const selinux = ({ runtime, selinux: wanted }: HostKind): Resource =>
  check({
    name: 'SELinux',
    facts: { guards: guards() },
    judge: ({ guards: { selinux: mode } }) => {
      if (mode === null) return 'SELinux is off';
      if (wanted === 'permissive') return 'SELinux is permissive, or is going to be';
      if (mode === 'permissive' && wanted === undefined) return 'SELinux is permissive';
      if (runtime.source.from !== 'upstream') {
        return 'SELinux is enforcing, and packages bring the labels of their programs';
      }
      return {
        why: `SELinux is ${mode === 'enforcing' ? '' : 'going to be '}enforcing, and programs of a release file get no label that it lets run containers`,
        hint: 'set runtime.source: docker in the inventory; or selinux: permissive, which is setenforce 0, and SELINUX=permissive in /etc/selinux/config; or label what is in /usr/local yourself and ignore the check',
      };
    },
  });

/** kubeadm only warns of it, under this name. */
export const firewalld = (cluster: Cluster, host: HostKind): Resource =>
  check({
    name: 'Firewalld',
    facts: { unit: unitState('firewalld'), guards: guards() },
    judge: ({ unit, guards: { ports, trusted } }) => {
      if (unit.active !== 'active') return 'firewalld is not active';
      const closed = neededPorts(cluster, host.role)
        .map((port) => port.replace(':', '-'))
        .filter((port) => !ports.some((open) => includes(open, port)));
      const { podSubnet, serviceSubnet } = cluster.kubernetes;
      const foreign = `${podSubnet},${serviceSubnet}`.split(',').filter((block) => !trusted.includes(block));
      if (closed.length === 0 && foreign.length === 0) return 'firewalld lets in what a node needs';
      const lacks = [
        ...(closed.length === 0 ? [] : [`does not let in ${closed.join(', ')}`]),
        ...(foreign.length === 0 ? [] : [`does not trust ${foreign.join(', ')}`]),
      ];
      const options = [
        ...closed.map((port) => (port === 'any/vrrp' ? '--add-protocol=vrrp' : `--add-port=${port}`)),
        ...foreign.map((block) => `--zone=trusted --add-source=${block}`),
      ];
      return {
        why: `firewalld is active, and ${lacks.join(', and ')}`,
        hint: `${options.map((option) => `firewall-cmd --permanent ${option}`).join(' && ')} && firewall-cmd --reload, or firewalld: open in the inventory; or, as Calico advises, systemctl disable --now firewalld, or firewalld: disable`,
      };
    },
  });

/** Whether a port of firewalld's, which may be a range, is this one, or has this range in it. */
function includes(open: string, wanted: string): boolean {
  const [range = '', protocol] = open.split('/');
  const [ports = '', over] = wanted.split('/');
  const [from, to] = bounds(range);
  const [first, last] = bounds(ports);
  return protocol === over && (open === wanted || (from <= first && last <= to));
}

function bounds(range: string): readonly [number, number] {
  const [first = '', last = first] = range.split('-');
  return [Number(first), Number(last)];
}
