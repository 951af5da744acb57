import { gzipSync } from 'node:zlib';

import { type Script, sh } from './shell.ts';

/** Below this, packing costs more than it saves. */
const PACKED_FROM_BYTES = 64 * 1024;

/**
 * A command that prints a text. A long one travels packed: definitions of 3 MB are 0.3 MB on the line.
 *
 * `printf` is the shell's own, so that the text is never among the arguments of a process.
 */
export const printText = (text: string): Script =>
  Buffer.byteLength(text) < PACKED_FROM_BYTES
    ? sh`printf %s ${text}`
    : sh`printf %s ${gzipSync(text).toString('base64')} | base64 -d | gzip -dc`;
