import { criSocket, criUnit } from '#catalog/cri-sockets.ts';
import type { HostKind } from '#core/cluster.ts';
import { change, deferred, none, refused, type Resource, resource } from '#core/resource.ts';
import { type CriAnswer, criState } from '#facts/cri.ts';
import { journalOf } from '#facts/diagnosis.ts';

/** A runtime that was restarted answers within moments; one that has to read many containers needs longer. */
const TIMEOUT_MS = 30_000;

export interface CriAnswersOptions {
  /** Where phase `runtime` has one already. */
  readonly address?: string;
  /** Addresses after whose change it is asked anew; default: that of its unit. */
  readonly restartOn?: readonly string[];
  /** Default `runtime`. */
  readonly phase?: string;
}

/**
 * The container runtime answers at its CRI socket: what the kubelet and kubeadm need of it. A daemon that is active
 * may have lost just that, for a setting that its CRI plugin does not bear.
 *
 * @see https://github.com/containerd/containerd/blob/v2.1.0/docs/cri/config.md
 */
export function criAnswers(
  { runtime }: Pick<HostKind, 'runtime'>,
  options: CriAnswersOptions = {},
): Resource {
  const socket = criSocket(runtime);
  const unit = criUnit(runtime);
  return resource({
    address: options.address ?? `cri:${unit}`,
    facts: { cri: criState(socket, unit) },
    restartOn: options.restartOn ?? [`unit:${unit}`],
    settle: {
      timeoutMs: TIMEOUT_MS,
      hopeless: ({ cri }) =>
        cri.state === 'silent' && cri.journal !== '' ? whySilent(unit, cri) : undefined,
      // A line of the journal may be about the start before this one.
      patienceMs: 5000,
      diagnosis: journalOf(unit),
    },
    diff: ({ cri }, { changed, host }) => {
      if (changed.length > 0)
        return deferred(
          { host, phase: options.phase ?? 'runtime' },
          `${unit}, which is started there`,
          none(`it answers at ${socket}`),
        );
      if (cri.state === 'unasked') return none(`${unit} is asked once crictl is there`);
      if (cri.state === 'answers') return none(`${cri.runtime} answers at ${socket}`);
      if (cri.journal === '' || cri.isStarting) {
        return { ...change([{ what: socket, from: silenceOf(cri), to: 'answers CRI' }]), check: 'CRI' };
      }
      return refused(
        'CRI',
        whySilent(unit, cri),
        `mend what it names, in the inventory (runtime.config) or in a file of its own; then: systemctl restart ${unit}`,
      );
    },
  });
}

type Silence = Pick<Extract<CriAnswer, { state: 'silent' }>, 'why' | 'journal'>;

const whySilent = (unit: string, silence: Silence): string =>
  `${unit} does not answer CRI (${silence.why}); its journal says: ${silence.journal}`;

const silenceOf = ({ why, journal }: Silence): string =>
  journal === '' ? why : `${why}; its journal says: ${journal}`;
