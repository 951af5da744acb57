import { join } from 'node:path';

import type { AnyAuthMethod, AuthHandlerMiddleware, AuthenticationType, NextAuthHandler } from 'ssh2';

import type { Login } from '#core/cluster.ts';
import type { Environment } from '#core/environment.ts';
import type { Secret } from '#core/secret.ts';

import { type Agent, AgentKey, agentWithKeys } from './agent.ts';
import { fingerprint } from './known-hosts.ts';
import { type PrivateKey, PrivateKeys } from './private-keys.ts';
import { unreachable } from './unreachable.ts';

/** OpenSSH's own order, without the kinds that need hardware. @see https://man.openbsd.org/ssh_config#IdentityFile */
export const DEFAULT_KEYS = ['id_ed25519', 'id_ecdsa', 'id_rsa'];

interface Attempt {
  /** For people: the file and the key's fingerprint, "password". */
  readonly label: string;
  readonly request: AnyAuthMethod;
}

/** The ways to log in to one host, and what came of those that were tried. */
export class Authentication {
  /** What was tried, for people. */
  readonly tried: string[] = [];
  /** Methods the server would have taken; empty when it never said. */
  offered: readonly string[] = [];
  /** What the server last said to a typed password: that it has expired, that nobody is let in now. */
  said = '';
  readonly #attempts: readonly Attempt[];

  constructor(attempts: readonly Attempt[]) {
    this.#attempts = attempts;
  }

  /** Hands ssh2 one attempt after the other, leaving out what the server does not take. */
  handler(): AuthHandlerMiddleware {
    const left = [...this.#attempts];
    return (methods: readonly AuthenticationType[] | null, _partialSuccess, next: NextAuthHandler) => {
      if (methods !== null) this.offered = methods;
      const isTaken = ({ request }: Attempt): boolean => methods?.includes(methodOf(request)) ?? true;
      while (left[0] !== undefined && !isTaken(left[0])) left.shift();
      const attempt = left.shift();
      if (attempt === undefined) {
        // false means to ssh2 that there is no further attempt; its declared type lacks it.
        next(false as unknown as AuthenticationType);
        return;
      }
      this.tried.push(attempt.label);
      next(this.#heard(attempt.request));
    };
  }

  #heard(request: AnyAuthMethod): AnyAuthMethod {
    if (request.type !== 'keyboard-interactive') return request;
    return {
      ...request,
      prompt: (name, instructions, ...more) => {
        if (instructions !== '') this.said = instructions;
        request.prompt(name, instructions, ...more);
      },
    };
  }
}

/** The name of a method in SSH, by which the server lists those it takes. */
const methodOf = ({ type }: AnyAuthMethod): AuthenticationType => (type === 'agent' ? 'publickey' : type);

/** Finds the ways to log in that the inventory allows; each key file is read once. */
export class Credentials {
  readonly #env: Environment;
  readonly #keys = new PrivateKeys();
  #agent: Promise<Agent | undefined> | undefined;

  /** @param env where HOME tells whose keys may be tried, and SSH_AUTH_SOCK how to reach the agent. */
  constructor(env: Environment) {
    this.#env = env;
  }

  /**
   * First comes what the inventory names: a key file, a password. The agent and the usual files are tried only for
   * hosts for which it names no key.
   *
   * @throws {SlipwayError} when the named key cannot be used, or there is nothing to try.
   */
  async of(host: Login): Promise<Authentication> {
    const named = host.identityFile === undefined ? [] : [await this.#named(host, host.identityFile)];
    const passwords = host.password === undefined ? [] : passwordAttempts(host, host.password);
    const usual =
      host.identityFile === undefined ? await this.#usual(host) : { attempts: [], passedOver: [] };
    const attempts = [...named, ...passwords, ...usual.attempts];
    if (attempts.length > 0) return new Authentication(attempts);
    const found = usual.passedOver.length === 0 ? '' : ` (${usual.passedOver.join(', ')})`;
    throw unreachable(
      host,
      `there is no key and no password to log in with${found}`,
      'name an identityFile in the inventory, or load a key into the agent with ssh-add',
    );
  }

  /** A key that cannot be used without a passphrase may be one that the agent has, which OpenSSH would use as well. */
  async #named(host: Login, path: string): Promise<Attempt> {
    const key = await this.#keys.get(path, host.passphrase);
    if (key.is === 'usable') return keyAttempt(host, key);
    const attempt = 'publicKey' in key ? await this.#fromAgent(host, key) : undefined;
    if (attempt !== undefined) return attempt;
    throw unreachable(
      host,
      ...faultOf(key, this.#env.SSH_AUTH_SOCK ? ', and the agent does not have it' : ''),
    );
  }

  async #fromAgent(
    host: Login,
    { path, publicKey }: { readonly path: string; readonly publicKey: Buffer | undefined },
  ): Promise<Attempt | undefined> {
    if (publicKey === undefined) return undefined;
    const agent = await this.#agentWithKeys();
    const key = agent?.keys.find((one) => publicKey.equals(one.getPublicSSH()));
    if (agent === undefined || key === undefined) return undefined;
    return {
      label: `${path} (${fingerprint(publicKey)}), by the agent`,
      request: { type: 'agent', username: host.user, agent: new AgentKey(agent.socket, key) },
    };
  }

