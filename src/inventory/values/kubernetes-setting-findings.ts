import { minorNumber } from '#catalog/kubernetes.ts';
import {
  type KubeadmDocument,
  type KubeadmField,
  kubeadmFields,
  V1BETA4_MINOR,
} from '#catalog/kubeadm-fields.ts';
import {
  type GateOwner,
  isComplete,
  kubernetesSettings,
  type Known,
  type Program,
} from '#catalog/kubernetes-settings.ts';
import { isJsonObject, type Json, type JsonObject } from '#core/json.ts';
import { type Finding, type Path, quoteValue } from '#inventory/text/problem.ts';
import { suggest, suggestNear } from '#inventory/text/suggestion.ts';
import { withoutV } from '#inventory/values/release.ts';

import { valueFault } from './setting-value.ts';

/** Nothing is known of a version that is not written, or is none. */
const minorIn = (version: string | undefined): number | undefined =>
  version !== undefined && /^v?1\.\d+/.test(version) ? minorNumber(withoutV(version)) : undefined;

/** What is wrong with fields of KubeletConfiguration, by the schema of the Kubernetes version. */
export function kubeletFieldFindings(
  written: JsonObject,
  version: string | undefined,
  path: Path,
): readonly Finding[] {
  const minor = minorIn(version);
  if (minor === undefined || Object.keys(written).length === 0) return [];
  const whole = { name: 'KubeletConfiguration', fields: kubernetesSettings().kubeletFields };
  return mapFindings(written, '', { whole, minor, path });
}

/** What is wrong with fields of one of kubeadm's documents. */
export function kubeadmFieldFindings(
  written: JsonObject,
  document: KubeadmDocument,
  { minor, path, reserved }: { readonly minor: number; readonly path: Path; readonly reserved: Reserved },
): readonly Finding[] {
  const name = document.replace(/^./, (letter) => letter.toUpperCase());
  const whole = { name, fields: kubeadmFields()[document], reserved };
  return mapFindings(written, '', { whole, minor, path });
}

/** To say what was meant of so many names would take too long. */
const MANY = 200;

/** Why a field cannot be set here. */
type Reserved = (field: KubeadmField) => string | undefined;

/** A configuration with all its fields. */
interface Whole {
  readonly name: string;
  readonly fields: ReadonlyMap<string, KubeadmField>;
  /** Absent: all fields can be set, and a null leaves one to its program. */
  readonly reserved?: Reserved;
}

interface FieldPlace extends Place {
  readonly whole: Whole;
}

interface Place {
  /** There are too many names beside it. */
  readonly isCrowded?: boolean;
  readonly minor: number;
  readonly path: Path;
}

function mapFindings(
  written: JsonObject,
  at: string,
  { whole, minor, path }: FieldPlace,
): readonly Finding[] {
  const { fields, reserved } = whole;
  const below = at === '' ? '' : `${at}.`;
  const isOpen = fields.has(`${below}*`);
  const isCrowded = Object.keys(written).length > MANY;
  return Object.entries(written).flatMap(([key, value]): readonly Finding[] => {
    const name = isOpen ? `${below}*` : `${below}${key}`;
    const field = fields.get(name);
    const here = { whole, minor, path: [...path, key], isCrowded };
    if (at === 'featureGates') return [...gateFinding(key, here), ...valueFindings(value, name, here)];
    if (field === undefined || (field.since ?? 0) > minor) return [unknownField(key, below, field, here)];
    const why = reserved?.(field);
    if (why !== undefined) return [keyFinding(`"${key}" ${why}`, here)];
    const signal = THRESHOLDS.has(at) && !SIGNALS.includes(key) ? [unknownSignal(key, here)] : [];
    return [...signal, ...valueFindings(value, name, here)];
  });
}

