/** Texts of Kubernetes objects as one: each begins with the line that sets it apart, and ends with one line break. */
export const joinManifests = (texts: readonly string[]): string =>
  texts.map((text) => `${text.startsWith('---') ? '' : '---\n'}${text.trimEnd()}\n`).join('');
