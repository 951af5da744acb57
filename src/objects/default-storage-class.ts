import type { Document } from 'yaml';

/**
 * Has claims that name no storage class get this one.
 *
 * @see https://kubernetes.io/docs/tasks/administer-cluster/change-default-storage-class/ (v1.34)
 */
export const makeDefault = (storageClass: Document): void =>
  storageClass.setIn(['metadata', 'annotations', 'storageclass.kubernetes.io/is-default-class'], 'true');
