import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import type { Cluster } from '#core/cluster.ts';
import type { Script } from '#core/shell.ts';
import { sh } from '#core/shell.ts';
import type { Connection, Held, Looked } from '#core/transport.ts';
import { Connections } from '#engine/connections.ts';

import { testHost } from '../../contracts/test-host.ts';

const LOCK = '/run/lock/slipway.lock';

/** A host that tells what it was sent, and answers when told to. */
function hostThatTells(held: Promise<Held>) {
  const sent: { readonly how: 'hold' | 'execute'; readonly script: Script }[] = [];
  const state = { closed: 0 };
  const connection: Connection = {
    host: 'n1',
    get executions() {
      return sent.length;
    },
    isOpen: true,
    execute: ({ script }) => {
      sent.push({ how: 'execute', script });
      return Promise.resolve({ code: 0, stdout: 'seen', stderr: '' });
    },
    hold: (script) => {
      sent.push({ how: 'hold', script });
      return held;
    },
    forward: () => Promise.reject(new Error('nothing to forward to')),
    close: () => {
      state.closed += 1;
      return Promise.resolve();
    },
  };
  return { connection, sent, state };
}

const holding: Held = {
  isHeld: true,
  greeting: '',
  ended: new Promise(() => undefined),
  release: () => Promise.resolve(),
};

const connectionsOver = (connection: Connection, holder?: string): Connections =>
  new Connections({
    cluster: { hosts: [testHost()], leaving: [] } as unknown as Cluster,
    transport: { connect: () => Promise.resolve(connection) },
    listener: () => undefined,
    signal: new AbortController().signal,
    holder,
  });

const seen = async (connection: Looked): Promise<string> =>
  (await connection.execute({ script: sh`echo seen`, via: 'argument', timeoutMs: 1000 })).stdout;

describe('connections', () => {
  it('sends the look along with the lock, and gives no answer before the lock is held', async () => {
    const { promise, resolve } = Promise.withResolvers<Held>();
    const { connection, sent } = hostThatTells(promise);
    let isAnswered = false;
    const looking = connectionsOver(connection, 'me')
      .look('n1', seen)
      .finally(() => (isAnswered = true));
    await sleep(1);
    expect(sent.map(({ how }) => how).toSorted()).toEqual(['execute', 'hold']);
    expect(isAnswered).toBe(false);
    resolve(holding);
    expect(await looking).toBe('seen');
  });

  it('sends the look alone where no lock is taken, and where it is held already', async () => {
    const { connection, sent } = hostThatTells(Promise.resolve(holding));
    await connectionsOver(connection).look('n1', seen);
    const locked = connectionsOver(connection, 'me');
    await locked.to('n1');
    await locked.look('n1', seen);
    expect(sent.map(({ how, script }) => (how === 'hold' ? how : script))).toEqual([
      'echo seen',
      'hold',
      'echo seen',
    ]);
  });

  it('says who has the lock, whatever became of the look', async () => {
    const greeting = 'slipway-lock-busy\nalice, pid 7\n';
    const { connection, state } = hostThatTells(Promise.resolve({ ...holding, isHeld: false, greeting }));
    const looking = connectionsOver(connection, 'me').look('n1', () =>
      Promise.reject(new Error('the connection was closed')),
    );
    await expect(looking).rejects.toThrow('n1 is locked by another run: alice, pid 7');
    expect(state.closed).toBe(1);
  });

  it('a look waits on the host until its own lock is there', async () => {
    const { connection, sent } = hostThatTells(Promise.resolve(holding));
    await connectionsOver(connection, 'me').look('n1', seen);
    const [held, look] = [sent.find(({ how }) => how === 'hold'), sent.find(({ how }) => how === 'execute')];
    const token = /lock-[0-9a-f]{18}/.exec(held?.script ?? '')?.[0];
    const directory = await mkdtemp(join(tmpdir(), 'slipway-test-'));
    try {
      const lock = join(directory, 'lock');
      const child = spawn('sh', ['-c', (look?.script ?? '').replaceAll(LOCK, lock)]);
      let said = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
      const ended = once(child, 'close');
      await sleep(100);
      await writeFile(lock, 'me\nlock-of-another-taking\n');
      await sleep(100);
      expect(said).toBe('');
      await writeFile(lock, `me\n${token}\n`);
      await ended;
      expect(said).toBe('seen\n');
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});
