import { type Fact, type Family, fact } from '#core/fact.ts';
import { embed, lines, sh } from '#core/shell.ts';

import { kubectl, onControlPlane } from './kubectl.ts';
import { readObjects } from './kubernetes-object.ts';
import { API, bodiesOf, overTls } from './over-tls.ts';

/** A pool of Calico's, as far as an inventory says something about it. */
export type IpPool = {
  readonly name: string;
  readonly cidr: string;
  /** `Always`, `CrossSubnet`, `Never`. */
  readonly ipip: string;
  readonly vxlan: string;
  /** 0: that of the family. */
  readonly blockSize: number;
};

const PATH = '/apis/crd.projectcalico.org/v1/ippools';

const family: Family<'pools', readonly IpPool[]> = {
  name: 'ip-pools',
  patienceMs: 25_000,
  queue: API,
  wants: () => [PATH],
  script: () =>
    lines(
      onControlPlane(),
      overTls([PATH], sh`[ "$found" = 1 ]`),
      sh`${embed(kubectl)} --request-timeout=10s get ippools.crd.projectcalico.org -o json 2>/dev/null || :`,
    ),
  parse: (output) => [readPools(output)],
  bare: () => [],
};

/** Calico's pools; none before calico-node has made them, or where nobody can be asked. */
export const ipPools: Fact<readonly IpPool[]> = fact(family, 'pools');

/** @see https://docs.tigera.io/calico/latest/reference/resources/ippool (3.32: both modes are Never by default) */
const readPools = (output: string): readonly IpPool[] =>
  readObjects((bodiesOf(output) ?? [output])[0] ?? '')
    .map(
      ({
        metadata: { name },
        spec: { cidr = '', ipipMode = 'Never', vxlanMode = 'Never', blockSize = 0 } = {},
      }) => ({
        name,
        cidr,
        ipip: ipipMode,
        vxlan: vxlanMode,
        blockSize,
      }),
    )
    .toSorted((left, right) => (left.name < right.name ? -1 : 1));
