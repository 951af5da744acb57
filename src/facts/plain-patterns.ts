import type { Script } from '#core/shell.ts';

/**
 * Absolute paths and patterns as the words of a shell, which is to put files in the place of `*`: they are not quoted.
 *
 * @throws {TypeError} where one has a character that means something else to a shell.
 */
export function plainPatterns(patterns: readonly string[]): Script {
  const odd = patterns.find((pattern) => !/^\/[\w/.*+@:-]+$/.test(pattern));
  if (odd !== undefined) throw new TypeError(`not a plain pattern: ${odd}`);
  return patterns.join(' ') as Script;
}
