import { packageFile } from '#core/package-file.ts';

import type { KubeletField } from './kubernetes-settings.ts';

/** The documents of kubeadm's configuration, as the inventory names them. */
export const KUBEADM_DOCUMENTS = ['initConfiguration', 'clusterConfiguration', 'joinConfiguration'] as const;
export type KubeadmDocument = (typeof KUBEADM_DOCUMENTS)[number];

/** A field of kubeadm's v1beta4. With neither `key` nor `own` it is set by `kubernetes.kubeadm` alone. */
export interface KubeadmField extends KubeletField {
  /** What in the inventory sets it. */
  readonly key?: string;
  /** Why nothing in the inventory sets it. */
  readonly own?: string;
}

/** The first minor whose kubeadm reads v1beta4. */
export const V1BETA4_MINOR = 31;

type Fields = Readonly<Record<KubeadmDocument, ReadonlyMap<string, KubeadmField>>>;
type Stored = Readonly<Record<KubeadmDocument, Readonly<Record<string, KubeadmField>>>>;

let known: Fields | undefined;

/**
 * All fields, by path. Read from its file when it is asked for first: few inventories need it.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.35.6/cmd/kubeadm/app/apis/kubeadm/v1beta4/types.go
 */
export function kubeadmFields(): Fields {
  known ??= read(JSON.parse(packageFile('catalog/kubeadm-fields.json')) as Stored);
  return known;
}

const read = (stored: Stored): Fields => ({
  initConfiguration: new Map(Object.entries(stored.initConfiguration)),
  clusterConfiguration: new Map(Object.entries(stored.clusterConfiguration)),
  joinConfiguration: new Map(Object.entries(stored.joinConfiguration)),
});
