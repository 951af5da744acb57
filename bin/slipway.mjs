#!/usr/bin/env node
// Starts slipway with a Node that runs TypeScript as it stands: this one where it can (22.18 or newer), else
// the one among the dependencies. Plain JavaScript for the oldest Node in "engines".
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const main = new URL('../src/main.ts', import.meta.url);
const dependencies = fileURLToPath(new URL('../node_modules', import.meta.url));

if (!existsSync(`${dependencies}/commander`)) {
  fail(
    `the dependencies are not installed\nHint: run npm ci in ${fileURLToPath(new URL('..', import.meta.url))}`,
  );
} else if (process.features.typescript) {
  await import(main.href);
} else {
  startNewerNode(`${dependencies}/node/bin/node`);
}

/** @param {string} node path of its program */
function startNewerNode(node) {
  if (!existsSync(node)) {
    fail(`Node ${process.version} does not run TypeScript\nHint: use Node 22.18 or newer, or run npm ci`);
  }
  const child = spawn(node, [fileURLToPath(main), ...process.argv.slice(2)], { stdio: 'inherit' });
  // Ctrl-C on a terminal reaches the child by itself; a second one would end it at once.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(`cannot start ${node}: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}

/** @param {string} message */
function fail(message) {
  process.stderr.write(`Error: ${message}\n`);
  process.exit(1);
}
