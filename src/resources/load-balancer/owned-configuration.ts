import { type Outcome, refused } from '#core/resource.ts';
import type { FileAnswer } from '#facts/file.ts';
import { diffFile, isMarked } from '#resources/files/diff-file.ts';

interface OwnedConfiguration {
  readonly path: string;
  readonly content: string;
  /** `haproxy`. */
  readonly program: string;
  /** What the file has only where the program does something: packages bring files of their own that do nothing. */
  readonly inUse: RegExp;
}

/** The configuration of a program that slipway has for itself; refused where somebody else uses it already. */
export function diffOwned(found: FileAnswer, { path, content, program, inUse }: OwnedConfiguration): Outcome {
  const text = found.content ?? '';
  if (!isMarked(text) && inUse.test(text)) {
    return refused(
      'LoadBalancer',
      `${program} is in use here: ${path} is not slipway's`,
      `move what it does to another host, and ${path} away; or ignore the check LoadBalancer: a copy of the file stays`,
    );
  }
  return diffFile(found, { path, content });
}
