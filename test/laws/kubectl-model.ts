import { parseAllDocuments } from 'yaml';

import { isEqualJson, isJsonObject, type Json, type JsonObject } from '#core/json.ts';
import { mergeObjects } from '#core/merge-objects.ts';
import { FIELD_MANAGER, identityOf } from '#facts/owned-objects.ts';

/** The objects of a cluster, by what tells them apart. */
export type ClusterModel = Map<string, JsonObject>;

interface Arguments {
  readonly words: readonly string[];
  readonly flags: ReadonlyMap<string, string>;
}

/** What a call of kubectl does to a cluster. @throws {Error} where kubectl would fail. */
export function runKubectl(cluster: ClusterModel, argv: readonly string[], stdin: string): void {
  const given = readArguments(argv);
  const [verb = ''] = given.words;
  const effect = EFFECTS[verb];
  if (effect === undefined) throw new TypeError(`the model does not know kubectl ${verb}`);
  effect(cluster, given, stdin);
}

type Effect = (cluster: ClusterModel, given: Arguments, stdin: string) => void;

const EFFECTS: Readonly<Record<string, Effect>> = {
  label: (cluster, given) => mark(cluster, given, 'labels'),
  annotate: (cluster, given) => mark(cluster, given, 'annotations'),
  taint,
  cordon: (cluster, { words: [, name = ''] }) => schedule(cluster, name, false),
  uncordon: (cluster, { words: [, name = ''] }) => schedule(cluster, name, true),
  drain: drainNode,
  patch,
  delete: remove,
  apply: (cluster, { flags }, stdin) => {
    if (!flags.has('server-side') || flags.get('field-manager') !== FIELD_MANAGER) {
      throw new TypeError('the model knows how to apply on the server side alone');
    }
    for (const object of readObjects(stdin)) {
      refuseObject(cluster, object);
      cluster.set(identity(object), applied(cluster, object));
    }
  },
};

/** `-n` and its like take the next word, `--flag` none but what stands behind `=`. */
function readArguments(argv: readonly string[]): Arguments {
  const words: string[] = [];
  const flags = new Map<string, string>();
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? '';
    const [, name, value = ''] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (name !== undefined) flags.set(name, value);
    else if (/^-[a-z]$/.test(word) && argv[index + 1] !== undefined) {
      index += 1;
      flags.set(word.slice(1), argv[index] ?? '');
    } else words.push(word);
  }
  return { words, flags };
}

/** The member of an object at a path, as a map. */
export const mapAt = (object: Json | undefined, ...path: readonly string[]): JsonObject => {
  const found = path.reduce<Json | undefined>(
    (value, key) => (isJsonObject(value) ? value[key] : undefined),
    object,
  );
  return isJsonObject(found) ? found : {};
};

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

export const identity = (object: JsonObject): string =>
  identityOf({
    apiVersion: text(object['apiVersion']),
    kind: text(object['kind']),
    name: text(mapAt(object, 'metadata')['name']),
    namespace: text(mapAt(object, 'metadata')['namespace']),
  });

const singular = (name: string): string => name.toLowerCase().replace(/s$/, '');

/** `ippools.crd.projectcalico.org` is a word for objects of kind IPPool in that group. */
function isOfKind(object: JsonObject, word: string): boolean {
  const [kind = '', ...group] = word.split('.');
  const [own = '', ...ownGroup] = (identity(object).split('/')[0] ?? '').split('.');
  return singular(kind) === singular(own) && (group.length === 0 || group.join('.') === ownGroup.join('.'));
}

function find(
  cluster: ClusterModel,
  kind: string,
  name: string,
  namespace: string,
): readonly [string, JsonObject] {
  const found = [...cluster].find(
    ([, object]) =>
      isOfKind(object, kind) &&
      mapAt(object, 'metadata')['name'] === name &&
      text(mapAt(object, 'metadata')['namespace']) === namespace,
  );
  if (found === undefined) throw new Error(`${kind} "${name}" not found`);
  return found;
}

