import { gunzipSync } from 'node:zlib';

import { type Script, sh } from '#core/shell.ts';

/**
 * A filter that makes one line of any bytes, short: an answer of more than some 10 KB takes a round trip more on a
 * fresh connection.
 */
export const pack: Script = sh`gzip -1n | base64 -w0`;

/** What went through `pack`; nothing where nothing went. @throws {Error} when it is cut off. */
export const unpack = (line: string): Buffer =>
  line === '' ? Buffer.alloc(0) : gunzipSync(Buffer.from(line, 'base64'));
