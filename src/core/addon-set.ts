import type { ManifestSource } from './manifest-source.ts';
import type { JsonObject } from './json.ts';

/** What runs on the cluster beside what makes it one. */
export interface Addons {
  /** Whether objects that slipway applied and no longer finds in the inventory are deleted. */
  readonly isPruning: boolean;
  /** In the order they are applied; each has a name of its own. */
  readonly sets: readonly AddonSet[];
}

/** Objects that are applied together, and labelled with the name of their set. */
export type AddonSet = KnownAddon | Manifests | Kustomization | Chart;

interface Applied {
  readonly name: string;
  /** How long its pods may take to be ready; 0: nobody waits for them. */
  readonly timeoutSeconds: number;
}

/** An addon of the table in src/addons, with its settings. */
export interface KnownAddon<Settings = Readonly<Record<string, unknown>>> extends Applied {
  readonly kind: 'known';
  /** `0.9.0`; absent where a file of the operator's stands in its place, and nothing says its version. */
  readonly version?: string;
  /** Files of the project, at that version. */
  readonly sources: readonly ManifestSource[];
  /** Whether these are a file of the operator's. */
  readonly isOwn: boolean;
  /** Its own fields of the inventory, defaults applied. */
  readonly settings: Settings;
}

/** A file, all files of a directory, or a URL. */
export interface Manifests extends Applied {
  readonly kind: 'manifests';
  /** An http(s) URL, or an absolute path of a file or a directory. */
  readonly location: string;
  /** Present for a URL: lower-case hexadecimal. */
  readonly sha256?: string;
}

/** A directory with a kustomization, built by kubectl on a control plane. */
export interface Kustomization extends Applied {
  readonly kind: 'kustomization';
  /** Absolute. */
  readonly directory: string;
}

/** A Helm chart, rendered by `helm template`; its name is that of the release too. */
export interface Chart extends Applied {
  readonly kind: 'chart';
  /** The chart's name in its repository, an oci:// reference, or an absolute path. */
  readonly chart: string;
  /** URL of the repository; absent where the chart is a path or an oci:// reference. */
  readonly repository?: string;
  /** Absent only where the chart is a path. */
  readonly version?: string;
  readonly namespace: string;
  readonly values: JsonObject;
  /** Of the cluster: `1.34.9`. Charts ask for it. */
  readonly kubernetesVersion: string;
  /** Where helm runs. */
  readonly runsOn: 'controller' | 'control-plane';
}
