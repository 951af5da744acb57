import type { Cluster } from '#core/cluster.ts';
import { EXIT } from '#core/exit-code.ts';
import type { Fact } from '#core/fact.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import { type Script, sh } from '#core/shell.ts';
import type { Step } from '#core/step.ts';
import { writeWhole } from '#core/write-whole.ts';
import { performAction, planAction, type PlannedAction, takeActionSteps } from '#engine/perform-action.ts';
import type { Session } from '#engine/session.ts';
import { etcdState } from '#facts/etcd-members.ts';
import { type RestoreState, restoreState } from '#facts/etcd-restore.ts';

import { defragment } from './defragment.ts';
import { bestSource, type EtcdStatus, etcdStatusOf } from './etcd-status.ts';
import { type PkiReaders, pkiEncrypter, readPki } from './pki-backup.ts';
import { planRestore, type RestoreHost, type RestorePlan, type RestoreStage } from './plan-restore.ts';
import { sendPiece, sentSize } from './restore-steps.ts';
import { pieceOf, readPieces, readSnapshot, receiveSnapshot } from './snapshot-file.ts';
import { type HostSnapshot, takeSnapshot } from './take-snapshot.ts';

/** A snapshot that was taken. */
export interface TakenSnapshot extends HostSnapshot {
  /** The control plane that it was taken on. */
  readonly host: string;
  /** The file on this machine; null where it stays on the host. */
  readonly file: string | null;
  /** The file of the cluster's PKI, encrypted; null where none was wanted. */
  readonly pki: string | null;
}

/** A restore that is about to be done. */
export interface PlannedRestore {
  readonly file: string;
  readonly sha256: string;
  readonly plan: RestorePlan;
}

/**
 * Of an external etcd there is no member on a control plane, by which all is done here.
 *
 * @throws {SlipwayError} `external-etcd`.
 */
export function refuseExternal({ name, kubernetes: { etcd } }: Pick<Cluster, 'name' | 'kubernetes'>): void {
  if (etcd.type === 'stacked') return;
  throw new SlipwayError(
    `the etcd of cluster ${name} is external: its members, their snapshots and restores are somebody else's`,
    {
      code: 'external-etcd',
      hint: `use the tools of those who look after it: etcdctl --endpoints=${etcd.endpoints.join(',')}; whether it answers is said by slipway plan, in ExternalEtcd`,
    },
  );
}