/** `key=value` sets, `key-` takes away. */
function mark(cluster: ClusterModel, { words, flags }: Arguments, field: 'labels' | 'annotations'): void {
  const [, kind = '', name = '', ...changes] = words;
  if (changes.length === 0) throw new Error('at least one update is required');
  const [key, object] = find(cluster, kind, name, flags.get('n') ?? '');
  const marks: Record<string, Json> = { ...mapAt(object, 'metadata', field) };
  for (const change of changes) {
    const [, marked = '', value] = /^([^=]*?)(?:-|=(.*))$/s.exec(change) ?? [];
    if (value === undefined) delete marks[marked];
    else if (marked in marks && marks[marked] !== value && !flags.has('overwrite')) {
      throw new Error(`'${marked}' already has a value, and --overwrite is false`);
    } else marks[marked] = value;
  }
  cluster.set(key, { ...object, metadata: { ...mapAt(object, 'metadata'), [field]: marks } });
}

/** Unlike a label, a taint that is not there cannot be taken away. */
function taint(cluster: ClusterModel, { words, flags }: Arguments): void {
  const [, kind = '', name = '', ...changes] = words;
  if (changes.length === 0) throw new Error('at least one taint update is required');
  const [key, object] = find(cluster, kind, name, '');
  const found = mapAt(object, 'spec')['taints'];
  let taints = Array.isArray(found) ? (found as readonly JsonObject[]) : [];
  for (const change of changes) {
    const [, tainted = '', value = '', effect = '', minus] =
      /^([^=:]*)(?:=([^:]*))?:([A-Za-z]*)(-)?$/.exec(change) ?? [];
    const isSame = (one: JsonObject): boolean => one['key'] === tainted && one['effect'] === effect;
    const isThere = taints.some(isSame);
    if (minus !== undefined && !isThere) throw new Error(`taint "${tainted}:${effect}" not found`);
    if (minus === undefined && isThere && !flags.has('overwrite')) throw new Error('already has the taint');
    taints = taints.filter((one) => !isSame(one));
    if (minus === undefined) {
      taints = [...taints, { key: tainted, ...(value !== '' && { value }), effect }];
    }
  }
  cluster.set(key, { ...object, spec: { ...mapAt(object, 'spec'), taints } });
}

function schedule(cluster: ClusterModel, name: string, isSchedulable: boolean): void {
  const [key, object] = find(cluster, 'node', name, '');
  const spec: Record<string, Json> = { ...mapAt(object, 'spec') };
  if (isSchedulable) delete spec['unschedulable'];
  else spec['unschedulable'] = true;
  cluster.set(key, { ...object, spec });
}

/** Pods are none of the model's; what is seen of a drain is that nothing new comes. */
function drainNode(cluster: ClusterModel, { words: [, name = ''], flags }: Arguments): void {
  if (!flags.has('ignore-daemonsets')) throw new Error('cannot delete DaemonSet-managed Pods');
  schedule(cluster, name, false);
}

function patch(cluster: ClusterModel, { words: [, kind = '', name = ''], flags }: Arguments): void {
  if (flags.get('type') !== 'merge') throw new TypeError('the model knows merge patches alone');
  const [key, object] = find(cluster, kind, name, flags.get('n') ?? '');
  cluster.set(key, merged(object, JSON.parse(flags.get('p') ?? '') as JsonObject));
}

/** @see https://www.rfc-editor.org/rfc/rfc7386 */
function merged(target: JsonObject, change: JsonObject): JsonObject {
  const result: Record<string, Json> = { ...target };
  for (const [key, value] of Object.entries(change)) {
    if (value === null) delete result[key];
    else result[key] = isJsonObject(value) ? merged(mapAt(result, key), value) : value;
  }
  return result;
}

