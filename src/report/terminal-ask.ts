import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** Asks a person. What is typed to a hidden question is not shown. */
export type Ask = (question: string, options?: { readonly isHidden?: boolean }) => Promise<string>;

export interface TerminalAskOptions {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  readonly signal: AbortSignal;
  /** Called for Ctrl-C, which is a character and no signal while a line is read. */
  readonly interrupt: () => void;
}

/** Asks on a terminal; the end of input is no answer. */
export function terminalAsk({ input, output, signal, interrupt }: TerminalAskOptions): Ask {
  return async (question, { isHidden = false } = {}) => {
    const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
    if (isHidden) output.write(question);
    const reader = createInterface({ input, output: isHidden ? silent : output, terminal: true });
    reader.once('SIGINT', interrupt);
    const closed = new Promise<string>((resolve) => reader.once('close', () => resolve('')));
    try {
      return await Promise.race([reader.question(isHidden ? '' : question, { signal }), closed]);
    } finally {
      reader.close();
      if (isHidden) output.write('\n');
    }
  };
}
