import { type Fact, type Family, fact } from '#core/fact.ts';
import { sh } from '#core/shell.ts';

/** Addresses of the host's own interfaces, those of pods and services left out. */
export type AddressesAnswer = readonly {
  readonly interface: string;
  readonly address: string;
  readonly prefix: number;
}[];

export const addresses = (): Fact<AddressesAnswer> => fact(family, null);

/** Interfaces that network plugins, kube-proxy and container engines make. */
const VIRTUAL =
  /^(cali|tunl|vxlan\.calico|wireguard\.cali|cni|flannel|cilium|lxc|veth|docker|br-|kube-|nodelocaldns|lo$)/;

const family: Family<null, AddressesAnswer> = {
  name: 'addresses',
  sharesShell: true,
  script: () => sh`ip -o addr show scope global`,
  parse: (output, questions) => {
    const answer = output
      .split('\n')
      .filter((row) => row !== '')
      .map(readRow)
      .filter((entry) => entry !== undefined)
      .toSorted((left, right) => (sortKey(left) < sortKey(right) ? -1 : 1));
    return questions.map(() => answer);
  },
  // A plan without a connection cannot know them: checks take an empty list for "not known".
  bare: () => [],
};

const sortKey = (entry: AddressesAnswer[number]): string => `${entry.interface} ${entry.address}`;

/** `2: eth0    inet 10.88.0.11/24 brd 10.88.0.255 scope global eth0\       valid_lft forever ...` */
function readRow(row: string): AddressesAnswer[number] | undefined {
  const match = /^\d+: (\S+)\s+inet6? ([0-9a-f.:]+)(?: peer [0-9a-f.:]+)?\/(\d+)\s(.*)$/.exec(row);
  if (match === null) throw new Error(`not a line of ip: ${JSON.stringify(row)}`);
  const [, name = '', address = '', prefix = '', rest = ''] = match;
  // Privacy addresses of IPv6 come and go.
  if (VIRTUAL.test(name) || /\b(temporary|deprecated|tentative|dadfailed)\b/.test(rest)) return undefined;
  return { interface: name.replace(/@.*$/, ''), address, prefix: Number(prefix) };
}
