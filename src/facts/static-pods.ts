import { type Fact, type Family, fact } from '#core/fact.ts';
import { embed, lines, sh } from '#core/shell.ts';

import { pack, unpack } from './packed.ts';
import { PROGRAMS } from './queues.ts';

/** The programs of a control plane, by the names of their containers. */
export const STATIC_PODS = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'] as const;
export type StaticPod = (typeof STATIC_PODS)[number];

/** What the runtime of a host says of its control plane. */
export type StaticPodsAnswer = {
  /** When of each program the newest container was made, running or not: seconds since 1970 with nine decimals, as text. */
  readonly createdAt: { readonly [Pod in StaticPod]?: string };
  /** Those of which that container does not run; absent where all do. */
  readonly ended?: readonly StaticPod[];
  /** Why the API server of this host is not ready, where it or its etcd was started a short time ago; else null. */
  readonly unready: string | null;
};

/** @param socket `unix:///run/containerd/containerd.sock`. */
export const staticPods = (socket: string): Fact<StaticPodsAnswer> => fact(family, { socket });

/** For so long after a start it is asked whether the API server is ready: it comes up within a minute, or hardly at all. */
const YOUNG_SECONDS = 600;

/** Of the components that speak to the API server of their own host, and to no other. Whoever has a name may ask for readiness. */
const LOCAL_KUBECONFIG = '/etc/kubernetes/controller-manager.conf';

/**
 * Readiness of an API server is also that of the etcd beside it.
 *
 * @see https://github.com/kubernetes-sigs/cri-tools/blob/v1.34.0/docs/crictl.md
 * @see https://kubernetes.io/docs/reference/using-api/health-checks/ (v1.34)
 */
const family: Family<{ readonly socket: string }, StaticPodsAnswer> = {
  name: 'static-pods',
  patienceMs: 10_000,
  queue: PROGRAMS,
  script: (questions) =>
    lines(
      sh`command -v crictl >/dev/null && [ -e /etc/kubernetes/manifests/kube-apiserver.yaml ] || exit 0`,
      ...questions.map(({ socket }) =>
        lines(
          sh`found=$(timeout 8 crictl --runtime-endpoint ${socket} --image-endpoint ${socket} --timeout 5s ps -a -o json --label io.kubernetes.pod.namespace=kube-system --name ${`^(${STATIC_PODS.join('|')})$`} 2>/dev/null) || found=`,
          sh`printf '%s\n' "$found" | ${embed(pack)}; echo`,
          sh`newest=$(printf '%s\n' "$found" | sed -n 's/.*"createdAt": *"\([0-9]*\)[0-9]\{9\}".*/\1/p' | sort -n | tail -n 1)`,
          sh`if [ -n "$newest" ] && [ $(($(date +%s) - newest)) -lt ${YOUNG_SECONDS} ] && [ -s ${LOCAL_KUBECONFIG} ]; then`,
          sh`  said=$(timeout 8 kubectl --kubeconfig=${LOCAL_KUBECONFIG} --cache-dir=/dev/null/none --request-timeout=5s get --raw /readyz 2>&1) && echo || printf '%s\n' "$said" | grep -v '^$' | tail -n 1`,
          sh`else echo; fi`,
        ),
      ),
    ),
  parse: (output, questions) => {
    const rows = output.split('\n');
    return questions.map((_, index) => ({
      ...readContainers(unpack(rows[2 * index] ?? '').toString()),
      unready: rows[2 * index + 1] || null,
    }));
  },
  bare: () => ({ createdAt: {}, unready: null }),
};

interface Container {
  readonly metadata: { readonly name: StaticPod };
  /** Nanoseconds since 1970. */
  readonly createdAt: string;
  readonly state?: string;
}

function readContainers(json: string): Pick<StaticPodsAnswer, 'createdAt' | 'ended'> {
  const { containers = [] } = (json.trim() === '' ? {} : JSON.parse(json)) as { containers?: Container[] };
  const newest = new Map(
    containers
      .toSorted((left, right) => (BigInt(left.createdAt) < BigInt(right.createdAt) ? -1 : 1))
      .map((container) => [container.metadata.name, container]),
  );
  const ended = [...newest.values()]
    .filter(({ state }) => state === 'CONTAINER_EXITED')
    .map(({ metadata: { name } }) => name);
  return {
    createdAt: Object.fromEntries(
      [...newest].map(([name, { createdAt }]) => [name, `${createdAt.slice(0, -9)}.${createdAt.slice(-9)}`]),
    ),
    ...(ended.length > 0 && { ended }),
  };
}
