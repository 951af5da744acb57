import type { BundleIndex } from '#core/bundle.ts';
import { cacheDirectoryOf } from '#core/cache-directory.ts';
import { type Cluster, firstControlPlane } from '#core/cluster.ts';
import { disruptedHosts, refuseEffects } from '#core/effects.ts';
import type { Environment } from '#core/environment.ts';
import type { Listener, RunReport } from '#core/event.ts';
import { EXIT } from '#core/exit-code.ts';
import type { Answers } from '#core/fact.ts';
import type { Graph } from '#core/graph.ts';
import type { Phase } from '#core/phase.ts';
import type { Plan } from '#core/plan.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import type { Transport } from '#core/transport.ts';
import { untilAborted } from '#core/until-aborted.ts';
import type { CheckResult } from '#core/verification.ts';
import type { Workflow } from '#core/workflow.ts';
import type { Selection } from '#engine/build-graph.ts';
import type { Run } from '#engine/run.ts';
import type { Session } from '#engine/session.ts';
import type { Etcd } from '#etcd/etcd.ts';
import type { InventoryFiles, placeOf } from '#inventory/cluster-in.ts';
import type { Login } from '#inventory/host-alone.ts';
import type { ChangeTime, PlacedTrace } from '#facts/change-times.ts';
import type { AdminKubeconfig, KubeconfigTunnel } from '#kubeconfig/admin-kubeconfig.ts';
import type { Kubeconfig } from '#kubeconfig/kubeconfig-file.ts';
import type { CertificateList } from '#report/certificate-list.ts';
import type { Status } from '#report/status.ts';
import type { Held } from '#workflows/hold-bundle.ts';
import type { BundleWishes } from '#workflows/make-bundle.ts';

const WORKFLOWS = {
  apply: async (): Promise<Workflow> => (await import('#workflows/apply.ts')).applyWorkflow,
  reset: async (): Promise<Workflow> => (await import('#workflows/reset.ts')).resetWorkflow,
  remove: async (): Promise<Workflow> => (await import('#workflows/remove.ts')).removeWorkflow,
} as const;

/** Hosts connected to or worked on at once. */
const CONCURRENCY = 50;
/** How long connections may take to close when the work was interrupted. */
const CLOSE_MS = 2000;

export interface SlipwayOptions extends Selection {
  /** What `${NAME}` and `{env: NAME}` of the inventory refer to; HOME and SSH_AUTH_SOCK tell which keys to try. */
  readonly env: Environment;
  /** Who holds the hosts' locks, as another run is told; needed to apply and to verify. */
  readonly holder?: string | undefined;
  /** Selectors of hosts, as `w*`, `w[1:5]`, `group:gpu`, `role:worker`, `label:pool=a`; `!` in front: not these. Absent: all. */
  readonly limit?: readonly string[] | undefined;
  /** One of slipway's own by its name, or another; default `apply`, from bare machines to a cluster that works. */
  readonly workflow?: keyof typeof WORKFLOWS | Workflow | undefined;
  /** The name of a node that is to be removed, whatever the inventory says of it; for the workflow `remove`. */
  readonly remove?: string | undefined;
  /** Asks for a password that the inventory does not hold; absent where there is nobody to ask. */
  readonly prompt?: ((question: string) => Promise<string>) | undefined;
  /** `skip` leaves passwords out, for uses that do not connect; default `read`. */
  readonly secrets?: 'read' | 'skip' | undefined;
  /** Hears of keys that the inventory names and that are missing, for uses that do not connect; default: an error. */
  readonly warn?: ((warning: string) => void) | undefined;
  /** Where fetched manifests and keys are kept between runs; default `slipway` in XDG_CACHE_HOME or `~/.cache`. */
  readonly cacheDirectory?: string | undefined;
  /**
   * A file of `slipway bundle create`, that everything from outside comes out of. Absent: it is fetched, but for packages of hosts
   * that were set up from a bundle, which go by that; false: by those as well.
   */
  readonly bundle?: string | false | undefined;
  /** Told what happens, as it happens. */
  readonly listener?: Listener | undefined;
  /** Ends what only looks at once, and what changes hosts when the steps under way have ended. */
  readonly signal?: AbortSignal | undefined;
  /** Hosts connected to or worked on at once; default 50. */
  readonly concurrency?: number | undefined;
  /** Default: SSH, as the inventory says. */
  readonly transport?: Transport | undefined;
}

