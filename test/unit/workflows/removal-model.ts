import { rootCertificates } from 'node:tls';

import { KUBEADM_FILES } from '#configuration/kubeadm-files.ts';
import { ConnectionLost } from '#core/execution-error.ts';
import type { Fact, HostAnswers } from '#core/fact.ts';
import type { Json } from '#core/json.ts';
import type { Execution, ExecutionResult } from '#core/transport.ts';
import { bareAnswers } from '#transport/probe.ts';

import { playSteps } from '../../support/played-steps.ts';

/** Of a host: what the cluster has of it, and what is on it. */
export interface RemovalHost {
  readonly isControlPlane: boolean;
  /** Its kubelet is heard from, and its member of etcd is healthy. */
  readonly isAlive: boolean;
  /** It is alive, and nobody can log in. */
  refusesLogins?: boolean;
  /** A host that has no part of the cluster yet; it may join. */
  isBare?: boolean;
  hasNode: boolean;
  hasMember: boolean;
  hasTraces: boolean;
  isDrained: boolean;
}

const ABSENT = { type: 'absent', content: null, target: null, mode: null, owner: null, mtime: null };

/** What a control plane makes for a join. */
const secretOf = (script: string): string =>
  script.includes('token create')
    ? 'abcdef.0123456789abcdef\n'
    : script.includes('upload-certs')
      ? `${'0f'.repeat(32)}\n`
      : (rootCertificates[0] ?? '');

/** What a line of a step does to the model: a stand-in for the programs that it names. */
type Effect = readonly [RegExp, (model: RemovalModel, host: string, word: string) => void];

const EFFECTS: readonly Effect[] = [
  [/ drain (\S+) /, (model, _, node) => model.drain(node)],
  [/^etcd_ctl member remove (\S+)/, (model, host, id) => model.removeMember(host, id)],
  [/ delete node (\S+)/, (model, _, node) => model.deleteNode(node)],
  [/^kubeadm reset (--force)/, (model, host) => model.reset(host)],
  [/--unit=slipway-(kubeadm-join) /, (model, host) => model.join(host)],
];

/** A cluster of which hosts are removed; it refuses what would harm it, as etcd does with its strict check. */
export class RemovalModel {
  readonly hosts = new Map<string, RemovalHost>();
  readonly log: string[] = [];
  /** By its name, the machine that answers at the address of a host. */
  readonly machines = new Map<string, string>();
  /** By its name, the authority that a host trusts. */
  readonly authorities = new Map<string, string>();
  api: 'ready' | 'unreachable' | 'absent' = 'ready';
  /** The effect at which the run is cut off, before it comes about. */
  cutAt = Number.POSITIVE_INFINITY;
  cut = new AbortController();

  constructor(alive: readonly string[], dead: readonly string[] = []) {
    for (const name of [...alive, ...dead]) {
      const isControlPlane = name.startsWith('cp');
      const traces = { hasNode: true, hasMember: isControlPlane, hasTraces: true, isDrained: false };
      this.hosts.set(name, { isControlPlane, isAlive: alive.includes(name), ...traces });
    }
  }

  of(name: string): RemovalHost {
    const host = this.hosts.get(name);
    if (host === undefined) throw new Error(`there is no ${name}`);
    return host;
  }

  drain(node: string): void {
    if (!this.of(node).isAlive) throw new Error('error when waiting for pod: global timeout reached: 20s');
    this.of(node).isDrained = true;
  }

  removeMember(through: string, id: string): void {
    const name = id.replace('id-', '');
    if (through === name) throw new Error('a member takes itself out');
    if (!this.of(name).hasMember) throw new Error('etcdserver: member not found');
    const left = this.members().filter(([one]) => one !== name);
    if (left.filter(([, { isAlive }]) => isAlive).length < Math.floor(left.length / 2) + 1)
      throw new Error('etcdserver: re-configuration failed due to not enough started members');
    this.of(name).hasMember = false;
  }

  deleteNode(name: string): void {
    if (this.of(name).hasMember) throw new Error(`node ${name} goes before its member`);
    this.of(name).hasNode = false;
  }

  /** kubeadm adds a member, for which etcd wants all that it has to be well. */
  join(name: string): void {
    if (this.members().some(([, { isAlive }]) => !isAlive))
      throw new Error('etcdserver: re-configuration failed due to not enough started members');
    Object.assign(this.of(name), { hasNode: true, hasMember: true, hasTraces: true, isBare: false });
  }

