import { type Fact, type Family, fact } from '#core/fact.ts';
import { embed, lines, sh } from '#core/shell.ts';

import { kubectl, onControlPlane } from './kubectl.ts';
import { type KubernetesObject, readObjects } from './kubernetes-object.ts';
import { API } from './over-tls.ts';

/** The label by which an object that slipway applied is known again; its value is the name of the set. */
export const SET_LABEL = 'slipway/set';

/** Who owns the fields that slipway applies. */
export const FIELD_MANAGER = 'slipway';

export type OwnedObject = {
  /** `Deployment.apps/kube-system/metrics-server`; the namespace is empty where there is none. */
  readonly identity: string;
  /** As kubectl deletes it: `deployments.apps`. */
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly set: string;
};

export type OwnedObjects =
  | { readonly state: 'no-cluster' }
  | { readonly state: 'error'; readonly why: string }
  | { readonly state: 'found'; readonly objects: readonly OwnedObject[] };

/**
 * Every object of the cluster that carries our label and has fields of ours, whatever kind it is.
 *
 * An API whose server is away is passed over by kubectl: what it holds is simply not found.
 *
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management (v1.34)
 */
const family: Family<'all', OwnedObjects> = {
  name: 'owned-objects',
  patienceMs: 90_000,
  queue: API,
  script: () =>
    lines(
      onControlPlane('no-cluster'),
      sh`kinds=$(${embed(kubectl)} --request-timeout=30s api-resources --verbs=list,delete --output=name 2>/dev/null | grep -v -E '^(events(\.events\.k8s\.io)?|endpoints|endpointslices\.discovery\.k8s\.io)$' | sort -u | paste -s -d , -)`,
      sh`[ -n "$kinds" ] || { echo error; echo 'the API server names no kinds'; exit 0; }`,
      sh`out=$(${embed(kubectl)} --request-timeout=60s get "$kinds" --all-namespaces --selector=${SET_LABEL} --show-managed-fields --ignore-not-found --output=json 2>/dev/null) || { echo error; echo 'the API server does not list its objects'; exit 0; }`,
      sh`echo found; printf '%s\n' "$out"`,
    ),
  parse: (output) => [parseOwned(output)],
  bare: () => ({ state: 'no-cluster' }),
};

export const ownedObjects: Fact<OwnedObjects> = fact(family, 'all');

function parseOwned(output: string): OwnedObjects {
  const [state = '', ...rest] = output.split('\n');
  const text = rest.join('\n').trim();
  if (state === 'no-cluster') return { state };
  if (state !== 'found') return { state: 'error', why: text };
  const owned = readObjects(text).filter(isOurs).map(ownedObject);
  const unique = new Map(owned.map((object) => [object.identity, object]));
  return {
    state: 'found',
    objects: [...unique.values()].toSorted((left, right) => (left.identity < right.identity ? -1 : 1)),
  };
}

/** Left out: pods and replica sets, which inherit the labels of what made them, and what is being deleted already. */
const isOurs = ({ metadata }: KubernetesObject): boolean =>
  metadata.deletionTimestamp === undefined &&
  (metadata.ownerReferences ?? []).length === 0 &&
  (metadata.managedFields ?? []).some(
    ({ manager, operation }) => manager === FIELD_MANAGER && operation === 'Apply',
  );

function ownedObject({ apiVersion, kind, metadata }: KubernetesObject): OwnedObject {
  const { name, namespace = '' } = metadata;
  return {
    identity: identityOf({ apiVersion, kind, name, namespace }),
    resource: kindAndGroup(apiVersion, kind),
    namespace,
    name,
    set: metadata.labels?.[SET_LABEL] ?? '',
  };
}

/** What tells an object from all others, whatever version of its API it is read in. */
export const identityOf = (object: {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
}): string => `${kindAndGroup(object.apiVersion, object.kind)}/${object.namespace}/${object.name}`;

const kindAndGroup = (apiVersion: string, kind: string): string => {
  const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
  return group === '' ? kind : `${kind}.${group}`;
};
