import { addressBlock, overlaps } from '#core/cidr.ts';
import { type Fact, type Family, fact } from '#core/fact.ts';
import { sh } from '#core/shell.ts';

export type AddressesAnswer = readonly {
  readonly interface: string;
  readonly address: string;
  readonly prefix: number;
}[];

/** Where the host has an address, on whichever interface: a loopback and a bridge are as good as any. */
export const ownAddress = (address: string): Fact<AddressesAnswer> => fact(family, address);

/** Addresses of the host's own interfaces, those of pods and services left out. */
export const addresses = (): Fact<AddressesAnswer> => fact(family, null);

/** Interfaces that network plugins, kube-proxy and container engines make. */
const VIRTUAL =
  /^(cali|tunl|vxlan\.calico|wireguard\.cali|cni|flannel|cilium|lxc|veth|docker|br-|kube-|nodelocaldns|lo$)/;

const family: Family<string | null, AddressesAnswer> = {
  name: 'addresses',
  sharesShell: true,
  script: () => sh`ip -o addr show scope global`,
  parse: (output, questions) => {
    const rows = output.split('\n').filter((row) => row !== '');
    const found = rows.map(readRow).toSorted((left, right) => (sortKey(left) < sortKey(right) ? -1 : 1));
    const own = found.filter(({ isPassing, ...entry }) => !isPassing && !VIRTUAL.test(entry.interface));
    return questions.map((address) =>
      (address === null ? own : found.filter((entry) => isSame(entry.address, address))).map(
        ({ isPassing: _isPassing, ...entry }) => entry,
      ),
    );
  },
  // A plan without a connection cannot know them: checks take an empty list for "not known".
  bare: () => [],
};

const sortKey = (entry: AddressesAnswer[number]): string => `${entry.interface} ${entry.address}`;

/** IPv6 has several ways to write an address. */
function isSame(left: string, right: string): boolean {
  const [block, other] = [addressBlock(left), addressBlock(right)];
  return block !== undefined && other !== undefined && overlaps(block, other);
}

/** `2: eth0    inet 10.88.0.11/24 brd 10.88.0.255 scope global eth0\       valid_lft forever ...` */
function readRow(row: string): AddressesAnswer[number] & { readonly isPassing: boolean } {
  const match = /^\d+: (\S+)\s+inet6? ([0-9a-f.:]+)(?: peer [0-9a-f.:]+)?\/(\d+)\s(.*)$/.exec(row);
  if (match === null) throw new Error(`not a line of ip: ${JSON.stringify(row)}`);
  const [, name = '', address = '', prefix = '', rest = ''] = match;
  return {
    interface: name.replace(/@.*$/, ''),
    address,
    prefix: Number(prefix),
    // Privacy addresses of IPv6 come and go.
    isPassing: /\b(temporary|deprecated|tentative|dadfailed)\b/.test(rest),
  };
}
