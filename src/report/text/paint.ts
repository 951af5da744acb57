import { styleText } from 'node:util';

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan' | 'magenta';

/** Gives text a colour, or leaves it as it is where colour is not wanted. */
export type Paint = (style: Style, text: string) => string;

/** Whether a stream wants colour is decided once, by the caller; nothing here looks at the environment. */
export const painter = (hasColor: boolean): Paint =>
  hasColor ? (style, text) => styleText(style, text, { validateStream: false }) : (_style, text) => text;
