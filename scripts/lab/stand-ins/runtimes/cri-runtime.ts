import { readFile } from 'node:fs/promises';

/** The stand-in for cri-dockerd and CRI-O: one file, which goes by the name it is called by. */
export const criRuntime = async (version: string): Promise<string> =>
  (await readFile(new URL('cri-runtime', import.meta.url), 'utf8')).replace('@VERSION@', version);
