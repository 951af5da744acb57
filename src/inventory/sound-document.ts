import type { HostDocument, InventoryDocument } from './schema.ts';

type KubernetesDocument = InventoryDocument['kubernetes'];

/**
 * The inventory with all that the schema refuses taken out, so that what is left can be checked as well. Items
 * of lists that were taken out are null.
 */
export interface SoundDocument extends Partial<Omit<InventoryDocument, 'kubernetes' | 'hosts'>> {
  readonly kubernetes?: Partial<KubernetesDocument>;
  readonly hosts?: readonly (SoundHost | null)[];
}

type SoundHost = Omit<HostDocument, 'name'> & Partial<Pick<HostDocument, 'name'>>;