/**
 * A cluster, and all that slipway can do with it. What connects shares one connection a host, which is opened when
 * it is first needed and stays open until `close`.
 */
export type Slipway = Pick<OpenSlipway, keyof OpenSlipway>;

/**
 * Reads and checks an inventory, and gives what can be done with its cluster. It loads what it needs when that is
 * asked for.
 *
 * @param inventory a file, a directory, `-` for standard input, or several of them, of which later ones say more; or a cluster
 *   that was read before.
 * @throws {SlipwayError} with everything that is wrong with the inventory.
 */
export async function openSlipway(
  inventory: InventoryFiles | Cluster,
  options: SlipwayOptions,
): Promise<Slipway> {
  const { clusterIn, placeOf } = await import('#inventory/cluster-in.ts');
  const wanted = await clusterIn(inventory, options);
  const { remove, bundle } = options;
  const held =
    typeof bundle === 'string'
      ? await (await import('#workflows/hold-bundle.ts')).holdBundle(wanted, bundle, options)
      : undefined;
  const cluster = bundle === false ? { ...wanted, leavesBundle: true as const } : (held?.cluster ?? wanted);
  const surroundings = { held, place: await placeOf(inventory) };
  if (remove !== undefined) {
    const { without } = await import('#workflows/remove.ts');
    return new OpenSlipway(without(cluster, remove), { ...options, limit: [remove] }, surroundings);
  }
  const { selectHosts } = await import('#inventory/select-hosts.ts');
  return new OpenSlipway(cluster, { ...options, limit: selectHosts(cluster, options.limit) }, surroundings);
}

/**
 * What a control plane that others have made says of its cluster, as JSON that `adopted` reads. Nothing is changed there.
 *
 * @throws {SlipwayError} where it is no control plane of kubeadm's.
 */
export async function readRunningCluster(
  login: Login,
  options: Pick<SlipwayOptions, 'env' | 'prompt' | 'transport'> & { readonly signal: AbortSignal },
): Promise<string> {
  const { hostAlone } = await import('#inventory/host-alone.ts');
  const { performAlone } = await import('#workflows/perform-alone.ts');
  const { readCluster } = await import('#kubeconfig/read-cluster.ts');
  const cluster = await hostAlone(login, options);
  return performAlone(readCluster(firstControlPlane(cluster).name), cluster, options);
}

/** Of the workflow that `openSlipway` takes unless told otherwise. */
export async function phases(): Promise<Workflow['phases']> {
  return (await WORKFLOWS.apply()).phases;
}

interface Surroundings {
  /** The bundle that everything from outside comes out of. */
  readonly held: Held | undefined;
  /** Of the inventory; absent where it was read before. */
  readonly place: Awaited<ReturnType<typeof placeOf>>;
}

class OpenSlipway implements AsyncDisposable {
  /** As the inventory says it should be. */
  readonly cluster: Cluster;
  readonly #options: SlipwayOptions;
  readonly #signal: AbortSignal;
  /** Where everything from outside comes out of a bundle. */
  readonly #held: Held | undefined;
  readonly #place: Surroundings['place'];
  #session: Promise<Session> | undefined;
  #run: Promise<Run> | undefined;
  #planned: Plan | undefined;

  constructor(cluster: Cluster, options: SlipwayOptions, { held, place }: Surroundings) {
    this.cluster = cluster;
    this.#held = held;
    this.#place = place;
    this.#options = options;
    this.#signal = options.signal ?? new AbortController().signal;
  }

