/** A version is written with or without a v; inside it has none. */
export const withoutV = (version: string): string => version.replace(/^v/, '');
