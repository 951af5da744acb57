import type { Resource } from '#core/resource.ts';

import { file } from './file.ts';

/** Files that the controller has read, by path. */
export type Texts = ReadonlyMap<string, string>;

/** A certificate of the controller's on the host. */
export const certificate = (path: string, location: string, texts: Texts): Resource =>
  file({ path, content: texts.get(location) ?? `(${location}, which was not read)\n` });
