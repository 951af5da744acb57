import type { KnownAddon } from '#core/addon-set.ts';
import type { Kubernetes } from '#core/kubernetes.ts';
import type { ManifestSource } from '#core/manifest-source.ts';
import type { Accepted, Schema } from '#core/schema.ts';

type Versions = readonly [string, ...string[]];

type Fields = Readonly<Record<string, Schema>>;

/** An addon's own fields, as they are when the defaults have been applied. */
type Settings<F extends Fields> = { readonly [Key in keyof F]: Accepted<F[Key]> };

interface AddonRelease {
  readonly version: string;
  /** Paths of the files it is made of, and the sha256 of each. */
  readonly files: Readonly<Record<string, string>>;
}

/** All that there is to say of an addon: what the inventory, the plan, `verify` and the documentation know of it. */
interface AddonDefinition<Name extends string, F extends Fields> {
  readonly name: Name;
  /** What it is, in one sentence. */
  readonly summary: string;
  /** What slipway changes in the project's files, for the documentation. */
  readonly changes: string;
  /** `owner/name` on GitHub. */
  readonly repository: string;
  /** Where the files of a release are: in the project's tree at its tag, or among what it publishes; default `tree`. */
  readonly filesIn?: 'tree' | 'release';
  /** The tag of a release; default: its version with a v before it. */
  readonly tagOf?: (version: string) => string;
  /** The releases whose digests slipway knows, newest first. */
  readonly releases: readonly [AddonRelease, ...AddonRelease[]];
  /** The version by default, where that is not the newest release; `help` says in a sentence which one it is. */
  readonly defaultVersion?: {
    readonly help: string;
    readonly of: (kubernetes: string, versions: Versions) => string;
  };
  /** What the project calls the file that an operator may give in place of these. */
  readonly file: string;
  /** Where its pods are, beside kube-system. */
  readonly namespaces: readonly string[];
  /** Its own fields in the inventory, beside those that every addon has. */
  readonly schema: F;
  readonly defaults: Settings<F> | ((kubernetes: Kubernetes) => Settings<F>);
  /** Has kubectl make the objects on a control plane, of files that are a kustomization; `render` is for a file of the operator's then. */
  readonly kustomization?: (addon: KnownAddon<Settings<F>>) => KustomizedAddon;
  /** Its objects, made of its files. */
  readonly render: (files: readonly string[], addon: KnownAddon<Settings<F>>) => string;
}

export interface KustomizedAddon {
  /** The kustomization, among the files of a release. */
  readonly directory: string;
  /** The image to take, with its tag, by the name that the files have for it. */
  readonly images: Readonly<Record<string, string>>;
}

/** An addon that slipway knows. */
export interface Addon<Name extends string = string, F extends Fields = Fields> extends Pick<
  AddonDefinition<Name, F>,
  'name' | 'summary' | 'changes' | 'repository' | 'defaultVersion' | 'file' | 'namespaces' | 'schema'
> {
  /** Versions whose digests are known, newest first. */
  readonly versions: Versions;
  /** The version that goes with one of Kubernetes; undefined where the newest goes with all. */
  readonly versionFor: (kubernetes: string) => string | undefined;
  /** Paths of the files of a release, in the order of its sources. */
  readonly paths: (version: string) => readonly string[];
  /** The files of a release; undefined where the release is not known. */
  readonly sources: (version: string, mirror?: string) => readonly ManifestSource[] | undefined;
  readonly settings: (
    written: Readonly<Record<string, unknown>>,
    kubernetes: Kubernetes,
  ) => KnownAddon['settings'];
  readonly kustomization: ((addon: KnownAddon) => KustomizedAddon) | undefined;
  readonly render: (files: readonly string[], addon: KnownAddon) => string;
}

/** Below it lie `owner/name/TAG/path`; a mirror of it has the files of releases in the same places. */
const GITHUB_FILES = 'https://raw.githubusercontent.com';

export function defineAddon<const Name extends string, const F extends Fields>(
  definition: AddonDefinition<Name, F>,
): Addon<Name, F> {
  const { repository, filesIn = 'tree', releases, schema, defaults, kustomization, render } = definition;
  const { tagOf = (version) => `v${version}` } = definition;
  const [{ version: newest }, ...older] = releases;
  const placeOf = (version: string, mirror: string | undefined): string =>
    filesIn === 'release' && mirror === undefined
      ? `https://github.com/${repository}/releases/download/${tagOf(version)}`
      : `${mirror ?? GITHUB_FILES}/${repository}/${tagOf(version)}`;
  const filesOf = (version: string) => releases.find((release) => release.version === version)?.files;
  const versions: Versions = [newest, ...older.map(({ version }) => version)];
  return {
    ...definition,
    versions,
    versionFor: (kubernetes) => definition.defaultVersion?.of(kubernetes, versions),
    paths: (version) => Object.keys(filesOf(version) ?? {}),
    sources: (version, mirror) => {
      const files = filesOf(version);
      return (
        files &&
        Object.entries(files).map(([path, sha256]) => ({
          location: `${placeOf(version, mirror)}/${path}`,
          sha256,
        }))
      );
    },
    settings: (written, kubernetes) => ({
      ...(typeof defaults === 'function' ? defaults(kubernetes) : defaults),
      ...Object.fromEntries(Object.entries(written).filter(([key]) => key in schema)),
    }),
    // The settings are those that were made above.
    kustomization: kustomization && ((addon) => kustomization(addon as KnownAddon<Settings<F>>)),
    render: (files, addon) => render(files, addon as KnownAddon<Settings<F>>),
  };
}
