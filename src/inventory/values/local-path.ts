import { join, resolve } from 'node:path';

/** What paths of the inventory are relative to. */
export interface Places {
  /** The inventory's directory, absolute. */
  readonly directory: string;
  /** What `~/` stands for. */
  readonly home: string;
}

/** An absolute path of the controller. */
export function localPath(written: string, { directory, home }: Places): string {
  if (written === '~') return home;
  return written.startsWith('~/') ? join(home, written.slice(2)) : resolve(directory, written);
}
