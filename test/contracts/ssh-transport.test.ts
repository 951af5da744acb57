import { existsSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { ConnectionLost } from '#core/execution-error.ts';
import { fact } from '#core/fact.ts';
import { type Script, sh } from '#core/shell.ts';
import type { Connection } from '#core/transport.ts';
import { observer } from '#transport/observer.ts';
import { sshTransport } from '#transport/ssh-transport.ts';

import { delayLine } from './delay-line.ts';
import { Sshd, sshdIsMissing, whyNotSshd } from './sshd.ts';
import { transportContract } from './transport-contract.ts';

const run = (connection: Connection, script: Script) =>
  connection.execute({ script, via: 'argument', timeoutMs: 20_000 });

describe.skipIf(sshdIsMissing !== undefined)(`with a real sshd${whyNotSshd}`, () => {
  let sshd: Sshd;
  const open = (): Promise<Connection> => sshTransport({ settings: sshd.settings() }).connect(sshd.host());

  beforeAll(async () => {
    sshd = await Sshd.start();
  });
  afterAll(() => sshd.stop());

  transportContract('ssh', open);

  describe('a connection that is cut', () => {
    it('fails what runs, what waits and what comes after, and nothing else', async () => {
      const connection = await open();
      const started = Promise.withResolvers<void>();
      const running = connection.execute({
        script: sh`echo started; sleep 5`,
        via: 'stdin',
        timeoutMs: 20_000,
        onLine: () => started.resolve(),
      });
      const others = Array.from({ length: 12 }, () => run(connection, sh`sleep 5`));
      await started.promise;
      sshd.killSessions();
      const errors = await Promise.all(
        [running, ...others].map((result) => result.catch((error: unknown) => error)),
      );
      for (const error of errors) expect(error).toBeInstanceOf(ConnectionLost);
      await expect(run(connection, sh`echo`)).rejects.toBeInstanceOf(ConnectionLost);
      await connection.close();
    });

    it('is known to whoever holds a program', async () => {
      const connection = await open();
      const file = sshd.path('the-input-ended');
      const held = await connection.hold(sh`echo ready; cat; echo >${file}`, 'ready', 1000);
      sshd.killSessions();
      await expect.poll(() => existsSync(file)).toBe(true);
      await expect(held.ended).resolves.toBeUndefined();
      await expect(held.release()).resolves.toBeUndefined();
    });

    it('is closed in time though the host has gone silent', async () => {
      const connection = await open();
      await connection.execute({ script: sh`:`, via: 'argument', timeoutMs: 5000 });
      sshd.signalSessions('SIGSTOP');
      const startedAt = performance.now();
      await connection.close();
      expect(performance.now() - startedAt).toBeLessThan(5000);
      sshd.killSessions();
    });

    it('rejects a hold that did not come to its greeting', async () => {
      const connection = await open();
      const held = connection.hold(sh`echo soon; sleep 5`, 'ready', 1000);
      setTimeout(() => sshd.killSessions(), 300);
      await expect(held).rejects.toBeInstanceOf(ConnectionLost);
    });
  });

  it('connects and asks in less than 100 ms, and in few round trips', async () => {
    const elapsed = async (host = sshd.host()): Promise<number> => {
      const startedAt = performance.now();
      const settings = sshd.settings({
        hostKeys: 'accept-new',
        knownHosts: sshd.path('known_hosts_delayed'),
      });
      const connection = await sshTransport({ settings }).connect(host);
      const echo = {
        name: 'echo',
        script: () => sh`echo hello`,
        parse: (text: string) => [text],
        bare: () => '',
      };
      expect(await observer(connection).ask([fact(echo, 'q')])).toEqual({ echo: { '"q"': 'hello\n' } });
      const elapsedMs = performance.now() - startedAt;
      await connection.close();
      return elapsedMs;
    };
    const roundTripMs = 100;
    const line = await delayLine(sshd.port, roundTripMs / 2);
    try {
      // The best of several: the machine may have other work, and more of it takes no less time.
      let near = Infinity;
      for (let attempt = 0; attempt < 10 && near >= 100; attempt += 1) near = Math.min(near, await elapsed());
      const far = await elapsed(sshd.host({ port: line.port }));
      expect(near).toBeLessThan(100);
      expect((far - near) / roundTripMs).toBeLessThan(12);
    } finally {
      await line.close();
    }
  });
});

describe.skipIf(sshdIsMissing !== undefined)('sshd that allows two sessions', () => {
  let sshd: Sshd;
  beforeAll(async () => {
    sshd = await Sshd.start(['MaxSessions 2']);
  });
  afterAll(() => sshd.stop());

  it('gets no more than two programs at once, and all of them in the end', async () => {
    const connection = await sshTransport({ settings: sshd.settings() }).connect(sshd.host());
    const held = await connection.hold(sh`echo ready; cat`, 'ready', 1000);
    const results = await Promise.all(
      Array.from({ length: 10 }, (_, index) => run(connection, sh`sleep 0.05; echo ${index}`)),
    );
    expect(results.map(({ stdout }) => stdout.trim())).toEqual(
      Array.from({ length: 10 }, (_, index) => String(index)),
    );
    await held.release();
    await connection.close();
  });
});
