import type { Cluster } from '#core/cluster.ts';
import type { Phase } from '#core/phase.ts';
import { Session, type SessionOptions } from '#engine/session.ts';
import { localTransport } from '#transport/local-transport.ts';
import { observer } from '#transport/observer.ts';

import { testHost } from '../contracts/test-host.ts';
import { workflowOf } from './graph-node.ts';

interface SmallSession extends Partial<
  Pick<SessionOptions, 'transport' | 'observe' | 'listener' | 'signal' | 'concurrency'>
> {
  readonly phases: readonly Phase[];
  readonly hosts?: Cluster['hosts'];
}

/** A session of these phases alone, on a cluster of which just the hosts are known. Default: this machine, with one place. */
export const smallSession = ({ phases, hosts = [testHost()], ...options }: SmallSession): Session =>
  new Session({
    cluster: {
      name: 'c',
      kubernetes: { version: '1.34.9' },
      ignoredChecks: [],
      hosts,
      leaving: [],
    } as unknown as Cluster,
    workflow: workflowOf(...phases),
    fetchFile: () => Promise.reject(new Error('there is nothing to fetch')),
    transport: localTransport(),
    observe: observer,
    listener: () => undefined,
    signal: new AbortController().signal,
    concurrency: 1,
    ...options,
  });
