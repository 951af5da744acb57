import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { onTestFinished } from 'vitest';

import { scratchDirectory } from './scratch-directory.ts';

/** Whether this machine has it: Debian's package `chromium`. */
export const hasChromium = spawnSync('chromium', ['--version']).status === 0;

/** A page in a real Chromium. */
export interface ChromiumPage {
  /** What an expression is in the page, as JSON. */
  readonly evaluate: (expression: string) => Promise<unknown>;
  /** Types keys where the focus is, one after another: `Enter`, `ArrowDown`, `a`. */
  readonly press: (...keys: readonly string[]) => Promise<void>;
  readonly screenshot: (path: string) => Promise<void>;
  /** What the page has complained about so far: errors of scripts, and what its policy refused. */
  readonly complaints: readonly string[];
}

export interface ChromiumOptions {
  readonly width?: number;
  readonly height?: number;
  readonly scheme?: 'light' | 'dark';
}

/** Opens a file and waits until its scripts have run; it goes with the test. @see https://chromedevtools.github.io/devtools-protocol/ (1.3) */
export async function openChromium(url: string, options: ChromiumOptions = {}): Promise<ChromiumPage> {
  const { width = 1400, height = 900, scheme = 'light' } = options;
  const profile = await mkdtemp(join(tmpdir(), 'slipway-chromium-'));
  const browser = spawn(
    'chromium',
    [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  onTestFinished(async () => {
    browser.kill();
    if (browser.exitCode === null && browser.signalCode === null) await once(browser, 'exit');
    // What it has started writes for a moment more.
    await rm(profile, { recursive: true, force: true, maxRetries: 20 });
  });
  const socket = new WebSocket(await endpointOf(browser));
  await once(socket, 'open');
  const complaints: string[] = [];
  const send = client(socket, complaints);
  const { targetId } = await send('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
  const inPage: Send = (method, parameters) => send(method, parameters, String(sessionId));
  const features = [{ name: 'prefers-color-scheme', value: scheme }];
  for (const domain of ['Runtime', 'Log', 'Page']) await inPage(`${domain}.enable`);
  await inPage('Emulation.setEmulatedMedia', { features });
  await inPage('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false });
  const loaded = new Promise<void>((resolve) => {
    socket.addEventListener('message', ({ data }) => {
      if (String(data).includes('"Page.loadEventFired"')) resolve();
    });
  });
  await inPage('Page.navigate', { url });
  await loaded;
  return {
    complaints,
    evaluate: async (expression) => {
      const { result } = await inPage('Runtime.evaluate', {
        expression,
        returnByValue: true,
        awaitPromise: true,
      });
      return (result as { readonly value?: unknown }).value;
    },
    press: async (...keys) => {
      for (const key of keys) {
        const text = key === 'Enter' ? '\r' : key.length === 1 ? key : undefined;
        await inPage('Input.dispatchKeyEvent', { type: 'keyDown', key, ...(text !== undefined && { text }) });
        await inPage('Input.dispatchKeyEvent', { type: 'keyUp', key });
      }
    },
    screenshot: async (path) => {
      const { data } = await inPage('Page.captureScreenshot', { captureBeyondViewport: false });
      await writeFile(path, Buffer.from(String(data), 'base64'));
    },
  };
}

/** A page of this text, as it would be opened from a disk. */
export async function openHtml(html: string, options: ChromiumOptions = {}): Promise<ChromiumPage> {
  const path = join(await scratchDirectory(), 'page.html');
  await writeFile(path, html);
  return openChromium(`file://${path}`, options);
}

async function endpointOf(browser: ChildProcess): Promise<string> {
  let text = '';
  for await (const chunk of browser.stderr ?? []) {
    text += String(chunk);
    const [, found] = /DevTools listening on (ws:\S+)/.exec(text) ?? [];
    if (found !== undefined) return found;
  }
  throw new Error(`chromium does not start:\n${text}`);
}

type Send = (
  method: string,
  parameters?: object,
  sessionId?: string,
) => Promise<Readonly<Record<string, unknown>>>;

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: object;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
}

function client(socket: WebSocket, complaints: string[]): Send {
  const waiting = new Map<number, (message: Message) => void>();
  let last = 0;
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data)) as Message;
    if (message.id !== undefined) waiting.get(message.id)?.(message);
    if (message.method === 'Runtime.exceptionThrown' || message.method === 'Log.entryAdded')
      complaints.push(JSON.stringify(message.params));
  });
  return (method, parameters = {}, sessionId) =>
    new Promise((resolve, reject) => {
      last += 1;
      waiting.set(last, ({ result = {}, error }) => {
        if (error === undefined) resolve(result);
        else reject(new Error(`${method}: ${error.message}`));
      });
      socket.send(JSON.stringify({ id: last, method, params: parameters, ...(sessionId && { sessionId }) }));
    });
}