/** What can be done with the etcd of a cluster, over the connections of a session. */
export class Etcd {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** @throws {SlipwayError} when no member answers. */
  async status(): Promise<EtcdStatus> {
    const looks = await this.#ask(etcdState);
    return etcdStatusOf(this.#session.options.cluster.name, looks);
  }

  /** What a snapshot would do, and where. @throws {SlipwayError} when no member is healthy. */
  async planSnapshot(): Promise<PlannedAction> {
    return planAction(await this.#snapshotAction(), this.#session);
  }

  /**
   * Saves a snapshot on a control plane, verifies it, and brings it here.
   *
   * @param file where it goes on this machine; absent: it stays on the host.
   * @param readers for whom the cluster's PKI is encrypted and written beside it, to `FILE.pki.age`; absent: it is not.
   * @throws {SlipwayError} before a snapshot is taken, when the PKI cannot be had.
   */
  async snapshot(file?: string, readers?: PkiReaders): Promise<TakenSnapshot> {
    const action = await this.#snapshotAction();
    const planned = await planAction(action, this.#session);
    const { host } = planned;
    const pki = file === undefined || readers === undefined ? null : `${file}.pki.age`;
    if (pki !== null && readers !== undefined) await this.#savePki(host, pki, readers);
    const taken = await performAction(action, planned, this.#session);
    if (file === undefined) return { ...taken, host, file: null, pki };
    await receiveSnapshot(file, taken, async (index) =>
      Buffer.from(await this.#take(host, [pieceOf(taken.path, index)]), 'base64'),
    );
    await this.#take(host, [simple(`remove ${taken.path}`, sh`rm -f ${taken.path}`)]);
    return { ...taken, host, file, pki };
  }

  /** What a defragmentation would do: one member after another, the leader last. */
  async planDefragmentation(): Promise<readonly PlannedAction[]> {
    const { members } = await this.status();
    const actions = defragment(members, this.#controlPlanes());
    return Promise.all(actions.map((action) => planAction(action, this.#session)));
  }

  /** Does it, and gives the members as they are then. */
  async defragment(planned: readonly PlannedAction[]): Promise<EtcdStatus> {
    for (const { host, outcome } of planned) {
      if (outcome.answer === 'act') await this.#take(host, outcome.steps);
    }
    return this.status();
  }

  /**
   * Reads a snapshot and the hosts, and says what a restore would do.
   *
   * @throws {SlipwayError} when the file is not a whole snapshot.
   */
  async planRestore(file: string, { isOfAnother = false } = {}): Promise<PlannedRestore> {
    const looks = await this.#ask(restoreState);
    const { cluster } = this.#session.options;
    const hosts = looks.map(({ name, answers, unreachable }): RestoreHost => {
      const state = answers?.[restoreState.family.name]?.[restoreState.key] as RestoreState | undefined;
      return {
        name,
        ...(state !== undefined && { state }),
        ...(unreachable !== undefined && { unreachable }),
      };
    });
    const lines = hosts.flatMap(({ state }) => state?.authority ?? []);
    const snapshot = await readSnapshot(file, lines);
    const all = cluster.hosts.map(({ name }) => name);
    return {
      file,
      sha256: snapshot.sha256,
      plan: planRestore(hosts, snapshot, { isOfAnother, all }),
    };
  }

  /** Does it. Where it is cut off, the same command goes on with it. */
  async restore(
    { file, sha256, plan }: PlannedRestore,
    onStage: (stage: RestoreStage) => void = () => undefined,
  ): Promise<readonly string[]> {
    if (plan.answer === 'refused') throw new SlipwayError(plan.why, { code: plan.check, hint: plan.hint });
    const missed: string[] = [];
    for (const stage of plan.stages) {
      this.#session.options.signal.throwIfAborted();
      onStage(stage);
      await Promise.all(
        stage.hosts.map(async ({ host, steps }) => {
          if (stage.name === 'prepare') await this.#send(host, file, sha256);
          await this.#take(host, steps).catch((error: unknown) => {
            if (stage.name !== 'kubelets' || !isAway(error)) throw error;
            missed.push(host);
          });
        }),
      );
    }
    return missed;
  }

  async #send(host: string, file: string, sha256: string): Promise<void> {
    const sent = Number((await this.#take(host, [sentSize(sha256)])).trim() || 0);
    let at = 0;
    for await (const piece of readPieces(file)) {
      const end = at + piece.length;
      if (end > sent) await this.#take(host, [sendPiece(sha256, piece.toString('base64'), at)]);
      at = end;
    }
  }

  async #savePki(host: string, file: string, readers: PkiReaders): Promise<void> {
    const encrypt = await pkiEncrypter(readers);
    const action = readPki(host, this.#session.options.cluster);
    const planned = await planAction(action, this.#session);
    const archive = await performAction(action, planned, this.#session);
    await writeWhole(file, await encrypt(archive), 0o600);
  }

  async #snapshotAction() {
    const status = await this.status();
    const host = bestSource(status, this.#controlPlanes());
    if (host === undefined) {
      throw new SlipwayError('no member of etcd is healthy', {
        code: 'etcd-unhealthy',
        hint: 'see "slipway etcd status"; a snapshot asks a member that agrees with the others',
      });
    }
    return takeSnapshot(host);
  }

  #controlPlanes(): readonly string[] {
    return this.#session.options.cluster.hosts.flatMap(({ name, role }) =>
      role === 'control-plane' ? [name] : [],
    );
  }

  #ask(fact: Fact) {
    return this.#session.looker.ask(this.#controlPlanes(), [fact]);
  }

  #take(host: string, steps: readonly Step[]): Promise<string> {
    return takeActionSteps({ name: 'etcd', host, steps }, this.#session);
  }
}

const isAway = (error: unknown): boolean =>
  error instanceof SlipwayError && error.exitCode === EXIT.unreachable;

const simple = (summary: string, script: Script): Step => ({ do: 'run', summary, script });
