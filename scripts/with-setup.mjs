// Runs a command of the project after making the project ready: dependencies from the lock file, and
// a Node new enough to run TypeScript as it stands. Plain JavaScript that older Nodes read.
//
//   node scripts/with-setup.mjs COMMAND [ARGUMENT ...]
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const binaries = join(root, 'node_modules', '.bin');
const stamp = join(root, 'node_modules', '.slipway-lock-sha256');

installDependencies();

const [command, ...args] = process.argv.slice(2);
if (command === undefined) fail('no command to run: node scripts/with-setup.mjs COMMAND [ARGUMENT ...]');
const child = spawn(command, args, {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, PATH: binaries + delimiter + (process.env.PATH ?? '') },
});
// Ctrl-C reaches the child through the terminal; this process only waits for its clean-up.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => signal === 'SIGINT' || child.kill(signal));
}
child.on('error', (error) => fail(`cannot run ${command}: ${error.message}`));
child.on('exit', (code) => process.exit(code ?? 1));

/** `npm ci`, only when the lock file is not the one that was installed. */
function installDependencies() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  process.stderr.write('Installing dependencies (npm ci)\n');
  const install = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (install.status !== 0) fail('npm ci failed; its own message is above');
  writeFileSync(stamp, lock);
}

function fail(message) {
  process.stderr.write(`slipway: ${message}\n`);
  process.exit(1);
}
