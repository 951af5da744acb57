import { type Cluster, CONTROL_PLANE_TAINT } from '#core/cluster.ts';
import type { Json } from '#core/json.ts';
import { objectTemplate, objectTemplates } from '#objects/object-templates.ts';

/** Where the objects of a verification live; slipway makes the namespace and removes it. */
export const VERIFY_NAMESPACE = 'slipway-verify';

/**
 * A server in a Deployment, two Services before it, and a pod to ask from; as JSON for `kubectl apply`.
 *
 * One image does for both: it needs sh, wget, nslookup, and either nginx or busybox' httpd. Pods go onto every
 * node that the inventory has tainted: a taint that the operator wants is not a fault of the cluster.
 *
 * @param revision what the server says beside its name, so that a rollout is seen from outside.
 */
export function verifyObjects(cluster: Cluster, revision: 1 | 2): string {
  const client = objectTemplate('verify/client.yaml', podValues(cluster));
  const items = [web(cluster, revision), ...objectTemplates('verify/services.yaml'), client];
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
}

/** The Deployment alone, for a rollout. */
export const verifyDeployment = (cluster: Cluster, revision: 1 | 2): string =>
  JSON.stringify(web(cluster, revision));

export const verifyNamespace = (): string => JSON.stringify(objectTemplate('verify/namespace.yaml'));

const web = (cluster: Cluster, revision: 1 | 2) =>
  objectTemplate('verify/web.yaml', {
    ...podValues(cluster),
    revision: String(revision),
    listen: listenOf(cluster),
  });

const podValues = (cluster: Cluster) => ({
  image: cluster.verify.image,
  tolerations: tolerations(cluster),
});

const PORT = 8080;

const listenOf = ({ kubernetes: { podSubnet } }: Cluster): string =>
  podSubnet.split(',').some((cidr) => cidr.includes('.')) ? String(PORT) : `[::]:${PORT}`;

function tolerations({ hosts }: Cluster): Json {
  const taints = [CONTROL_PLANE_TAINT, ...hosts.flatMap((host) => host.taints)];
  const unique = new Map(taints.map(({ key, effect }) => [`${key}:${effect}`, { key, effect }]));
  return [...unique.values()].map(({ key, effect }) => ({ key, operator: 'Exists', effect }));
}
