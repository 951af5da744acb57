import type { SoundDocument } from '#inventory/section.ts';

export const pluginDefaults = { type: 'nvidia', migStrategy: 'none' } as const;

/** What other settings of GPUs depend on. */
export const pluginOf = ({ gpu }: SoundDocument) => ({ ...pluginDefaults, ...gpu?.devicePlugin });
