import { existsSync } from 'node:fs';
import { cp, readFile, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { hasChromium, openChromium } from '../support/chromium.ts';
import { scratchDirectory } from '../support/scratch-directory.ts';
import { run } from './support.ts';

const docs = fileURLToPath(new URL('../../docs', import.meta.url));
const vitepress = join(docs, 'node_modules', '.bin', 'vitepress');
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
};
/** Where to keep what the pages look like, for a person. */
const pictures = process.env['SLIPWAY_PICTURES'];

/** The site has dependencies of its own: npm ci --prefix docs. */
describe.skipIf(!existsSync(vitepress))('the site', { timeout: 180_000 }, () => {
  let folder: string;
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://site').pathname;
    const name = path.endsWith('/') ? `${path}index.html` : extname(path) === '' ? `${path}.html` : path;
    void readFile(join(folder, '.vitepress', 'dist', name)).then(
      (body) => response.writeHead(200, { 'content-type': TYPES[extname(name)] ?? '' }).end(body),
      () => response.writeHead(404).end(),
    );
  });
  const build = () => run([process.execPath, vitepress, 'build', folder], folder);

  beforeAll(async () => {
    folder = await scratchDirectory(afterAll);
    await cp(docs, folder, {
      recursive: true,
      filter: (path) => !/\/(?:node_modules|dist|cache)$/.test(path),
    });
    await symlink(join(docs, 'node_modules'), join(folder, 'node_modules'));
    const { status, stdout, stderr } = build();
    if (status !== 0) throw new Error(stdout + stderr);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  }, 180_000);
  afterAll(() => server.close());

  test.skipIf(!hasChromium).for([
    { width: 1400, scheme: 'light' },
    { width: 390, scheme: 'dark' },
  ] as const)('is read in $scheme, $width wide', async (options) => {
    const { port } = server.address() as AddressInfo;
    for (const page of ['', 'quick-start', 'used-hosts', 'reference/commands']) {
      const opened = await openChromium(`http://127.0.0.1:${port}/${page}`, options);
      expect(await opened.evaluate('document.querySelector("h1").textContent')).not.toBe('404');
      expect(await opened.evaluate('document.documentElement.scrollWidth <= innerWidth'), page).toBe(true);
      expect(await opened.evaluate('document.documentElement.classList.contains("dark")')).toBe(
        options.scheme === 'dark',
      );
      expect(opened.complaints.filter((text) => !text.includes('favicon'))).toEqual([]);
      if (pictures !== undefined) {
        await new Promise((resolve) => setTimeout(resolve, 500));
        await opened.screenshot(join(pictures, `${page.replace('/', '-') || 'home'}-${options.scheme}.png`));
      }
    }
  });

  test('is not built with a dead link', async () => {
    await writeFile(join(folder, 'odd.md'), '# Odd\n\n[there](nowhere.md)\n');
    const { status, stdout, stderr } = build();
    expect(status).not.toBe(0);
    // With colours where the environment asks for them, as CI systems do.
    expect(stripVTControlCharacters(stdout + stderr)).toContain('Found dead link ./nowhere in file odd.md');
  });
});
