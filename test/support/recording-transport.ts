import type { Transport } from '#core/transport.ts';
import { localTransport } from '#transport/local-transport.ts';

/** This machine as a host, and the programs that were run there so far. */
export function recordingTransport(): { readonly transport: Transport; readonly scripts: readonly string[] } {
  const scripts: string[] = [];
  const transport: Transport = {
    connect: async (host) => {
      const inner = await localTransport().connect(host);
      const execute: typeof inner.execute = (execution) => {
        scripts.push(execution.script);
        return inner.execute(execution);
      };
      return new Proxy(inner, {
        get: (target, key) => {
          if (key === 'execute') return execute;
          const value: unknown = Reflect.get(target, key);
          return typeof value === 'function' ? (value.bind(target) as unknown) : value;
        },
      });
    },
  };
  return { transport, scripts };
}
