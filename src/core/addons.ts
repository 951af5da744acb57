import type { ManifestSource } from './cluster.ts';
import type { JsonObject } from './json.ts';

/** What runs on the cluster beside what makes it one. */
export interface Addons {
  /** Whether objects that slipway applied and no longer finds in the inventory are deleted. */
  readonly isPruning: boolean;
  /** In the order they are applied; each has a name of its own. */
  readonly sets: readonly AddonSet[];
}

/** Objects that are applied together, and known again by the name of their set. */
export type AddonSet =
  | MetricsServer
  | Volcano
  | SchedulerPlugins
  | LocalPath
  | Manifests
  | Kustomization
  | Chart;

interface Applied {
  /** How long its pods may take to be ready; 0: nobody waits for them. */
  readonly timeoutSeconds: number;
}

interface KnownAddon extends Applied {
  /** `0.9.0`; absent where a file of the operator's stands in its place, and nothing says its version. */
  readonly version?: string;
  /** Files of the project, at the tag of that version. */
  readonly sources: readonly ManifestSource[];
  /** Whether these are a file of the operator's. */
  readonly isOwn: boolean;
}

export interface MetricsServer extends KnownAddon {
  readonly name: 'metrics-server';
  /** Added to the flags that its manifest has. */
  readonly extraArgs: readonly string[];
}

export interface Volcano extends KnownAddon {
  readonly name: 'volcano';
}

export interface SchedulerPlugins extends KnownAddon {
  readonly name: 'scheduler-plugins';
  /** Of its images too. */
  readonly version: string;
  /** Where its two images are. */
  readonly imageRepository: string;
  /** What pods name it by, in `schedulerName`. */
  readonly schedulerName: string;
  readonly plugins: readonly string[];
  /** The pluginConfig of its profile, as KubeSchedulerConfiguration has it. */
  readonly pluginConfig: readonly JsonObject[];
}

export interface LocalPath extends KnownAddon {
  readonly name: 'local-path-provisioner';
  /** Where volumes lie on the nodes. */
  readonly path: string;
  /** Whether claims that name no class get this one. */
  readonly isDefault: boolean;
}

/** A file, all files of a directory, or a URL. */
export interface Manifests extends Applied {
  readonly name: string;
  readonly kind: 'manifests';
  /** An http(s) URL, or an absolute path of a file or a directory. */
  readonly location: string;
  /** Present for a URL: lower-case hexadecimal. */
  readonly sha256?: string;
}

/** A directory with a kustomization, built by kubectl on the first control plane. */
export interface Kustomization extends Applied {
  readonly name: string;
  readonly kind: 'kustomization';
  /** Absolute. */
  readonly directory: string;
}

/** A Helm chart, rendered by `helm template`. */
export interface Chart extends Applied {
  /** The release too. */
  readonly name: string;
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
