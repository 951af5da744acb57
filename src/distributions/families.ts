import { debian } from './debian/debian.ts';
import type { DistributionFamily } from './distribution-family.ts';
import { redhat } from './redhat/redhat.ts';

/** In the order they are tried; a plan without a connection is made for machines of the first. */
export const FAMILIES: readonly [DistributionFamily, ...DistributionFamily[]] = [debian, redhat];
