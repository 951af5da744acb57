import type { Cluster, Taint } from '#core/cluster.ts';
import type { Json } from '#core/json.ts';

/** Where the objects of a verification live; slipway makes the namespace and removes it. */
export const VERIFY_NAMESPACE = 'slipway-verify';

const PORT = 8080;

/**
 * A server in a Deployment, two Services before it, and a pod to ask from; as JSON for `kubectl apply`.
 *
 * One image does for both: it needs sh, wget, nslookup, and either nginx or busybox' httpd. Pods go onto every
 * node that the inventory has tainted, since a taint of the inventory's is no fault of the cluster's.
 *
 * @param revision what the server says beside its name, so that a rollout is seen from outside.
 */
export function verifyObjects(cluster: Cluster, revision: 1 | 2): string {
  const items = [
    deployment(cluster, revision),
    service('web', 'ClusterIP'),
    service('web-node-port', 'NodePort'),
    client(cluster),
  ];
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
}

/** The Deployment alone, for a rollout. */
export const verifyDeployment = (cluster: Cluster, revision: 1 | 2): string =>
  JSON.stringify(deployment(cluster, revision));

/** baseline: the official images of nginx and busybox run as root. */
export const verifyNamespace = (): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: VERIFY_NAMESPACE, labels: { 'pod-security.kubernetes.io/enforce': 'baseline' } },
  });

const metadata = (name: string): Json => ({ name, namespace: VERIFY_NAMESPACE, labels: { app: name } });

const deployment = (cluster: Cluster, revision: 1 | 2): Json => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: metadata('web'),
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        ...podSpec(cluster, 'client'),
        containers: [
          {
            ...container(cluster, 'web', SERVER),
            env: [
              { name: 'REVISION', value: String(revision) },
              { name: 'LISTEN', value: listenOf(cluster) },
            ],
            ports: [{ containerPort: PORT }],
            readinessProbe: { httpGet: { path: '/', port: PORT }, periodSeconds: 1 },
          },
        ],
      },
    },
  },
});

const client = (cluster: Cluster): Json => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: metadata('client'),
  spec: {
    ...podSpec(cluster, 'web'),
    containers: [container(cluster, 'client', 'trap "exit 0" TERM; while :; do sleep 1; done')],
  },
});

const service = (name: string, type: string): Json => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: metadata(name),
  spec: {
    type,
    selector: { app: 'web' },
    ports: [{ name: 'http', port: 80, targetPort: PORT, protocol: 'TCP' }],
  },
});

/** nginx where there is one, else busybox' httpd; both from files of their own, so that root is not needed. */
const SERVER = `mkdir -p /tmp/www && echo "web $HOSTNAME revision $REVISION" >/tmp/www/index.html
command -v nginx >/dev/null || exec httpd -f -p "$LISTEN" -h /tmp/www
echo "pid /tmp/nginx.pid; events {} http { access_log off; server { listen $LISTEN; root /tmp/www; } }" >/tmp/nginx.conf
exec nginx -c /tmp/nginx.conf -g 'daemon off;'`;

const listenOf = ({ kubernetes: { podSubnet } }: Cluster): string =>
  podSubnet.split(',').some((cidr) => cidr.includes('.')) ? String(PORT) : `[::]:${PORT}`;

/** Away from the other one where there is room, since what crosses from node to node is to be seen. */
const podSpec = (cluster: Cluster, other: string): { readonly [field: string]: Json } => ({
  terminationGracePeriodSeconds: 1,
  enableServiceLinks: false,
  automountServiceAccountToken: false,
  tolerations: tolerations(cluster),
  affinity: {
    podAntiAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [
        {
          weight: 100,
          podAffinityTerm: {
            labelSelector: { matchLabels: { app: other } },
            topologyKey: 'kubernetes.io/hostname',
          },
        },
      ],
    },
  },
});

const container = (
  { verify }: Cluster,
  name: string,
  program: string,
): { readonly [field: string]: Json } => ({
  name,
  image: verify.image,
  imagePullPolicy: 'IfNotPresent',
  command: ['sh', '-c', program],
  resources: { requests: { cpu: '10m', memory: '16Mi' } },
});

const CONTROL_PLANE: Taint = {
  key: 'node-role.kubernetes.io/control-plane',
  value: '',
  effect: 'NoSchedule',
};

function tolerations({ hosts }: Cluster): Json {
  const taints = [CONTROL_PLANE, ...hosts.flatMap((host) => host.taints)];
  const unique = new Map(taints.map(({ key, effect }) => [`${key}:${effect}`, { key, effect }]));
  return [...unique.values()].map(({ key, effect }) => ({ key, operator: 'Exists', effect }));
}
