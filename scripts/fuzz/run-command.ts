import { Writable } from 'node:stream';

import { runCli } from '#cli/run-cli.ts';
import { openSlipway } from '#slipway.ts';

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line as `src/main.ts` would, in this process, with a home where nothing is. */
export async function runCommand(...argv: readonly string[]): Promise<Ended> {
  const [stdout, stderr] = [sink(), sink()];
  const code = await runCli({
    argv,
    env: { HOME: '/nonexistent', REGISTRY_PASSWORD: 'secret' },
    stdout: stdout.stream,
    stderr: stderr.stream,
    signal: new AbortController().signal,
    version: '0.0.0',
    holder: 'the fuzz',
    openSlipway,
  });
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

function sink(): { readonly stream: Writable; readonly text: () => string } {
  const chunks: string[] = [];
  const stream = new Writable({
    write: (chunk: Buffer, _, done) => {
      chunks.push(chunk.toString());
      done();
    },
  });
  return { stream, text: () => chunks.join('') };
}
