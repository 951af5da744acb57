import { DEFAULT_DATA_DIR } from '#catalog/etcd-paths.ts';
import type { Json } from '#core/json.ts';

import type { Imported, ImportedEtcd } from './imported.ts';
import { listOf, mapOf, textOf } from './loose.ts';

/** What a tool calls the files by which an external etcd is reached. */
interface Keys {
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
}

const KUBEADM_KEYS: Keys = { caFile: 'caFile', certFile: 'certFile', keyFile: 'keyFile' };

/** Where the inventory has files that lie on hosts now. */
const HERE: Keys = {
  caFile: 'etcd/ca.crt',
  certFile: 'etcd/apiserver-etcd-client.crt',
  keyFile: 'etcd/apiserver-etcd-client.key',
};

type Result = Pick<Imported, 'etcd'> & { readonly notes: readonly string[] };

/** Where members keep their data; nothing where it is the usual place. */
export const dataDirOf = (value: Json | undefined): ImportedEtcd | undefined => {
  const dataDir = textOf(value)?.replace(/\/+$/, '');
  return dataDir === undefined || dataDir === '' || dataDir === DEFAULT_DATA_DIR ? undefined : { dataDir };
};

/**
 * An etcd that is somebody else's, as a tool knows it.
 *
 * @param isHere whether its files are on the machine that the tool runs on, rather than on the hosts.
 */
export function externalEtcdOf(
  value: Json | undefined,
  { keys = KUBEADM_KEYS, isHere = false }: { readonly keys?: Keys; readonly isHere?: boolean } = {},
): Result {
  const written = mapOf(value);
  const endpoints = listOf(written['endpoints']).flatMap((one) => textOf(one)?.replace(/\/+$/, '') ?? []);
  if (endpoints.length === 0) return { notes: [] };
  const files = Object.values(keys).map((key: string) => textOf(written[key]));
  const [caFile, certFile, keyFile] = files;
  const isSafe = endpoints.every((one) => one.startsWith('https://'));
  if (!isSafe || caFile === undefined || certFile === undefined || keyFile === undefined) {
    return {
      notes: [
        `the external etcd at ${endpoints.join(', ')} is not carried over: slipway takes one with TLS and a client certificate, in kubernetes.etcd.external`,
      ],
    };
  }
  if (isHere) return { etcd: { external: { endpoints, caFile, certFile, keyFile } }, notes: [] };
  return {
    etcd: { external: { endpoints, ...HERE } },
    notes: [
      `bring ${caFile}, ${certFile} and ${keyFile} of a control plane to ${Object.values(HERE).join(', ')} beside this file`,
    ],
  };
}
