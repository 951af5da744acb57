import type { Cluster } from '#core/cluster.ts';
import { ifReached } from '#core/fact.ts';
import type { Resource } from '#core/resource.ts';
import { type OsAnswer, os } from '#facts/os.ts';

import { check } from './check.ts';

/**
 * What every machine must have for itself. Machines that were cloned from one image often share it.
 *
 * @see https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/install-kubeadm/#verify-mac-address (v1.34)
 */
const MARKS = [
  {
    name: 'UniqueHostname',
    what: 'hostname',
    read: ({ hostname }: OsAnswer) => hostname,
    hint: 'give each machine a name of its own with hostnamectl set-hostname',
  },
  {
    name: 'UniqueMachineId',
    what: 'machine-id',
    read: ({ machineId }: OsAnswer) => machineId,
    hint: 'on all but one: rm /etc/machine-id && systemd-machine-id-setup, then reboot',
  },
  {
    name: 'UniqueProductUuid',
    what: 'product_uuid',
    read: ({ productUuid }: OsAnswer) => productUuid,
    hint: 'give each virtual machine a UUID of its own in its hypervisor',
  },
] as const;

/** Each of these checks asks all hosts of the cluster that can be reached: one that is off holds up no other. */
export const uniqueIdentity = ({ hosts }: Cluster): readonly Resource[] => {
  const facts = Object.fromEntries(hosts.map(({ name }) => [name, ifReached(name, os())]));
  return MARKS.map(({ name, what, read, hint }) =>
    check({
      name,
      facts,
      judge: (answers) => {
        const twins = sharedMarks(Object.entries(answers).map(([host, answer]) => [host, read(answer)]));
        const first = twins[0];
        if (first === undefined) return `no two hosts share a ${what}`;
        return { why: `${first.hosts.join(' and ')} share the ${what} ${first.mark}`, hint };
      },
    }),
  );
};

function sharedMarks(
  marks: readonly (readonly [host: string, mark: string | null])[],
): readonly { readonly mark: string; readonly hosts: readonly string[] }[] {
  const byMark = Map.groupBy(
    marks.filter(([, mark]) => mark !== null && mark !== 'localhost'),
    ([, mark]) => mark ?? '',
  );
  return [...byMark]
    .filter(([, hosts]) => hosts.length > 1)
    .map(([mark, hosts]) => ({ mark, hosts: hosts.map(([host]) => host) }));
}
