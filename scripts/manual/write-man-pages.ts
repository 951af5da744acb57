import { mkdir, rm, writeFile } from 'node:fs/promises';

import { commandPages } from './command-pages.ts';
import { manPage } from './man-page.ts';

/** Writes a manual page for each command into a folder of their own. */
export async function writeManPages(folder: URL, version: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  for (const page of commandPages(version))
    await writeFile(new URL(`${page.name}.1`, folder), manPage(page, version));
}
