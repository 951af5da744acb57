import { type Inventory, type ParseOptions, parseInventory } from '#inventory/parse-inventory.ts';
import { InventoryError } from '#inventory/text/problem.ts';

/** An inventory's text as it would be read from /etc/lab/inventory.yaml by a user at /home/me. */
export const parse = (text: string, options: Partial<ParseOptions> = {}): Promise<Inventory> =>
  parseInventory(text, {
    path: 'inventory.yaml',
    directory: '/etc/lab',
    home: '/home/me',
    env: {},
    readFile: noFile,
    ...options,
  });

const noFile = (): Promise<never> => Promise.reject(Object.assign(new Error('ENOENT'), { code: 'ENOENT' }));

/** The message of what is wrong; empty where nothing is. */
export async function problemsOf(text: string, options: Partial<ParseOptions> = {}): Promise<string> {
  try {
    await parse(text, options);
    return '';
  } catch (error) {
    if (error instanceof InventoryError) return error.message;
    throw error;
  }
}

/** The smallest inventory, and more lines to stand after it. */
export const inventory = (...rest: readonly string[]): string =>
  [
    'kubernetes: {version: "1.34.9"}',
    'hosts:',
    '  - {name: cp1, address: 10.0.0.11, role: control-plane}',
    ...rest,
  ].join('\n');

/** The smallest inventory with more settings of Kubernetes. */
export const kubernetes = (settings: string, ...rest: readonly string[]): string =>
  inventory(...rest).replace('"1.34.9"', `"1.34.9", ${settings}`);

/** The smallest inventory with one more host. */
export const host = (settings: string, ...rest: readonly string[]): string =>
  inventory(`  - {name: w1, address: 10.0.0.12, ${settings}}`, ...rest);
