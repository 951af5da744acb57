import { isIP } from 'node:net';

import type { Kubernetes } from '#core/cluster.ts';
import { map, type Schema, textList, textMap } from '#core/schema.ts';
import type { Section } from '#inventory/section.ts';
import { findIf } from '#inventory/text/problem.ts';
import { flagFindings } from '#inventory/values/flag-finding.ts';
import { dnsSubdomainFault } from '#inventory/values/kubernetes-name.ts';
import { sorted } from '#inventory/values/json-values.ts';

const extraArgs = (program: string, example: Flags): Schema<Flags> =>
  textMap(`Flags of ${program}, without dashes.`, { examples: [example] });

type Flags = Readonly<Record<string, string>>;
type Name = 'controllerManager' | 'scheduler' | 'etcd';

/** A program of the control plane of which only flags can be set. */
function component<Key extends Name>(name: Key, program: string, exampleFlag: string, reserved: Flags = {}) {
  const schema = map({ extraArgs: extraArgs(program, { [exampleFlag]: 'true' }) }, `Settings of ${program}.`);
  const part: Section<typeof schema, Pick<Kubernetes, Key>> = {
    schema,
    validate: (written, _, path) => flagFindings(written?.extraArgs, [...path, 'extraArgs'], reserved),
    build: (written) =>
      ({ [name]: { extraArgs: sorted(written?.extraArgs ?? {}) } }) as Pick<Kubernetes, Key>,
  };
  return part;
}

const SERVICE_SUBNET = { 'service-cluster-ip-range': 'is set by kubeadm: use networking.serviceSubnet' };

export const controllerManager = component(
  'controllerManager',
  'kube-controller-manager',
  'terminated-pod-gc-threshold',
  { 'cluster-cidr': 'is set by kubeadm: use networking.podSubnet', ...SERVICE_SUBNET },
);

export const scheduler = component('scheduler', 'kube-scheduler', 'profiling');

export const etcd = component('etcd', 'etcd', 'quota-backend-bytes');

const schema = map(
  {
    certSANs: textList('Further names and addresses the API server is reached by.', {
      wanted: 'a list of names and addresses',
      item: 'a name or an address',
      examples: [['api.example.com']],
    }),
    extraArgs: extraArgs('kube-apiserver', { 'audit-log-maxage': '30' }),
  },
  'Settings of kube-apiserver.',
);

export const apiServer: Section<typeof schema, Pick<Kubernetes, 'apiServer'>> = {
  schema,
  validate: (written, _, path) => [
    ...flagFindings(written?.extraArgs, [...path, 'extraArgs'], SERVICE_SUBNET),
    ...(written?.certSANs ?? []).flatMap((name, index) => {
      const isFine =
        name === null || isIP(name) !== 0 || dnsSubdomainFault(name.replace(/^\*\./, '')) === undefined;
      return findIf(
        isFine ? undefined : 'must be an IP address or a DNS name, without port',
        [...path, 'certSANs', index],
        name ?? undefined,
      );
    }),
  ],
  build: (written) => ({
    apiServer: { certSANs: written?.certSANs ?? [], extraArgs: sorted(written?.extraArgs ?? {}) },
  }),
};
