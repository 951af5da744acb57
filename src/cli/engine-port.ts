import { type Cluster, firstControlPlane } from '#core/cluster.ts';
import type { Environment } from '#core/environment.ts';
import type { Listener, RunReport } from '#core/event.ts';
import type { Answers } from '#core/fact.ts';
import type { Graph } from '#core/graph.ts';
import type { Phase } from '#core/phase.ts';
import type { Plan } from '#core/plan.ts';
import { sh } from '#core/shell.ts';
import type { Connection } from '#core/transport.ts';
import type { CheckResult } from '#core/verification.ts';
import { type ClusterNode, parseNodes } from './cluster-nodes.ts';

/** The powers that commands call. Each loads what it needs when it is called, so that `--help` loads none. */
export interface EnginePort {
  readonly loadInventory: (path: string, options: InventoryOptions) => Promise<Inventory>;
  readonly openRun: (request: RunRequest) => Promise<RunPort>;
  /** Without a connection: on bare hosts, or on answers that were recorded. */
  readonly offlinePlan: (request: Selection & { readonly answers?: Answers }) => Promise<Plan>;
  readonly graph: (request: Selection) => Promise<Graph>;
  readonly phases: () => Promise<readonly Pick<Phase, 'name' | 'summary'>[]>;
}

/** One run on real hosts. */
export interface RunPort {
  readonly plan: () => Promise<Plan>;
  /** Does the plan; with a saved one, only when every fact under that one still stands. */
  readonly apply: (plan: Plan, saved?: Plan) => Promise<RunReport>;
  readonly kubeconfig: () => Promise<string>;
  /** The nodes as the cluster reports them; undefined where no API server answers. */
  readonly nodes: () => Promise<readonly ClusterNode[] | undefined>;
  /** Tries the cluster; each check is told of as it ends. */
  readonly verify: (onResult: (result: CheckResult) => void) => Promise<readonly CheckResult[]>;
  /** Opens a port of this machine behind which lies one that the first control plane reaches. */
  readonly tunnel: (options: TunnelRequest) => Promise<{
    readonly port: number;
    /** Settles when the connection it goes through is gone. */
    readonly lost: Promise<void>;
    readonly close: () => Promise<void>;
  }>;
  readonly close: () => Promise<void>;
}

export interface TunnelRequest {
  readonly address: string;
  readonly port: number;
  /** Told why a client of it was turned away. */
  readonly onRefused: (why: string) => void;
}

export interface Inventory {
  readonly cluster: Cluster;
  readonly path: string;
}

export interface InventoryOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Asks for a password; absent where there is nobody to ask. */
  readonly prompt?: ((question: string) => Promise<string>) | undefined;
  /** `skip` for uses that do not connect. */
  readonly secrets: 'read' | 'skip';
}

export interface Selection {
  readonly cluster: Cluster;
  readonly limit?: readonly string[] | undefined;
  readonly only?: readonly string[] | undefined;
  readonly skip?: readonly string[] | undefined;
}

export interface RunRequest extends Selection {
  readonly concurrency: number;
  readonly listener: Listener;
  readonly signal: AbortSignal;
  /** Whether it may change hosts, and so takes their locks. */
  readonly isChanging: boolean;
}

export interface EngineOptions {
  /** Where fetched manifests and keys are kept between runs. */
  readonly cacheDirectory: string;
  /** Who holds the hosts' locks, for another run's error. */
  readonly holder: string;
  readonly env: Environment;
}

/** The powers as they are: the inventory, the workflow and its engine. */
export function enginePort({ cacheDirectory, holder, env }: EngineOptions): EnginePort {
  return {
    loadInventory: async (path, options) => {
      const { loadInventory } = await import('#inventory/load-inventory.ts');
      return loadInventory(path, options);
    },
    openRun: async ({ isChanging, ...request }) => {
      const [{ openRun }, { boundGarbage }] = await Promise.all([
        import('#workflows/open-run.ts'),
        import('./bound-garbage.ts'),
      ]);
      boundGarbage();
      const run = await openRun({ ...request, env, cacheDirectory, holder: isChanging ? holder : undefined });
      const controlPlane = firstControlPlane(request.cluster).name;
      return {
        plan: () => run.plan(),
        apply: (plan, saved) => run.apply(plan, saved),
        kubeconfig: async () => {
          const { fetchKubeconfig } = await import('#engine/kubeconfig.ts');
          return fetchKubeconfig(await run.connection(controlPlane));
        },
        nodes: async () => nodesOf(await run.connection(controlPlane)),
        verify: async (onResult) => {
          const { verifyCluster } = await import('#workflows/verify-cluster.ts');
          const connection = await run.connection(controlPlane);
          return verifyCluster({ ...request, connection, onResult });
        },
        tunnel: async (wanted) => {
          const { openTunnel } = await import('#kubeconfig/tunnel.ts');
          return openTunnel(await run.connection(controlPlane), wanted);
        },
        close: () => run.close(),
      };
    },
    offlinePlan: async (request) => {
      const { offlinePlan } = await import('#workflows/open-run.ts');
      return offlinePlan({ ...request, cacheDirectory });
    },
    graph: async (request) => {
      const [{ buildGraph }, { applyWorkflow }] = await Promise.all([
        import('#engine/build-graph.ts'),
        import('#workflows/apply.ts'),
      ]);
      return buildGraph({ ...request, workflow: applyWorkflow, artifacts: new Map() });
    },
    phases: async () => {
      const { applyWorkflow } = await import('#workflows/apply.ts');
      return applyWorkflow.phases;
    },
  };
}

async function nodesOf(connection: Connection): Promise<readonly ClusterNode[] | undefined> {
  const script = sh`KUBECONFIG=/etc/kubernetes/admin.conf kubectl get nodes --output=json --request-timeout=20s`;
  const { code, stdout } = await connection.execute({ script, via: 'argument', timeoutMs: 30_000 });
  return code === 0 ? parseNodes(stdout) : undefined;
}
