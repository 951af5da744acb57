import { StringDecoder } from 'node:string_decoder';

export interface CapturedOutputOptions {
  /** The line after which the program's own output begins; before it comes what login shells and sudo print. */
  readonly marker: string;
  readonly limitBytes: number;
  readonly onLine?: ((line: string) => void) | undefined;
  /** The last line of the output, where that is known. */
  readonly lastLine?: string | undefined;
  readonly onOverflow?: () => void;
}

/**
 * One output stream of a program, from its marker on.
 *
 * It is kept as bytes and decoded at the end: a chunk may end in the middle of a character.
 */
export class CapturedOutput {
  /** Resolves when the marker was seen; never rejects. */
  readonly started: Promise<void>;
  /** Resolves when the last line has come; never where none is known. */
  readonly complete: Promise<void>;
  isStarted = false;
  readonly #starting = Promise.withResolvers<void>();
  readonly #completing = Promise.withResolvers<void>();
  readonly #options: CapturedOutputOptions;
  readonly #marker: Buffer;
  readonly #lastLine: Buffer | undefined;
  readonly #decoder = new StringDecoder('utf8');
  #chunks: Buffer[] = [];
  #sizeBytes = 0;
  #partialLine = '';

  constructor(options: CapturedOutputOptions) {
    this.#options = options;
    this.#marker = Buffer.from(`${options.marker}\n`);
    this.started = this.#starting.promise;
    this.complete = this.#completing.promise;
    this.#lastLine = options.lastLine === undefined ? undefined : Buffer.from(`\n${options.lastLine}\n`);
  }

  get hasOverflowed(): boolean {
    return this.#sizeBytes > this.#options.limitBytes;
  }

  push(chunk: Buffer): void {
    if (this.hasOverflowed) return;
    this.#chunks.push(chunk);
    this.#sizeBytes += chunk.length;
    const fresh = this.isStarted ? chunk : this.#cutPreamble();
    if (fresh !== undefined) this.#cutLines(fresh);
    if (this.isStarted && this.#isAtItsEnd()) this.#completing.resolve();
    if (this.hasOverflowed) this.#options.onOverflow?.();
  }

  /** Hands over a last line that has no newline. */
  end(): void {
    const last = this.#partialLine + this.#decoder.end();
    this.#partialLine = '';
    if (this.isStarted && last !== '') this.#options.onLine?.(last);
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }

  #cutPreamble(): Buffer | undefined {
    const [first, ...more] = this.#chunks;
    const all = first !== undefined && more.length === 0 ? first : Buffer.concat(this.#chunks);
    const at = all.indexOf(this.#marker);
    this.#chunks = [all];
    if (at < 0) return undefined;
    const rest = all.subarray(at + this.#marker.length);
    this.#chunks = [rest];
    this.#sizeBytes = rest.length;
    this.isStarted = true;
    this.#starting.resolve();
    return rest;
  }

  #isAtItsEnd(): boolean {
    const wanted = this.#lastLine;
    if (wanted === undefined) return false;
    const tail: Buffer[] = [];
    for (let at = this.#chunks.length - 1, left = wanted.length; at >= 0 && left > 0; at -= 1) {
      const piece = this.#chunks[at]?.subarray(-left) ?? Buffer.alloc(0);
      tail.unshift(piece);
      left -= piece.length;
    }
    return Buffer.concat(tail).equals(wanted);
  }

  #cutLines(fresh: Buffer): void {
    const { onLine } = this.#options;
    if (onLine === undefined) return;
    const lines = (this.#partialLine + this.#decoder.write(fresh)).split('\n');
    this.#partialLine = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  }
}
