/** Properties are tried as often as they say, with other cases each time, of which the seed is shown when one fails. */
export const isThorough = process.env['SLIPWAY_THOROUGH'] === '1';

/** How often a property is tried: a quick run takes a third of the cases. */
export const runs = (all: number): number => (isThorough ? all : Math.ceil(all / 3));
