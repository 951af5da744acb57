import type { Action } from '#core/action.ts';
import type { Cluster } from '#core/cluster.ts';
import { performAction, planAction } from '#engine/perform-action.ts';

import { applyWorkflow } from './apply.ts';
import { openSession, type OpenSessionOptions } from './open-session.ts';

/** Opens a session for one action, which only looks, and closes it. */
export async function performAlone<Result>(
  action: Action<Result>,
  cluster: Cluster,
  {
    env,
    signal,
    transport,
  }: Pick<OpenSessionOptions, 'env' | 'signal'> & Partial<Pick<OpenSessionOptions, 'transport'>>,
): Promise<Result> {
  const session = openSession({
    cluster,
    env,
    signal,
    transport,
    workflow: applyWorkflow,
    cacheDirectory: '',
    holder: undefined,
    listener: () => undefined,
    concurrency: 1,
  });
  try {
    return await performAction(action, await planAction(action, session), session);
  } finally {
    await session.close();
  }
}
