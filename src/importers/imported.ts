import type { Role } from '#core/cluster.ts';
import type { JsonObject } from '#core/json.ts';

/** A host as another tool knows it. What is undefined, the tool does not say. */
export interface ImportedHost {
  readonly name: string;
  readonly role?: Role | undefined;
  readonly address?: string | undefined;
  readonly port?: number | undefined;
  readonly user?: string | undefined;
  readonly identityFile?: string | undefined;
  readonly proxyJump?: string | undefined;
  readonly nodeIp?: string | undefined;
  readonly connection?: 'local' | undefined;
  readonly gpu?: true | undefined;
  /** Of a control plane that is a worker as well. */
  readonly takesPods?: boolean | undefined;
  /** Secrets that the tool holds: the inventory asks a person for them. */
  readonly asksFor?: readonly ('password' | 'becomePassword')[] | undefined;
  /** What could not be carried over. */
  readonly notes?: readonly string[] | undefined;
}

/** What is said of etcd. */
export interface ImportedEtcd {
  /** Where members on control planes keep their data. */
  readonly dataDir?: string | undefined;
  /** One that is somebody else's, with its files as the inventory names them. */
  readonly external?:
    | {
        readonly endpoints: readonly string[];
        readonly caFile: string;
        readonly certFile: string;
        readonly keyFile: string;
      }
    | undefined;
}

/** As much as an inventory can hold of what another tool knows. */
export interface Imported {
  readonly cluster?: string | undefined;
  readonly version?: string | undefined;
  /** host:port. */
  readonly endpoint?: string | undefined;
  readonly podSubnet?: string | undefined;
  readonly serviceSubnet?: string | undefined;
  readonly dnsDomain?: string | undefined;
  readonly imageRepository?: string | undefined;
  readonly etcd?: ImportedEtcd | undefined;
  /** More of what stands below `kubernetes` in an inventory, as it is written there. */
  readonly settings?: JsonObject | undefined;
  readonly runtime?:
    | { readonly type: 'containerd' | 'docker' | 'cri-o'; readonly source?: string | undefined }
    | undefined;
  /** Of a running cluster whose hosts have several, or one that no package has brought. */
  readonly isRuntimeUnknown?: true | undefined;
  /** Keys of hosts, where it is not the file of ssh. */
  readonly knownHosts?: string | undefined;
  /** What stands below `network` in an inventory, where a running cluster has a network that slipway knows. */
  readonly network?: JsonObject | undefined;
  /** A running cluster has another network, which stays as it is. */
  readonly isNetworkLeft?: true | undefined;
  /** Machines that are made anew often, each time with other keys. */
  readonly areKeysNew?: true | undefined;
  readonly hosts: readonly ImportedHost[];
  /** What could not be carried over, of the whole. */
  readonly notes: readonly string[];
}

/** Reads what a tool says. @throws {SlipwayError} where it is something else. */
export type Importer = (text: string) => Imported;
