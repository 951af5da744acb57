import { stringify } from 'smol-toml';

import { containerdConfigVersion } from '#catalog/containerd.ts';
import type { JsonObject } from '#core/json.ts';
import { mergeObjects } from '#core/merge-objects.ts';
import type { RuntimeHandler } from '#core/runtime.ts';

import { containerdHandlers } from './runtime-handlers.ts';

export interface ContainerdSettings {
  /** The image of the container that holds the namespaces of a pod. */
  readonly sandboxImage: string;
  /** Absent: containerd's own choice. */
  readonly snapshotter?: string | undefined;
  /** Directories of CNI plugins to look into before /opt/cni/bin, from containerd 2.1 on. */
  readonly cniBins?: readonly string[] | undefined;
  /** Files that are to be laid over this one, as they stood in the file before, absolute; drop-ins are always among them. */
  readonly imports?: readonly string[] | undefined;
  readonly handlers?: readonly RuntimeHandler[] | undefined;
  /** Merged over what is written here, from the root of the file. */
  readonly config: JsonObject;
}

/** Where the Kubernetes packages put plugins, and where network plugins put theirs (kubernetes-cni 1.8.0). */
const CNI_BIN = '/opt/cni/bin';
const CNI_CONF = '/etc/cni/net.d';

/**
 * The text of containerd's configuration, in the format that its version reads.
 *
 * @see https://github.com/containerd/containerd/blob/v2.2.0/docs/cri/config.md
 * @see https://kubernetes.io/docs/setup/production-environment/container-runtimes/#containerd (v1.34)
 */
export const containerdConfig = (version: string, settings: ContainerdSettings): string =>
  `# Written by slipway; settings of your own go into the inventory, under runtime.config.\n${stringify(containerdTables(version, settings))}`;

/** The same as an object. @throws {TypeError} where `version` is not a version. */
export function containerdTables(version: string, settings: ContainerdSettings): JsonObject {
  const upstream = version.replace(/^\d+:/, '');
  if (!/^\d+\.\d+/.test(upstream)) throw new TypeError(`not a version of containerd: ${version}`);
  const format = containerdConfigVersion(upstream);
  const own = format === 2 ? formatOf1(settings) : formatOf2(format, upstream, settings);
  return mergeObjects(own, settings.config);
}

const runc = { runtime_type: 'io.containerd.runc.v2', options: { SystemdCgroup: true } };

/** A version of containerd for each format of its configuration, by the format's number. */
export const VERSION_OF_FORMAT: Readonly<Record<number, string>> = { 2: '1.7', 3: '2.0', 4: '2.3' };

const DROP_INS = '/etc/containerd/conf.d/*.toml';

/** Drop-ins come last where nobody has put them elsewhere: the NVIDIA runtime is one. */
const importsWith = (others: readonly string[] = []): readonly string[] =>
  others.includes(DROP_INS) ? others : [...others, DROP_INS];

/** The files that a configuration has laid over it: an administrator's, which slipway keeps. */
export const importsIn = (tables: JsonObject | undefined): readonly string[] => {
  const imports = tables?.['imports'];
  const names = Array.isArray(imports) ? imports.filter((one) => typeof one === 'string') : [];
  return names.map((one) => (one.startsWith('/') ? one : `/etc/containerd/${one}`));
};

const CERTIFICATES = '/etc/containerd/certs.d';

const formatOf1 = ({ sandboxImage, snapshotter, imports, handlers }: ContainerdSettings): JsonObject => ({
  version: 2,
  imports: importsWith(imports),
  plugins: {
    'io.containerd.grpc.v1.cri': {
      sandbox_image: sandboxImage,
      cni: { bin_dir: CNI_BIN, conf_dir: CNI_CONF },
      containerd: {
        ...snapshotterField(snapshotter),
        default_runtime_name: 'runc',
        runtimes: { runc, ...containerdHandlers(handlers) },
      },
      registry: { config_path: CERTIFICATES },
    },
  },
});

const snapshotterField = (snapshotter: string | undefined): JsonObject =>
  snapshotter === undefined ? {} : { snapshotter };

const formatOf2 = (
  format: 3 | 4,
  version: string,
  { sandboxImage, snapshotter, imports, handlers, cniBins = [] }: ContainerdSettings,
): JsonObject => ({
  version: format,
  imports: importsWith(imports),
  plugins: {
    'io.containerd.cri.v1.images': {
      ...snapshotterField(snapshotter),
      pinned_images: { sandbox: sandboxImage },
      registry: { config_path: CERTIFICATES },
    },
    'io.containerd.cri.v1.runtime': {
      // bin_dir is deprecated in 2.1 and gone in 2.3: https://containerd.io/releases/#deprecated-features
      cni: {
        ...(version.startsWith('2.0') ? { bin_dir: CNI_BIN } : { bin_dirs: [...cniBins, CNI_BIN] }),
        conf_dir: CNI_CONF,
      },
      containerd: { default_runtime_name: 'runc', runtimes: { runc, ...containerdHandlers(handlers) } },
    },
  },
});
