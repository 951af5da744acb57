import { join } from 'node:path';

import type { Environment } from '#core/environment.ts';

import { agentWithKeys } from './agent.ts';
import { DEFAULT_KEYS } from './authentication.ts';
import { PrivateKeys } from './private-keys.ts';

/** What this machine logs in with where an inventory names nothing. */
export interface LoginMeans {
  /** Whether SSH_AUTH_SOCK names an agent, even one without keys. */
  readonly isAgentNamed: boolean;
  readonly agentKeys: number;
  /** Private keys in the usual files. */
  readonly files: readonly string[];
  /** The same that are locked, and so work through the agent only. */
  readonly locked: readonly string[];
}

export async function loginMeans(env: Environment): Promise<LoginMeans> {
  const { HOME: home, SSH_AUTH_SOCK: socket } = env;
  const keys = new PrivateKeys();
  const paths = home === undefined ? [] : DEFAULT_KEYS.map((name) => join(home, '.ssh', name));
  const [agent, found] = await Promise.all([
    agentWithKeys(socket),
    Promise.all(paths.map((path) => keys.get(path))),
  ]);
  return {
    isAgentNamed: socket !== undefined && socket !== '',
    agentKeys: agent?.keys.length ?? 0,
    files: found.flatMap((key) => (key.is === 'usable' ? [key.path] : [])),
    locked: found.flatMap((key) => (key.is === 'encrypted' ? [key.path] : [])),
  };
}