const fieldNames = (below: string, { whole, minor }: FieldPlace): readonly string[] =>
  [...whole.fields].flatMap(([name, { since = 0 }]) => {
    const rest = name.startsWith(below) ? name.slice(below.length) : '';
    return rest === '' || /[.[*]/.test(rest) || since > minor ? [] : [rest];
  });

function unknownField(
  key: string,
  below: string,
  field: KubeadmField | undefined,
  place: FieldPlace,
): Finding {
  const { minor } = place;
  if (field?.since !== undefined)
    return keyFinding(`"${key}" comes with Kubernetes 1.${field.since}: 1.${minor} has it not yet`, place);
  const parent = below === '' ? place.whole.name : below.replace(/\.$/, '');
  const message = `"${key}" is not a field of ${parent} in Kubernetes 1.${minor}`;
  return keyFinding(
    message,
    place,
    suggested(key, () => fieldNames(below, place), place),
  );
}

const keyFinding = (message: string, { path }: Place, suggestion?: string): Finding => ({
  path,
  isKey: true,
  message,
  ...(suggestion !== undefined && { suggestion }),
});

const suggested = (
  key: string,
  names: () => readonly string[],
  { isCrowded = false }: Place,
  near = suggest,
): string | undefined => (isCrowded ? undefined : near(key, names()));

/** Of whose values the keys are signals. */
const THRESHOLDS = new Set([
  'evictionHard',
  'evictionSoft',
  'evictionSoftGracePeriod',
  'evictionMinimumReclaim',
]);

/** @see https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/#eviction-signals (v1.34) */
const SIGNALS = [
  'memory.available',
  'nodefs.available',
  'nodefs.inodesFree',
  'imagefs.available',
  'imagefs.inodesFree',
  'containerfs.available',
  'containerfs.inodesFree',
  'allocatableMemory.available',
  'pid.available',
];

const unknownSignal = (key: string, place: Place): Finding =>
  keyFinding(
    `"${key}" is not a signal of eviction`,
    place,
    suggested(key, () => SIGNALS, place),
  );

/** A null leaves the field to the kubelet; in a document of kubeadm's it would take away what slipway sets below it. */
function valueFindings(value: Json, name: string, place: FieldPlace): readonly Finding[] {
  const { fields, reserved } = place.whole;
  const field = fields.get(name);
  if (field === undefined || (value === null && reserved === undefined) || field.type === 'any') return [];
  if (field.type === 'map') {
    return isJsonObject(value) ? mapFindings(value, name, place) : [wrong(value, 'a map', place)];
  }
  if (field.type === 'list') {
    if (!Array.isArray(value)) return [wrong(value, 'a list', place)];
    return value.flatMap((item: Json, index) =>
      valueFindings(item, `${name}[]`, { ...place, path: [...place.path, index] }),
    );
  }
  const fault = valueFault(value, field);
  return fault === undefined ? [] : [wrong(value, fault, place)];
}

const wrong = (value: Json, wanted: string, { path }: Place): Finding => ({
  path,
  message: `must be ${wanted}`,
  wanted,
  got: quoteValue(value),
});

/** A flag that a program does not have, or a value that it does not take. */
export function flagSettingFindings(
  flags: Readonly<Record<string, string | readonly (string | null)[]>>,
  program: Program,
  version: string | undefined,
  path: Path,
): readonly Finding[] {
  const minor = minorIn(version);
  if (minor === undefined || Object.keys(flags).length === 0) return [];
  const known = kubernetesSettings().flags[program];
  const isCrowded = Object.keys(flags).length > MANY;
  return Object.entries(flags).flatMap(([flag, value]): readonly Finding[] => {
    const place = { minor, path: [...path, flag], isCrowded };
    const name = flag.replaceAll('_', '-');
    const unknown = unknownFinding(name, known, isComplete(program, minor), `flag of ${program}`, place);
    if (unknown.length > 0) return unknown;
    if (typeof value === 'string') return flagValueFindings(name, value, known, place);
    if (minor < V1BETA4_MINOR) {
      const message = `has one value before Kubernetes 1.${V1BETA4_MINOR}, and no list of them`;
      return [{ path: place.path, message, got: quoteValue(value) }];
    }
    return value.flatMap((one, index) =>
      one === null ? [] : flagValueFindings(name, one, known, { ...place, path: [...place.path, index] }),
    );
  });
}

function flagValueFindings(
  name: string,
  value: string,
  known: ReadonlyMap<string, Known>,
  place: Place,
): readonly Finding[] {
  if (name === 'feature-gates') return gatesInFlag(value, place);
  const wanted = flagFault(value, known.get(name)?.type);
  return wanted === undefined ? [] : [wrong(value, wanted, place)];
}

function flagFault(value: string, type: string | undefined): string | undefined {
  if (type === 'bool') return /^(?:true|false|t|f|1|0)$/i.test(value) ? undefined : 'true or false';
  if (type === 'int32') return /^[-+]?\d+$/.test(value) ? undefined : 'a whole number';
  if (type === 'number') return Number.isFinite(Number(value)) && value !== '' ? undefined : 'a number';
  if (type === 'duration') return valueFault(value, { type });
  return undefined;
}

/** `A=true,B=false`; names may have the component before them: `kube:A=true`. */
function gatesInFlag(value: string, place: Place): readonly Finding[] {
  return value
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
    .flatMap((one): readonly Finding[] => {
      const [, name = '', set] = /^(?:\w+:)?([^=]*)(?:=(.*))?$/.exec(one) ?? [];
      const finding = gateFinding(name, place).map((found) => ({ ...found, isKey: false }));
      const isRight = set === 'true' || set === 'false';
      return isRight
        ? finding
        : [...finding, wrong(one, 'NAME=true or NAME=false, with commas between', place)];
    });
}

const gateFinding = (name: string, place: Place, owner: GateOwner = 'components'): readonly Finding[] =>
  unknownFinding(
    name,
    kubernetesSettings().featureGates[owner],
    isComplete('gates', place.minor),
    owner === 'kubeadm' ? 'feature gate of kubeadm' : 'feature gate',
    place,
  );

/** Feature gates of kubeadm's own that it does not have. */
export function kubeadmGateFindings(
  gates: readonly string[],
  version: string | undefined,
  path: Path,
): readonly Finding[] {
  const minor = minorIn(version);
  if (minor === undefined) return [];
  const isCrowded = gates.length > MANY;
  return gates.flatMap((name) => gateFinding(name, { minor, path: [...path, name], isCrowded }, 'kubeadm'));
}

/** Where not all names of a minor are known, only what is a letter or two from a known one is a fault. */
function unknownFinding(
  name: string,
  known: ReadonlyMap<string, Known>,
  isWhole: boolean,
  noun: string,
  place: Place,
): readonly Finding[] {
  const { minor } = place;
  const found = known.get(name);
  if (found === undefined) {
    const suggestion = suggested(name, () => [...known.keys()], place, isWhole ? suggest : suggestNear);
    const message = `"${name}" is not a ${noun} in Kubernetes 1.${minor}`;
    return isWhole || suggestion !== undefined ? [keyFinding(message, place, suggestion)] : [];
  }
  const { since = 0, until = Infinity } = found;
  const late = `comes with Kubernetes 1.${since}: 1.${minor} has it not yet`;
  const gone = `was taken away after Kubernetes 1.${until}: 1.${minor} has it no more`;
  if (since <= minor && minor <= until) return [];
  return [keyFinding(`the ${noun} "${name}" ${since > minor ? late : gone}`, place)];
}
