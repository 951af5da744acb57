import { connect } from 'node:net';

import ssh2, { type ParsedKey } from 'ssh2';

/** An agent that takes longer than this to name its keys is taken for stuck. */
const PATIENCE_MS = 5000;

export interface Agent {
  readonly socket: string;
  readonly agent: ssh2.OpenSSHAgent;
  readonly keys: readonly ParsedKey[];
}

/**
 * The SSH agent, when there is one and it holds keys.
 *
 * It is asked for its keys before it is used: a socket without an agent must not end the login while there are other
 * ways in.
 *
 * @param socket the value of SSH_AUTH_SOCK.
 */
export async function agentWithKeys(socket: string | undefined): Promise<Agent | undefined> {
  if (socket === undefined || socket === '' || !(await isAnswering(socket))) return undefined;
  const agent = new ssh2.OpenSSHAgent(socket);
  const keys = await new Promise<readonly ParsedKey[]>((resolve) => {
    setTimeout(resolve, PATIENCE_MS, []).unref();
    agent.getIdentities((error, identities) =>
      resolve(error ? [] : ((identities ?? []) as readonly ParsedKey[])),
    );
  });
  return keys.length === 0 ? undefined : { socket, agent, keys };
}

/** The agent with one of its keys, so that no other one is tried. */
export class AgentKey extends ssh2.OpenSSHAgent {
  readonly #key: ParsedKey;

  constructor(socket: string, key: ParsedKey) {
    super(socket);
    this.#key = key;
  }

  override getIdentities(answer: ssh2.IdentityCallback<ParsedKey>): void {
    answer(undefined, [this.#key]);
  }
}

const isAnswering = (socket: string): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = connect(socket);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
