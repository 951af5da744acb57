import { createRequire, enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const { findOwnImports } = require('../own-imports.cjs') as {
  readonly findOwnImports: (root: string) => void;
};

/** Has what is imported from now on start as bin/slipway.cjs starts slipway in a clone. */
export function startAsLaunched(): void {
  enableCompileCache();
  findOwnImports(fileURLToPath(new URL('../..', import.meta.url)));
}
