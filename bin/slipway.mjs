#!/usr/bin/env node
// Starts slipway with a Node that runs TypeScript as it stands: this one where it can (22.18 or newer), else
// the one among the dependencies. Plain JavaScript for the oldest Node in "engines".
import { existsSync, readFileSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath } from 'node:url';

const main = new URL('../src/main.ts', import.meta.url);
const dependencies = fileURLToPath(new URL('../node_modules', import.meta.url));

// What every start would otherwise read and compile anew. https://nodejs.org/api/module.html#module-compile-cache (24.21)
module.enableCompileCache?.();

if (process.argv.length === 3 && process.argv[2] === '--version') {
  // The command line itself knows it too; this spares loading all of it.
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  process.stdout.write(`${version}\n`);
} else if (!existsSync(`${dependencies}/commander`)) {
  fail(
    `the dependencies are not installed\nHint: run npm ci in ${fileURLToPath(new URL('..', import.meta.url))}`,
  );
} else if (process.features.typescript) {
  await import(main.href);
} else {
  await startNewerNode(`${dependencies}/node/bin/node`);
}

/** @param {string} node path of its program */
async function startNewerNode(node) {
  const [{ spawn }, { constants }] = await Promise.all([import('node:child_process'), import('node:os')]);
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