  #agentWithKeys(): Promise<Agent | undefined> {
    this.#agent ??= agentWithKeys(this.#env.SSH_AUTH_SOCK);
    return this.#agent;
  }

  async #usual(host: Login): Promise<{ attempts: readonly Attempt[]; passedOver: readonly string[] }> {
    const { HOME: home } = this.#env;
    const agent = await this.#agentWithKeys();
    const paths = home === undefined ? [] : DEFAULT_KEYS.map((name) => join(home, '.ssh', name));
    const keys = await Promise.all(paths.map((path) => this.#keys.get(path, host.passphrase)));
    const fromAgent: readonly Attempt[] =
      agent === undefined
        ? []
        : [
            {
              label: `${agent.keys.length === 1 ? 'the key' : `the ${agent.keys.length} keys`} of the agent`,
              request: { type: 'agent', username: host.user, agent: agent.agent },
            },
          ];
    return {
      attempts: [
        ...fromAgent,
        ...keys.flatMap((key) => (key.is === 'usable' ? [keyAttempt(host, key)] : [])),
      ],
      passedOver: keys
        .filter(({ is }) => is !== 'usable' && is !== 'absent')
        .map(({ is, path }) => `${path} ${LOCKED.has(is) ? 'is encrypted' : 'cannot be used'}`),
    };
  }
}

const LOCKED: ReadonlySet<PrivateKey['is']> = new Set(['encrypted', 'wrong-passphrase']);

/** What is wrong with a key that the inventory names, and what to do; `lacks` says what else has been tried. */
function faultOf(
  key: Exclude<PrivateKey, { is: 'usable' }>,
  lacks: string,
): readonly [why: string, hint: string] {
  const { path } = key;
  switch (key.is) {
    case 'absent':
      return [`there is no file ${path}`, 'correct identityFile in the inventory'];
    case 'wrong-passphrase':
      return [`the passphrase does not open ${path}`, 'correct passphrase in the inventory'];
    case 'public':
      return [
        `${path} cannot be used: it holds a public key${lacks}`,
        'name the private key, or load it into the agent with ssh-add',
      ];
    case 'encrypted':
      return [
        `${path} is encrypted, and there is no passphrase for it${lacks}`,
        'set passphrase in the inventory, or load the key into the agent with ssh-add',
      ];
    default:
      return [
        `${path} cannot be used: ${key.why}`,
        'identityFile wants a private key: OpenSSH, PEM (PKCS#1, PKCS#8, SEC1) or PPK',
      ];
  }
}

const keyAttempt = (host: Login, { path, key }: PrivateKey & { is: 'usable' }): Attempt => ({
  label: `${path} (${fingerprint(key.getPublicSSH())})`,
  request: { type: 'publickey', username: host.user, key },
});

/** A question for something other than the password, such as a new one in place of one that has expired. */
const isOther = (prompt: string): boolean => /\bnew\b|retype|again|code|token|otp/i.test(prompt);

/** Servers may ask for the password in either of two ways. */
const passwordAttempts = (host: Login, password: Secret): readonly Attempt[] => [
  {
    label: 'the password',
    request: { type: 'password', username: host.user, password: password.reveal() },
  },
  {
    label: 'the password, typed (keyboard-interactive)',
    request: {
      type: 'keyboard-interactive',
      username: host.user,
      prompt: (_name, _instructions, _language, prompts, finish) =>
        finish(
          prompts.map(({ prompt, echo }) => (echo !== true && !isOther(prompt) ? password.reveal() : '')),
        ),
    },
  },
];