  /** A host that is bare. */
  add(name: string): void {
    const none = { hasNode: false, hasMember: false, hasTraces: false, isDrained: false };
    this.hosts.set(name, { isControlPlane: true, isAlive: true, isBare: true, ...none });
  }

  reset(name: string): void {
    const { hasMember, hasNode } = this.of(name);
    if (hasMember || hasNode) throw new Error(`the data of ${name} goes before its part of the cluster`);
    this.of(name).hasTraces = false;
  }

  members(): readonly (readonly [string, RemovalHost])[] {
    return [...this.hosts].filter(([, { hasMember }]) => hasMember);
  }

  /** What a host says: as a bare one, but for what a removal asks. */
  answersOf(name: string, facts: readonly Fact[]): HostAnswers {
    return Object.fromEntries(
      Object.entries(bareAnswers(facts)).map(([family, own]) => [
        family,
        Object.fromEntries(
          Object.entries(own).map(([key, answer]) => [key, this.#answerOf(name, family, key) ?? answer]),
        ),
      ]),
    );
  }

  #answerOf(name: string, family: string, key: string): Json | undefined {
    if (family === 'api') {
      if (this.api === 'unreachable') return { state: 'unreachable', why: 'connection refused' };
      const host = this.hosts.get(name);
      return host?.isControlPlane === true && host.hasTraces && this.api === 'ready'
        ? { state: 'ready', nodes: this.#nodes(), objects: [] }
        : { state: 'absent' };
    }
    if (family === 'path' && this.hosts.get(name)?.hasTraces === true)
      return key.includes(KUBEADM_FILES.bootstrap) ? 'absent' : 'file';
    if (family === 'file' && key.includes(KUBEADM_FILES.ca) && this.authorities.has(name))
      return { ...ABSENT, type: 'file', content: this.authorities.get(name) ?? '' };
    if (family === 'os' && this.machines.has(name)) return { machineId: this.machines.get(name) ?? '' };
    if (family === 'etcd-members') {
      if (this.api === 'absent') return { state: 'absent' };
      const members = this.members().map(([member, { isAlive }]) => ({
        id: `id-${member}`,
        name: member,
        peerUrls: [`https://${member}:2380`],
        isLearner: false,
        isHealthy: isAlive,
      }));
      return { state: 'answers', members };
    }
    if (family === 'existing-paths' && key.includes('/etc/kubernetes/manifests'))
      return this.hosts.get(name)?.hasTraces === true ? ['/etc/kubernetes/kubelet.conf'] : [];
    return family === 'evictions' ? [] : undefined;
  }

  #nodes(): Json {
    return Object.fromEntries(
      [...this.hosts].flatMap(([name, { hasNode, isAlive, isDrained }]) =>
        hasNode
          ? [
              [
                name,
                {
                  annotations: isDrained ? { 'slipway/drained': 'true' } : {},
                  labels: {},
                  isCordoned: isDrained,
                  isLost: !isAlive,
                  machineId: this.machines.size > 0 ? `m-${name}` : '',
                },
              ],
            ]
          : [],
      ),
    );
  }

  run(host: string, execution: Execution): ExecutionResult {
    const { script } = execution;
    if (!script.includes(' start %s')) return { code: 0, stdout: secretOf(script), stderr: '' };
    return playSteps(execution, (shell) => this.#effectsOf(host, shell));
  }

  /** @returns why it failed. */
  #effectsOf(host: string, part: string): string | undefined {
    for (const text of part.split('\n')) {
      const line = text.replace(/^\( timeout .* sh -ec '/, '').replace(/' <\/dev\/null$/, '');
      const [pattern, effect] = EFFECTS.find(([one]) => one.test(line)) ?? [];
      if (pattern === undefined || effect === undefined) continue;
      const word = pattern.exec(line)?.[1] ?? '';
      this.log.push(
        `${host}: ${/drain|member remove|delete node|kubeadm reset|kubeadm-join/.exec(line)?.[0]} ${word}`,
      );
      if (this.log.length >= this.cutAt) {
        this.cut.abort();
        throw new ConnectionLost(host, 'the run was cut off');
      }
      try {
        effect(this, host, word);
      } catch (error) {
        return (error as Error).message;
      }
    }
    return undefined;
  }
}
