import { withoutOwnHosts } from '#configuration/etc-hosts.ts';
import { HAPROXY_CONFIG, KEEPALIVED_CHECK, KEEPALIVED_CONFIG } from '#configuration/load-balancer.ts';
import type { Cluster } from '#core/cluster.ts';
import {
  changeIn,
  changeOr,
  type Difference,
  foretold,
  type ForecastNone,
  type Outcome,
  type Resource,
  resource,
} from '#core/resource.ts';
import { command, lines, sh } from '#core/shell.ts';
import { run, type Step } from '#core/step.ts';
import { type AddressesAnswer, ownAddress } from '#facts/addresses.ts';
import { type FileAnswer, fileContent } from '#facts/file.ts';
import { type UnitAnswer, unitState } from '#facts/unit.ts';
import { edited, writeStep } from '#resources/files/diff-file.ts';
import { HOSTS_FILES } from '#resources/host/hosts-entry.ts';

import { ifLeft, LEFT } from './kubeadm-reset.ts';

/** Programs that run for slipway as long as their files are slipway's. */
const DAEMONS = {
  keepalived: [KEEPALIVED_CONFIG, KEEPALIVED_CHECK],
  haproxy: [HAPROXY_CONFIG],
} as const;

const OWN = /^(?:#!.*\n)?# Written by slipway/;

type Answers = { readonly [name in keyof typeof DAEMONS]: UnitAnswer } & {
  readonly addresses?: AddressesAnswer;
} & { readonly [path: `/${string}`]: FileAnswer };

/** What is left, and what is done about it, in order. */
interface Leftover {
  readonly differences: readonly Difference[];
  readonly steps: readonly Step[];
}

/** Of the load balancer that slipway has made nothing runs, and none of its files is left; its packages stay. */
export function noLoadBalancerLeftovers({ kubernetes: { loadBalancer } }: Cluster): Resource {
  const hasAddress = loadBalancer.type === 'keepalived' || loadBalancer.type === 'kube-vip';
  return resource({
    address: 'load-balancer-leftovers',
    facts: {
      keepalived: unitState('keepalived.service'),
      haproxy: unitState('haproxy.service'),
      ...(hasAddress && { addresses: ownAddress(loadBalancer.address) }),
      ...Object.fromEntries(
        [...Object.values(DAEMONS).flat(), ...HOSTS_FILES].map((path) => [path, fileContent(path)] as const),
      ),
    },
    diff: (answers: Answers) => {
      const all = [
        daemonLeft('keepalived', answers),
        daemonLeft('haproxy', answers),
        ...HOSTS_FILES.map((path) => linesLeft(path, answers)),
        addressLeft(answers),
      ];
      return changeOr(
        'nothing of a load balancer of slipway is left',
        all.flatMap(({ differences }) => differences),
        () => all.flatMap(({ steps }) => steps),
      );
    },
  });
}

/** Its files go after it has stopped: by them it is known the next time, where this is cut off. */
function daemonLeft(name: keyof typeof DAEMONS, answers: Answers): Leftover {
  const { file, active } = answers[name];
  const own = DAEMONS[name].filter((path) => OWN.test(answers[path]?.content ?? ''));
  if (own.length === 0) return { differences: [], steps: [] };
  const service = `${name}.service`;
  const states = [
    ...(file.startsWith('enabled') ? ['disable'] : []),
    ...(active === 'active' ? ['stop'] : []),
  ];
  return {
    differences: [
      ...(states.length > 0 ? [{ what: service, from: active, to: null }] : []),
      ...own.map((path) => ({ what: path, from: 'left', to: null })),
    ],
    steps: [
      ...states.map((verb) => run(`${verb} ${service}`, sh`systemctl ${verb} -- ${service}`)),
      run(`remove ${own.join(', ')}`, command('rm', '-f', '--', ...own)),
    ],
  };
}

/** kube-vip is killed by `kubeadm reset`, and leaves the address where it was, beside the host that has it now. */
const addressLeft = ({ addresses = [] }: Answers): Leftover => ({
  differences: addresses.map((one) => ({ what: one.address, from: `on ${one.interface}`, to: null })),
  steps: addresses.length === 0 ? [] : [removal(addresses)],
});

const ADDRESS_STEP = 'take the virtual address away';

const removal = (
  addresses: readonly {
    readonly address: string;
    readonly prefix: number | string;
    readonly interface: string;
  }[],
): Step =>
  run(
    ADDRESS_STEP,
    lines(
      ...addresses.map(
        // keepalived may just have done it.
        (one) => sh`ip addr del ${`${one.address}/${one.prefix}`} dev ${one.interface} 2>/dev/null || :`,
      ),
    ),
  );

/** The virtual address goes from one control plane to the next as they are reset. */
export const foreseenBalancer =
  ({ kubernetes: { loadBalancer } }: Cluster) =>
  (now: Outcome): Outcome | ForecastNone => {
    if (loadBalancer.type !== 'keepalived' && loadBalancer.type !== 'kube-vip') return now;
    const others = changeIn(now)?.steps.filter(({ summary }) => summary !== ADDRESS_STEP) ?? [];
    const { address } = loadBalancer;
    return foretold(now, [...others, ifLeft(removal([{ address, prefix: LEFT, interface: LEFT }]))]);
  };

function linesLeft(path: `/${string}`, answers: Answers): Leftover {
  const found = answers[path];
  const text = found?.content ?? '';
  const rest = withoutOwnHosts(text);
  return found === undefined || rest === text
    ? { differences: [], steps: [] }
    : {
        differences: [{ what: path, from: text, to: rest }],
        steps: [writeStep(edited(found, path, rest))],
      };
}
