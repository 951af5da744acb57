import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { LabWeb } from '../web-server.ts';

/** Has the lab's web server offer every file of a directory below `root`, which starts with a slash. */
export async function serveTree(web: LabWeb, root: string, directory: string): Promise<void> {
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    web.serve(root + path.slice(directory.length), await readFile(path));
  }
}
