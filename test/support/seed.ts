import { configureGlobal, readConfigureGlobal } from 'fast-check';

import { isThorough } from './runs.ts';

/** The same cases each time, so that a red test is about what has changed; a thorough run tries new ones. */
if (!isThorough) configureGlobal({ ...readConfigureGlobal(), seed: 20_260_101 });
