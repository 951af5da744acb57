import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const SERVER = fileURLToPath(
  new URL('../../node_modules/yaml-language-server/bin/yaml-language-server', import.meta.url),
);
const HEAD = /^Content-Length: (\d+)\r\n(?:.+\r\n)*\r\n/;

interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

export interface Diagnostic {
  readonly message: string;
  readonly range: { readonly start: Place };
}

interface Place {
  readonly line: number;
  readonly character: number;
}

/**
 * An editor, as far as the YAML language server can tell: the real server at the other end of its standard streams.
 *
 * @see https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/
 */
export class LanguageClient {
  readonly #server: ChildProcess;
  readonly #answers = new Map<number | string, (message: Message) => void>();
  readonly #diagnosed = new Map<string, (found: readonly Diagnostic[]) => void>();
  #received = Buffer.alloc(0);
  #lastId = 0;

  private constructor() {
    this.#server = spawn(process.execPath, [SERVER, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#server.stdout?.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      for (let message = this.#take(); message !== undefined; message = this.#take()) this.#hear(message);
    });
  }

  static async start(): Promise<LanguageClient> {
    const client = new LanguageClient();
    const capabilities = {
      workspace: { configuration: true },
      textDocument: { hover: { contentFormat: ['plaintext'] }, completion: {} },
    };
    await client.ask('initialize', { processId: process.pid, rootUri: null, capabilities });
    client.#send({ method: 'initialized', params: {} });
    return client;
  }

  /** Shows the server a file with this text, and resolves to what it finds wrong with it. */
  open(uri: string, text: string): Promise<readonly Diagnostic[]> {
    const diagnosed = new Promise<readonly Diagnostic[]>((resolve) => this.#diagnosed.set(uri, resolve));
    const textDocument = { uri, languageId: 'yaml', version: 1, text };
    this.#send({ method: 'textDocument/didOpen', params: { textDocument } });
    return diagnosed;
  }

  ask<Result>(method: string, params: object): Promise<Result> {
    this.#lastId += 1;
    const id = this.#lastId;
    this.#send({ id, method, params });
    return new Promise((resolve, reject) =>
      this.#answers.set(id, ({ result, error }) =>
        error === undefined ? resolve(result as Result) : reject(new Error(`${method}: ${error.message}`)),
      ),
    );
  }

  stop(): void {
    this.#server.kill();
  }

  #send(message: object): void {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    this.#server.stdin?.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  #take(): Message | undefined {
    const head = HEAD.exec(this.#received.toString('latin1'));
    if (head === null) return undefined;
    const [{ length }, size] = head;
    const end = length + Number(size);
    if (this.#received.length < end) return undefined;
    const body = this.#received.subarray(length, end).toString();
    this.#received = this.#received.subarray(end);
    return JSON.parse(body) as Message;
  }

  #hear({ id, method, params, ...answer }: Message): void {
    if (method === undefined) {
      if (id !== undefined) this.#answers.get(id)?.(answer);
    } else if (method === 'textDocument/publishDiagnostics') {
      const { uri, diagnostics } = params as { uri: string; diagnostics: readonly Diagnostic[] };
      this.#diagnosed.get(uri)?.(diagnostics);
    } else if (id !== undefined) {
      this.#send({ id, result: method === 'workspace/configuration' ? settingsFor(params) : null });
    }
  }
}

/** Nothing is fetched: the schema is the file that the first line of an inventory names. */
const settingsFor = (params: unknown): readonly unknown[] =>
  (params as { readonly items: readonly { readonly section: string }[] }).items.map(({ section }) =>
    section === 'yaml'
      ? { validate: true, hover: true, completion: true, schemaStore: { enable: false } }
      : {},
  );
