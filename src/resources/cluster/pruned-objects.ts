import type { Fact } from '#core/fact.ts';
import { changeOr, noted, resource, type Resource } from '#core/resource.ts';
import { embed, sh } from '#core/shell.ts';
import type { Step } from '#core/step.ts';
import { kubectl } from '#facts/kubectl.ts';
import { type OwnedObject, ownedObjects, SET_LABEL } from '#facts/owned-objects.ts';
import { waitsForApi } from '#facts/waits-for-api.ts';
import { manifestObjects, type NamedObject, objectIdentity } from '#objects/manifest-objects.ts';

/** What the objects of a set are: known here, rendered on the control plane, or not to be known. */
export type SetContent = string | Fact<string> | undefined;

/** Deleting these would delete what others have put there, or data. */
const KEPT = new Set([
  'Namespace',
  'CustomResourceDefinition.apiextensions.k8s.io',
  'PersistentVolume',
  'PersistentVolumeClaim',
]);

/**
 * No object that slipway applied and no set has any more. Ours is what carries our label and has fields that we
 * applied; a set whose objects are not known at the moment keeps all it has.
 */
export function prunedObjects(sets: Readonly<Record<string, SetContent>>): Resource {
  const rendered = Object.fromEntries(
    Object.entries(sets).flatMap(([name, content]) =>
      typeof content === 'object' ? [[`set ${name}`, content] as const] : [],
    ),
  );
  return resource({
    address: 'pruned-objects',
    facts: { owned: ownedObjects, ...rendered },
    diff: ({ owned, ...answers }) => {
      if (owned.state === 'no-cluster') return waitsForApi('the API server, to ask it for objects');
      if (owned.state === 'error') return waitsForApi(`the objects of the cluster (${owned.why})`);
      const wanted = new Map(
        Object.entries(sets).map(([name, content]) => {
          const text =
            typeof content === 'object'
              ? (answers as Readonly<Record<string, string>>)[`set ${name}`]
              : content;
          return [
            name,
            text === undefined || text === '' ? undefined : wantedOf(manifestObjects(text)),
          ] as const;
        }),
      );
      const left = owned.objects.filter((object) => isLeft(object, wanted));
      const kept = left.filter(({ identity }) => KEPT.has(kindOf(identity)));
      const gone = left
        .filter((object) => !kept.includes(object))
        .toSorted((one, other) => rank(one) - rank(other));
      const outcome = changeOr(
        'the cluster has no object of ours that no addon has',
        gone.map((object) => ({ what: shortName(object), from: `of ${object.set}`, to: null })),
        gone.map(deleteStep),
      );
      return noted(outcome, keptNotes(kept));
    },
  });
}

/** What answers for others goes before them: a webhook without its server would refuse all that follows. */
const FIRST = /^(ValidatingWebhookConfiguration|MutatingWebhookConfiguration|APIService)\./;

const rank = ({ identity }: OwnedObject): number => (FIRST.test(identity) ? 0 : 1);

/** One sentence a set, however many definitions it had. */
function keptNotes(kept: readonly OwnedObject[]): readonly string[] {
  return [...Map.groupBy(kept, ({ set }) => set)].map(([set, objects]) => {
    const kinds = Map.groupBy(objects, ({ identity }) => kindOf(identity).split('.')[0] ?? '');
    const listed = [...kinds].map(([kind, { length, 0: first }]) =>
      length === 1 ? `${kind} ${first?.name ?? ''}` : `${length} of kind ${kind}`,
    );
    return `of ${set} there stays ${listed.join(' and ')}: deleting them would delete what is not slipway's`;
  });
}

const kindOf = (identity: string): string => identity.split('/')[0] ?? '';

/** `Deployment kube-system/metrics-server`. */
const shortName = ({ identity, namespace, name }: OwnedObject): string =>
  `${kindOf(identity).split('.')[0]} ${namespace === '' ? '' : `${namespace}/`}${name}`;

/** An object that names no namespace may be in any. */
const wantedOf = (objects: readonly NamedObject[]): ReadonlySet<string> =>
  new Set(objects.map(objectIdentity));

function isLeft(
  { identity, set }: OwnedObject,
  wanted: ReadonlyMap<string, ReadonlySet<string> | undefined>,
): boolean {
  if (wanted.has(set) && wanted.get(set) === undefined) return false;
  const [kind = '', , ...name] = identity.split('/');
  const anywhere = `${kind}//${name.join('/')}`;
  // One that another set has now is that set's as soon as it is applied.
  return ![...wanted.values()].some((objects) => objects?.has(identity) || objects?.has(anywhere));
}

/** By the label too: what has got into another set since it was seen is left alone. */
const deleteStep = ({ resource: kind, namespace, name, identity, set }: OwnedObject): Step => ({
  do: 'run',
  summary: `delete ${identity}`,
  script: sh`${embed(kubectl)} delete ${kind} ${namespace === '' ? [] : [`--namespace=${namespace}`]} --field-selector=${`metadata.name=${name}`} --selector=${`${SET_LABEL}=${set}`} --ignore-not-found --timeout=100s`,
  timeoutMs: 110_000,
});
