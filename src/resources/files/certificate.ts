import type { Resource } from '#core/resource.ts';

import { file } from './file.ts';

/** Files that the controller has read, by path. */
export type Texts = ReadonlyMap<string, string>;

/**
 * A certificate of the controller's on the host.
 *
 * @param isOwn whether nobody else has a file of this name.
 */
export const certificate = (path: string, location: string, texts: Texts, isOwn = false): Resource =>
  file({
    path,
    content: texts.get(location) ?? `(${location}, which was not read)\n`,
    isOwn: () => isOwn,
  });
