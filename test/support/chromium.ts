import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { chromium } from 'playwright-core';
import { onTestFinished } from 'vitest';

import { scratchDirectory } from './scratch-directory.ts';

/** Of Debian's package `chromium`. */
const PROGRAM = '/usr/bin/chromium';

/** Whether this machine has it. */
export const hasChromium = spawnSync(PROGRAM, ['--version']).status === 0;

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

/** It speaks to nobody: no updates, no services of its makers. */
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Opens a file and waits until its scripts have run; it goes with the test. */
export async function openChromium(url: string, options: ChromiumOptions = {}): Promise<ChromiumPage> {
  const { width = 1400, height = 900, scheme = 'light' } = options;
  const browser = await chromium.launch({ executablePath: PROGRAM, args: FLAGS });
  onTestFinished(() => browser.close());
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: scheme });
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    complaints.push(`${message.text()} (${message.location().url})`);
  });
  await page.goto(url);
  return {
    complaints,
    evaluate: (expression) => page.evaluate(expression),
    press: async (...keys) => {
      for (const key of keys) await page.keyboard.press(key);
    },
    screenshot: async (path) => {
      await page.screenshot({ path });
    },
  };
}

/** A page of this text, as it would be opened from a disk. */
export async function openHtml(html: string, options: ChromiumOptions = {}): Promise<ChromiumPage> {
  const path = join(await scratchDirectory(), 'page.html');
  await writeFile(path, html);
  return openChromium(`file://${path}`, options);
}
