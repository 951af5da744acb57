/** The settings of a containerd configuration that can contradict each other. */
export type CriSettings = {
  readonly hasMirrors: boolean;
  readonly hasConfigPath: boolean;
  readonly defaultRuntime: string | null;
  readonly runtimes: readonly string[];
};

/** A file, or a part of the inventory, and what it sets. */
export interface CriSource {
  readonly name: string;
  readonly cri: CriSettings;
}

/** The CRI plugin, by the names it had: one up to 1.7, split in two from 2.0 on. */
const PLUGINS = [
  'io.containerd.grpc.v1.cri',
  'io.containerd.cri.v1.images',
  'io.containerd.cri.v1.runtime',
] as const;

/** Reads the settings out of a whole configuration, in any of its formats. */
export function criSettings(root: unknown): CriSettings {
  const sections = PLUGINS.map((plugin) => at(root, 'plugins', plugin));
  const all = (...path: readonly string[]): readonly unknown[] =>
    sections.map((section) => at(section, ...path)).filter((value) => value !== undefined);
  const isFilled = (value: unknown): boolean => typeof value === 'object' && keysOf(value).length > 0;
  const [defaultRuntime] = all('containerd', 'default_runtime_name');
  return {
    hasMirrors: all('registry', 'mirrors').some(isFilled),
    hasConfigPath: all('registry', 'config_path').some((value) => value !== ''),
    defaultRuntime: typeof defaultRuntime === 'string' && defaultRuntime !== '' ? defaultRuntime : null,
    runtimes: all('containerd', 'runtimes').flatMap(keysOf),
  };
}

/**
 * Settings that keep containerd's CRI plugin from loading: the daemon starts, is active, and serves no kubelet.
 *
 * @param sources in order: a later one overrides those before it.
 * @see https://github.com/containerd/containerd/blob/v1.7.24/pkg/cri/config/config.go (ValidatePluginConfig)
 */
export function criContradictions(sources: readonly CriSource[]): readonly string[] {
  const hasConfigPath = sources.some(({ cri }) => cri.hasConfigPath);
  const mirrors = hasConfigPath ? sources.filter(({ cri }) => cri.hasMirrors) : [];
  const chooser = sources.findLast(({ cri }) => cri.defaultRuntime !== null);
  const chosen = chooser?.cri.defaultRuntime;
  const isDefined = sources.some(({ cri }) => cri.runtimes.some((name) => name === chosen));
  return [
    ...mirrors.map(
      ({ name }) =>
        `${name} sets registry.mirrors, which containerd refuses beside registry.config_path: its CRI plugin would not load`,
    ),
    ...(chooser !== undefined && !isDefined
      ? [
          `${chooser.name} makes ${JSON.stringify(chosen)} the default runtime, and no table defines it: the CRI plugin would not load`,
        ]
      : []),
  ];
}

/** Settings that containerd 2.4 has no more, and what is there in their place. */
const REMOVED: readonly (readonly [path: readonly string[], instead: string])[] = [
  ...['mirrors', 'configs', 'auths'].map(
    (name) => [['registry', name], 'registries of the inventory say it'] as const,
  ),
  [['cni', 'bin_dir'], 'cni.bin_dirs is a list'],
  [['enable_cdi'], 'CDI is always on'],
];

/**
 * What a containerd of this version would pass over in a configuration, because it was removed.
 *
 * @see https://github.com/containerd/containerd/blob/301026e/RELEASES.md (deprecated config properties: removed in 2.4)
 */
export function removedSettings(version: string, root: unknown): readonly string[] {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number.parseFloat);
  if (major < 2 || (major === 2 && minor < 4)) return [];
  return REMOVED.flatMap(([path, instead]) =>
    PLUGINS.some((plugin) => at(root, 'plugins', plugin, ...path) !== undefined)
      ? [`${path.join('.')}, which is gone from containerd 2.4: ${instead}`]
      : [],
  );
}

/** The value at a path of tables; undefined where there is none. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (found, key) =>
      typeof found === 'object' && found !== null ? (found as Record<string, unknown>)[key] : undefined,
    value,
  );
}

export const keysOf = (value: unknown): readonly string[] =>
  typeof value === 'object' && value !== null ? Object.keys(value) : [];
