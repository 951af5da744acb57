import { gunzipSync } from 'node:zlib';

import { type Script, sh } from '#core/shell.ts';

/**
 * A filter that compresses any bytes into one line of text: an answer of more than about 10 KB would cost one more
 * round trip on a fresh connection.
 */
export const pack: Script = sh`gzip -1n | base64 -w0`;

/** What `pack` was given; empty text for an empty line. @throws {Error} when it is cut off. */
export const unpack = (line: string): Buffer =>
  line === '' ? Buffer.alloc(0) : gunzipSync(Buffer.from(line, 'base64'));
