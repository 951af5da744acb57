import { LAWS_OF_BALANCERS } from './laws-of-balancers.ts';
import { LAWS_OF_CLUSTERS } from './laws-of-clusters.ts';
import { LAWS_OF_FILES } from './laws-of-files.ts';
import { type Law, LAWS_OF_HOSTS } from './laws-of-hosts.ts';

/** All resources that are tried against a model of a host, by what a person would call them. */
export const LAWS = {
  ...LAWS_OF_HOSTS,
  ...LAWS_OF_FILES,
  ...LAWS_OF_CLUSTERS,
  ...LAWS_OF_BALANCERS,
} satisfies Readonly<Record<string, Law>>;
