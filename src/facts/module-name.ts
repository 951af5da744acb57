import { literal } from './drop-ins.ts';

/** A module's name as part of an extended regular expression: dash and underscore mean the same to the kernel. */
export const modulePattern = (name: string): string => literal(name).replaceAll(/[-_]/g, '[-_]');

export const underscored = (name: string): string => name.replaceAll('-', '_');
