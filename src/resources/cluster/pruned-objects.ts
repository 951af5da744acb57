import type { Fact } from '#core/fact.ts';
import { changeOr, none, noted, resource, type Resource } from '#core/resource.ts';
import { embed, sh } from '#core/shell.ts';
import type { Step } from '#core/step.ts';
import { apiState } from '#facts/api.ts';
import { kubectl } from '#facts/kubectl.ts';
import { type OwnedObject, ownedObjects, SET_LABEL } from '#facts/owned-objects.ts';
import { waitsForApi } from '#facts/waits-for-api.ts';
import { manifestObjects, type NamedObject, objectIdentity } from '#objects/manifest-objects.ts';

/** The objects of a set: as text, rendered on a control plane, or undefined where they are not known. */
export type SetContent = string | Fact<string> | undefined;

/** They are never deleted: things of others, or data, would be deleted with them. */
const KEPT = new Set([
  'Namespace',
  'CustomResourceDefinition.apiextensions.k8s.io',
  'PersistentVolume',
  'PersistentVolumeClaim',
]);

/**
 * Objects that slipway applied, and that are in no set any more, are deleted. They are recognised by their label and by
 * fields that slipway applied. If the objects of a set are not known at the moment, nothing of it is deleted.
 */
export function prunedObjects(sets: Readonly<Record<string, SetContent>>): Resource {
  const rendered = Object.fromEntries(
    Object.entries(sets).flatMap(([name, content]) =>
      typeof content === 'object' ? [[`set ${name}`, content] as const] : [],
    ),
  );
  return resource({
    address: 'pruned-objects',
    facts: { api: apiState, owned: ownedObjects, ...rendered },
    diff: ({ api, owned, ...answers }) => {
      if (owned.state === 'no-cluster') {
        return waitsForApi('the API server, to ask it for objects', api, () =>
          none('there is none of ours yet'),
        );
      }
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

/** Webhooks are deleted before their servers: a webhook without a server would refuse all further requests. */
const FIRST = /^(ValidatingWebhookConfiguration|MutatingWebhookConfiguration|APIService)\./;

const rank = ({ identity }: OwnedObject): number => (FIRST.test(identity) ? 0 : 1);

/** One sentence for each set, even if it had many definitions. */
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

/** An object whose manifest names no namespace may be in any. */
const wantedOf = (objects: readonly NamedObject[]): ReadonlySet<string> =>
  new Set(objects.map(objectIdentity));

function isLeft(
  { identity, set }: OwnedObject,
  wanted: ReadonlyMap<string, ReadonlySet<string> | undefined>,
): boolean {
  if (wanted.has(set) && wanted.get(set) === undefined) return false;
  const [kind = '', , ...name] = identity.split('/');
  const anywhere = `${kind}//${name.join('/')}`;
  // If another set has the object now, it belongs to that set as soon as the set is applied.
  return ![...wanted.values()].some((objects) => objects?.has(identity) || objects?.has(anywhere));
}

/** The label is checked once more: an object that has come into another set in the meantime stays. */
const deleteStep = ({ resource: kind, namespace, name, identity, set }: OwnedObject): Step => ({
  do: 'run',
  summary: `delete ${identity}`,
  script: sh`${embed(kubectl)} delete ${kind} ${namespace === '' ? [] : [`--namespace=${namespace}`]} --field-selector=${`metadata.name=${name}`} --selector=${`${SET_LABEL}=${set}`} --ignore-not-found --timeout=100s`,
  timeoutMs: 110_000,
});