/** By names, `kind/name` or one after its kind; or by what a selector says of kinds. */
function remove(cluster: ClusterModel, { words: [, kinds = '', ...named], flags }: Arguments): void {
  const selector = flags.get('selector')?.split('=');
  const only = /^metadata\.name=(.*)$/.exec(flags.get('field-selector') ?? '')?.[1];
  if (named.length === 0 && selector === undefined && !kinds.includes('/')) throw new Error('but no name');
  const wanted = kinds.includes('/')
    ? [kinds, ...named].map((word) => word.split('/'))
    : kinds.split(',').flatMap((kind) => (named.length === 0 ? [only] : named).map((name) => [kind, name]));
  const namespace = flags.get('namespace') ?? flags.get('n') ?? '';
  for (const [kind = '', name] of wanted) {
    const gone = [...cluster].filter(([, object]) => {
      const metadata = mapAt(object, 'metadata');
      return (
        isOfKind(object, kind) &&
        (name === undefined || metadata['name'] === name) &&
        (flags.has('all-namespaces') || text(metadata['namespace']) === namespace) &&
        (selector === undefined || mapAt(metadata, 'labels')[selector[0] ?? ''] === selector[1])
      );
    });
    if (selector === undefined && gone.length === 0 && !flags.has('ignore-not-found')) {
      throw new Error(`${kind} "${name}" not found`);
    }
    for (const [key] of gone) cluster.delete(key);
  }
}

export const readObjects = (manifest: string): readonly JsonObject[] =>
  parseAllDocuments(manifest).flatMap((document) => {
    const object = document.toJS() as JsonObject | null;
    return object === null ? [] : [object];
  });

/** The object as it is once this one is applied over it: what others set stays. */
function applied(cluster: ClusterModel, object: JsonObject): JsonObject {
  const after = mergeObjects(cluster.get(identity(object)) ?? {}, object);
  return {
    ...after,
    metadata: {
      ...mapAt(after, 'metadata'),
      managedFields: [{ manager: FIELD_MANAGER, operation: 'Apply' }],
    },
  };
}

/** As the API server says it. */
function refuseObject(cluster: ClusterModel, object: JsonObject): void {
  const { name, namespace } = mapAt(object, 'metadata');
  if (namespace !== undefined && !cluster.has(`Namespace//${text(namespace)}`)) {
    throw new Error(`Error from server (NotFound): namespaces "${text(namespace)}" not found`);
  }
  const before = cluster.get(identity(object));
  if (object['kind'] !== 'Job' || before === undefined) return;
  const template = mapAt(before, 'spec', 'template');
  if (!isEqualJson(template, mergeObjects(template, mapAt(object, 'spec', 'template')))) {
    throw new Error(
      `The Job "${text(name)}" is invalid: spec.template: Invalid value: {}: field is immutable`,
    );
  }
}

/** What `kubectl diff` prints of a manifest, with its exit code in front. */
export function kubectlDiff(cluster: ClusterModel, manifest: string): string {
  const sections: string[] = [];
  for (const object of readObjects(manifest)) {
    try {
      refuseObject(cluster, object);
    } catch (error) {
      return `2\n${(error as Error).message}\n`;
    }
    const before = cluster.get(identity(object));
    const after = applied(cluster, object);
    if (before !== undefined && isEqualJson(before, after)) continue;
    const { name, namespace } = mapAt(object, 'metadata');
    const file = `v1.${text(object['kind'])}.${text(namespace)}.${text(name)}`;
    const head = before === undefined ? '@@ -0,0 +1 @@' : `@@ -1 +1 @@\n-${JSON.stringify(before)}`;
    sections.push(
      `diff -u -N LIVE/${file} MERGED/${file}\n--- LIVE/${file}\n+++ MERGED/${file}\n${head}\n+${JSON.stringify(after)}\n`,
    );
  }
  return sections.length === 0 ? '0\n' : `1\n${sections.join('')}`;
}
