#!/usr/bin/env node
// Starts slipway. In a clone that is its TypeScript, by a Node that runs it as it stands: this one where it can (22.18
// or newer), else the one among the dependencies. In the package it is bundled. Plain CommonJS, which older Nodes read, and
// which starts faster than a module: importing a part of Node makes all that it exports.
const { existsSync, readFileSync } = require('node:fs');
const nodeModule = require('node:module');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

const root = path.dirname(__dirname);
const source = path.join(root, 'src', 'main.ts');
const dependencies = path.join(root, 'node_modules');

// What every start would otherwise read and compile anew. https://nodejs.org/api/module.html#module-compile-cache (24.21)
nodeModule.enableCompileCache?.();

/** @returns {{ version: string, engines: { node: string } }} */
const manifest = () => JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));

if (process.argv.length === 3 && process.argv[2] === '--version') {
  // The command line itself knows it too; this spares loading all of it.
  process.stdout.write(`${manifest().version}\n`);
} else if (!existsSync(source)) {
  startBundle(manifest().engines.node.replace('>=', ''));
} else if (!existsSync(path.join(dependencies, 'commander'))) {
  fail(`the dependencies are not installed\nHint: run npm ci in ${root}/`);
} else if (process.features.typescript) {
  startClone();
} else {
  startNewerNode(path.join(dependencies, 'node', 'bin', 'node'));
}

/** @param {string} oldest the oldest Node that will do */
function startBundle(oldest) {
  if (isOlder(process.versions.node, oldest)) {
    fail(
      `slipway needs Node ${oldest} or newer, and this is ${process.version}\n` +
        'Hint: get a newer one from https://nodejs.org/en/download or by a version manager: nvm install --lts',
    );
  }
  tellOfSources(path.join(root, 'dist', 'program'));
  module.exports = require('../dist/program/main.cjs');
}

/**
 * By their numbers alone: to compare texts with the numbers in them, Node would load all it knows of languages, which is a
 * tenth of a start.
 *
 * @param {string} version
 * @param {string} other
 */
function isOlder(version, other) {
  const numbers = version.split('.').map((part) => Number.parseInt(part, 10));
  const others = other.split('.').map((part) => Number.parseInt(part, 10));
  const index = numbers.findIndex((number, place) => number !== others[place]);
  return index !== -1 && numbers[index] < others[index];
}

/**
 * Stack traces name the lines of the sources. Node can do so itself, but reads the maps of all that it loads at once.
 *
 * @param {string} folder of the bundle
 */
function tellOfSources(folder) {
  /**
   * @typedef {{ getFileName(): string | null, getLineNumber(): number | null, getColumnNumber(): number | null }} Place
   * @type {(frame: Place & { toString(): string }) => string}
   */
  const inSources = (frame) => {
    const [file, line, column] = [frame.getFileName(), frame.getLineNumber(), frame.getColumnNumber()];
    if (!file?.startsWith(folder) || line === null || column === null) return frame.toString();
    // The bundler's own words have no source.
    if (!existsSync(`${file}.map`)) return frame.toString();
    const map = new nodeModule.SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')));
    const entry = map.findEntry(line - 1, column - 1);
    if (!('originalSource' in entry)) return frame.toString();
    const place = `${path.join(folder, entry.originalSource)}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
    return frame.toString().replace(`${file}:${line}:${column}`, place);
  };
  Error.prepareStackTrace = (error, frames) =>
    [String(error), ...frames.map((frame) => `    at ${inSources(frame)}`)].join('\n');
}

function startClone() {
  require('../scripts/own-imports.cjs').findOwnImports(root);
  void import(pathToFileURL(source).href);
}

/** @param {string} node path of its program */
function startNewerNode(node) {
  if (!existsSync(node)) {
    fail(`Node ${process.version} does not run TypeScript\nHint: use Node 22.18 or newer, or run npm ci`);
  }
  const child = require('node:child_process').spawn(node, [__filename, ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  // Ctrl-C on a terminal reaches the child by itself; a second one would end it at once.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(`cannot start ${node}: ${error.message}`));
  child.on('exit', (code, signal) =>
    process.exit(code ?? 128 + (require('node:os').constants.signals[signal] ?? 0)),
  );
}

/** @param {string} message */
function fail(message) {
  process.stderr.write(`Error: ${message}\n`);
  process.exit(1);
}
