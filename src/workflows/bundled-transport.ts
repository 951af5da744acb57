import type { Fact, HostAnswers } from '#core/fact.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { lines } from '#core/shell.ts';
import type { Connection, Observer, Transport } from '#core/transport.ts';
import { bundleOnHost, OUT_OF_BUNDLE } from '#facts/bundle-state.ts';

/** Every program on a host goes by the packages of a bundle, where they are there. */
export const bundledTransport = (inner: Transport): Transport => ({
  connect: async (host) => {
    const connection = await inner.connect(host);
    return new Proxy(connection, {
      get: (target, key) => {
        if (key !== 'execute') {
          const value: unknown = Reflect.get(target, key);
          return typeof value === 'function' ? (value.bind(target) as unknown) : value;
        }
        const execute: Connection['execute'] = (execution) =>
          target.execute({ ...execution, script: lines(OUT_OF_BUNDLE, execution.script) });
        return execute;
      },
    });
  },
});

/**
 * What hosts offer, as it is with a bundle: until its packages are there, nothing. What their own package manager could
 * fetch from elsewhere is no matter.
 */
export const bundledObserver =
  (inner: (connection: Pick<Connection, 'host' | 'execute'>) => Observer, id: string) =>
  (connection: Pick<Connection, 'host' | 'execute'>): Observer => ({
    ask: async (facts: readonly Fact[]): Promise<HostAnswers> => {
      const isAbout = facts.some(({ family: { name } }) => ABOUT.has(name));
      if (!isAbout) return inner(connection).ask(facts);
      const state = bundleOnHost();
      const answers = await inner(connection).ask([...facts, state]);
      const there = answers[state.family.name]?.[state.key];
      const { [state.family.name]: _own, ...others } = answers;
      // What is asked about it is whether the host goes by one though none was given.
      const isAsked = facts.some(({ family: { name } }) => name === state.family.name);
      const asked = isAsked ? { ...others, [state.family.name]: { [state.key]: null } } : others;
      return there === id ? asked : withoutOffers(asked);
    },
  });

const ABOUT: ReadonlySet<string> = new Set(['package', 'install-effects', 'bundle']);

const withoutOffers = (answers: HostAnswers): HostAnswers => ({
  ...answers,
  ...only('package', answers, (answer) => ({
    ...answer,
    offered: answer['offered'] === null ? null : [],
  })),
  ...only('install-effects', answers, () => ({ state: 'unknown' })),
});

function only(
  name: string,
  { [name]: found }: HostAnswers,
  change: (answer: JsonObject) => JsonObject,
): HostAnswers {
  if (found === undefined) return {};
  const changed = Object.entries(found).map(([key, answer]): [string, Json] => [
    key,
    change(answer as JsonObject),
  ]);
  return { [name]: Object.fromEntries(changed) };
}
