import { packageFile } from '#core/package-file.ts';

/** A field of KubeletConfiguration. */
export interface KubeletField {
  readonly type:
    | 'any'
    | 'bool'
    | 'duration'
    | 'int32'
    | 'int64'
    | 'list'
    | 'map'
    | 'number'
    | 'quantity'
    | 'string'
    | 'threshold';
  /** All that a string may be. */
  readonly values?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  /** The first minor that has it, where that is not the oldest one here. */
  readonly since?: number;
}

/** The program that a flag is of. */
export type Program = 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler' | 'kubelet' | 'etcd';

export type GateOwner = 'components' | 'kubeadm';

/** A flag or a feature gate. */
export interface Known {
  /** Of a flag's value; `string` where it is not known better. */
  readonly type: string;
  /** The first minor that has it, as far as is known. */
  readonly since?: number;
  /** The last minor that has it, as far as is known. */
  readonly until?: number;
}

/** What may be set of Kubernetes' programs, in all minors that slipway knows. */
export interface KubernetesSettings {
  /** By path: `authentication.webhook.enabled`, `clusterDNS[]`, `evictionHard.*`. */
  readonly kubeletFields: ReadonlyMap<string, KubeletField>;
  readonly flags: Readonly<Record<Program, ReadonlyMap<string, Known>>>;
  /** Those of the programs, and kubeadm's own. */
  readonly featureGates: Readonly<Record<GateOwner, ReadonlyMap<string, Known>>>;
}

/** Of these minors every flag and every gate is known; of the others, those they have in common with these. */
export const COMPLETE_MINORS: readonly number[] = [34, 35];

/** etcd's release goes by that of Kubernetes, and a mirror may have another one. */
export const isComplete = (program: Program | 'gates', minor: number): boolean =>
  program !== 'etcd' && COMPLETE_MINORS.includes(minor);

interface Stored {
  readonly kubeletFields: Readonly<Record<string, KubeletField>>;
  readonly flags: Readonly<Record<Program, StoredFlags>>;
  readonly featureGates: Readonly<Record<GateOwner, StoredGates>>;
}

/** Names by the first minor that has them, and by the last. */
interface StoredGates {
  readonly since: Readonly<Record<string, string>>;
  readonly until: Readonly<Record<string, string>>;
}

/** Names by type, with blanks between. */
type StoredFlags = {
  readonly since?: Readonly<Record<string, number>>;
  readonly until?: Readonly<Record<string, number>>;
} & Readonly<Record<string, string | Readonly<Record<string, number>>>>;

let known: KubernetesSettings | undefined;

/**
 * Read from its file when it is asked for first: few commands need it.
 *
 * Fields: types.go of each minor from 1.30 to 1.37 (its beta); ranges and values: the validation of 1.35. Flags: `--help`
 * of the programs of 1.34 and 1.35, and what they mark as deprecated or hidden; etcd 3.6. Gates: the versioned
 * specifications of 1.34 and 1.35.
 *
 * @see https://github.com/kubernetes/kubelet/blob/v0.35.6/config/v1beta1/types.go
 * @see https://github.com/kubernetes/kubernetes/blob/v1.35.6/pkg/kubelet/apis/config/validation/validation.go
 * @see https://github.com/kubernetes/kubernetes/blob/v1.35.6/pkg/features/kube_features.go
 * @see https://github.com/kubernetes/kubernetes/blob/v1.35.6/cmd/kubeadm/app/features/features.go
 */
export function kubernetesSettings(): KubernetesSettings {
  known ??= read(packageFile('catalog/kubernetes-settings.json'));
  return known;
}

function read(text: string): KubernetesSettings {
  const { kubeletFields, flags, featureGates } = JSON.parse(text) as Stored;
  return {
    kubeletFields: new Map(Object.entries(kubeletFields)),
    flags: Object.fromEntries(
      Object.entries(flags).map(([program, stored]) => [program, flagsOf(stored)]),
    ) as KubernetesSettings['flags'],
    featureGates: { components: gatesOf(featureGates.components), kubeadm: gatesOf(featureGates.kubeadm) },
  };
}

function gatesOf({ since: first, until: last }: StoredGates): ReadonlyMap<string, Known> {
  const gates = new Map<string, Known>();
  for (const [since, names] of Object.entries(first))
    for (const name of names.split(' ')) gates.set(name, { type: 'bool', since: Number(since) });
  for (const [until, names] of Object.entries(last))
    for (const name of names.split(' '))
      gates.set(name, { type: 'bool', ...gates.get(name), until: Number(until) });
  return gates;
}

const flagsOf = ({ since = {}, until = {}, ...byType }: StoredFlags): ReadonlyMap<string, Known> =>
  new Map(
    Object.entries(byType).flatMap(([type, names]) =>
      (typeof names === 'string' ? names : '').split(' ').map((name): [string, Known] => [
        name,
        {
          type,
          ...(since[name] !== undefined && { since: since[name] }),
          ...(until[name] !== undefined && { until: until[name] }),
        },
      ]),
    ),
  );