  /** Looks at every host once, and says what apply would do. */
  plan(): Promise<Plan> {
    return this.#unlessAborted(async () => {
      this.#planned = await this.#withPods(await this.#look());
      return this.#planned;
    });
  }

  /** The same without a connection: on freshly installed machines, or on answers that were recorded. */
  async offlinePlan(answers?: Answers): Promise<Plan> {
    const { offlinePlan } = await import('#workflows/offline-plan.ts');
    const { cluster } = this;
    const settings = { workflow: await this.#workflow(), ...this.#sources() };
    return offlinePlan({ ...this.#options, ...settings, cluster, answers });
  }

  /**
   * Does a plan, and proves that nothing is left to do. One that `plan` did not make just now, as it was saved, is
   * done only if it is still what would be planned.
   *
   * @throws {SlipwayError} with exit code 4 when it is not, and 7 when it does what the policy forbids.
   */
  async apply(plan: Plan): Promise<RunReport> {
    this.#refuseWithoutHolder('apply');
    refuseEffects(plan, this.cluster.policy.forbid);
    const isPlannedJustNow = plan === this.#planned;
    const fresh = isPlannedJustNow ? plan : await this.#unlessAborted(() => this.#look());
    this.#planned = undefined;
    return (await this.#openRun()).apply(fresh, isPlannedJustNow ? undefined : plan);
  }

  /** When things were last changed, as far as their hosts know; in the order in which they are asked for. */
  async changeTimes(asked: readonly PlacedTrace[]): Promise<readonly (ChangeTime | null)[]> {
    return this.#unlessAborted(async () => {
      const { askChangeTimes } = await import('#workflows/ask-change-times.ts');
      return askChangeTimes(asked, (await this.#openSession()).looker);
    });
  }

  /** The nodes as the cluster reports them, and whether the hosts are as wanted. */
  async status(): Promise<Status> {
    return this.#unlessAborted(async () => {
      const plan = await this.#look();
      const [{ statusOf }, { apiState }] = await Promise.all([
        import('#report/status.ts'),
        import('#facts/api.ts'),
      ]);
      const { graph } = await this.#openRun();
      const isIn = (answers: Answers[string] | undefined) => answers?.[apiState.family.name]?.[apiState.key];
      // A plan of a few phases may have nothing to ask of the cluster.
      const found =
        isIn(plan.facts[graph.clusterHost]) ??
        isIn((await (await this.#openSession()).looker.askCluster()).answers);
      return statusOf(plan, this.cluster.hosts, found);
    });
  }

  /** All certificates of all hosts, what ends first first, and which hosts could not be asked. */
  async certificates(): Promise<CertificateList> {
    return this.#unlessAborted(async () => {
      const [{ certificateList }, { certificates: phase }] = await Promise.all([
        import('#report/certificate-list.ts'),
        import('#phases/certificates.ts'),
      ]);
      return certificateList(await this.#planOf(phase), Date.now());
    });
  }

  /** What is missing before the first apply: on this machine, and on each host. */
  async doctor(): Promise<readonly CheckResult[]> {
    return this.#unlessAborted(async () => {
      const [{ examination }, { preflight }, { loginMeans }] = await Promise.all([
        import('#report/examination.ts'),
        import('#phases/preflight.ts'),
        import('#transport/login-means.ts'),
      ]);
      const means = await loginMeans(this.#options.env);
      return examination(this.cluster, means, await this.#planOf(preflight));
    });
  }

  /** Uses the cluster as its users will; each check is told of as it ends. */
  async verify(onResult: (result: CheckResult) => void = () => undefined): Promise<readonly CheckResult[]> {
    this.#refuseWithoutHolder('verify');
    const { verifyCluster } = await import('#workflows/verify-cluster.ts');
    const { limit } = this.#options;
    const { cluster } = this;
    return verifyCluster(await this.#openSession(), { cluster, limit, onResult, signal: this.#signal });
  }

  /** What the hosts answered to all that a plan needs to know, and which could not be asked. */
  async facts(): Promise<Pick<Plan, 'facts' | 'hosts'>> {
    return this.plan();
  }

  /** What waits for what, without a connection. */
  async graph(): Promise<Graph> {
    const { buildGraph } = await import('#engine/build-graph.ts');
    const workflow = await this.#workflow();
    return buildGraph({ ...this.#options, cluster: this.cluster, workflow, artifacts: new Map() });
  }

  /**
   * The admin kubeconfig, with its names made those of the cluster.
   *
   * @param server https URL of the API server; default: the one that kubeadm wrote, where others than hosts find it.
   */
  async kubeconfig(server?: string): Promise<Kubeconfig> {
    const { namedKubeconfig } = await import('#kubeconfig/admin-kubeconfig.ts');
    return namedKubeconfig(await this.#fetchKubeconfig(), this.cluster, server);
  }

  /** Reaches the API server through SSH. */
  async tunnel(onRefused: (why: string) => void = () => undefined): Promise<KubeconfigTunnel> {
    const { kubeconfigTunnel } = await import('#kubeconfig/admin-kubeconfig.ts');
    const fetched = await this.#fetchKubeconfig();
    return kubeconfigTunnel(fetched, this.cluster, await this.#openSession(), onRefused);
  }

  /** Collects all that the hosts would fetch from outside, into one file for a site that has no way there. */
  async bundle(wishes: BundleWishes, slipway: string): Promise<BundleIndex> {
    return this.#unlessAborted(async () => {
      const { makeBundle } = await import('#workflows/make-bundle.ts');
      const { listener = () => undefined } = this.#options;
      const about = { cluster: this.cluster, slipway, listener, signal: this.#signal };
      const workflow = await this.#workflow();
      return makeBundle(wishes, { ...about, workflow, cache: this.#cacheDirectory() });
    });
  }

  /**
   * Its members, snapshots and restores. What changes hosts needs a holder, as `apply` does.
   *
   * @throws {SlipwayError} `external-etcd` where they are somebody else's.
   */
  async etcd(): Promise<Etcd> {
    const { Etcd: Opened, refuseExternal } = await import('#etcd/etcd.ts');
    refuseExternal(this.cluster);
    return new Opened(await this.#openSession());
  }

  async close(): Promise<void> {
    const session = await this.#session?.catch(() => undefined);
    const closing = session?.close();
    // A connection that is dead and not known to be takes long to close.
    await (this.#signal.aborted ? Promise.race([closing, pause(CLOSE_MS)]) : closing);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #fetchKubeconfig(): Promise<AdminKubeconfig> {
    return this.#unlessAborted(async () => {
      const { fetchAdminKubeconfig } = await import('#kubeconfig/admin-kubeconfig.ts');
      return fetchAdminKubeconfig(await this.#openSession());
    });
  }

  async #look(): Promise<Plan> {
    const plan = await (await this.#openRun()).plan();
    if (this.#options.remove !== undefined)
      (await import('#workflows/remove.ts')).refuseUnknown(plan, this.cluster);
    return plan;
  }

  /** With what runs on the nodes that it disrupts: one more question to the cluster, where there are any. */
  async #withPods(plan: Plan): Promise<Plan> {
    if (disruptedHosts(plan).size === 0) return plan;
    const { withDisruptedPods } = await import('#workflows/disrupted-pods.ts');
    const { graph } = await this.#openRun();
    return withDisruptedPods(plan, graph.clusterHost, (await this.#openSession()).looker);
  }

  async #workflow(): Promise<Workflow> {
    const { workflow = 'apply' } = this.#options;
    return typeof workflow === 'string' ? WORKFLOWS[workflow]() : workflow;
  }

  #openSession(): Promise<Session> {
    const open = async (): Promise<Session> => {
      const { openSession } = await import('#workflows/open-session.ts');
      const { env, holder, transport, listener = () => undefined, concurrency = CONCURRENCY } = this.#options;
      return openSession({
        cluster: this.cluster,
        workflow: await this.#workflow(),
        ...this.#sources(),
        inventory: this.#place,
        signal: this.#signal,
        env,
        holder,
        transport,
        listener,
        concurrency,
      });
    };
    this.#session ??= open();
    return this.#session;
  }

  #openRun(): Promise<Run> {
    const open = async (): Promise<Run> => {
      const { openRun } = await import('#workflows/open-session.ts');
      return openRun(await this.#openSession(), this.#options, this.#sources());
    };
    this.#run ??= open();
    return this.#run;
  }

  /** Of one phase and nothing else. */
  async #planOf({ name }: Phase): Promise<Plan> {
    const { openRun } = await import('#workflows/open-session.ts');
    const selection = { limit: this.#options.limit, only: [name] };
    return (await openRun(await this.#openSession(), selection, this.#sources())).plan();
  }

  /** Where files come from. */
  #sources() {
    return { cacheDirectory: this.#cacheDirectory(), bundle: this.#held?.bundle };
  }

  #cacheDirectory(): string {
    return this.#options.cacheDirectory ?? cacheDirectoryOf(this.#options.env);
  }

  #refuseWithoutHolder(what: string): void {
    if (this.#options.holder !== undefined) return;
    throw new TypeError(`${what} takes the hosts' locks: say in the option "holder" who holds them`);
  }

  /** What only looks is left at once when the work is interrupted; what changes hosts comes to its own end. */
  #unlessAborted<Result>(work: () => Promise<Result>): Promise<Result> {
    return untilAborted(work(), this.#signal, () => {
      throw new SlipwayError('interrupted', { code: 'interrupted', exitCode: EXIT.interrupted });
    });
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
