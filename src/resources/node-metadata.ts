import { type Cluster, firstControlPlane, type Host } from '#core/cluster.ts';
import { at } from '#core/fact.ts';
import {
  changeOr,
  deferred,
  type Difference,
  type Outcome,
  resource,
  type Resource,
} from '#core/resource.ts';
import { command, embed, sh } from '#core/shell.ts';
import { apiState, type NodeState } from '#facts/api.ts';
import { kubectl } from '#facts/kubectl.ts';

/** Labels of a node as the inventory says; others stay. */
export function nodeLabels(cluster: Cluster, host: Host): Resource {
  return onNode(cluster, host, 'labels', ({ labels }) => {
    const wrong = Object.entries(host.labels).filter(([key, value]) => labels[key] !== value);
    const differences = wrong.map(([key, value]): Difference => ({
      what: `label ${key}`,
      from: labels[key] ?? null,
      to: value,
    }));
    const pairs = wrong.map(([key, value]) => `${key}=${value}`);
    const script = sh`${embed(kubectl)} label node ${host.name} --overwrite ${pairs}`;
    return changeOr('labels are as wanted', differences, [
      { do: 'run', summary: `label node ${host.name}`, script },
    ]);
  });
}

/** Taints of a node as the inventory says; others stay. */
export function nodeTaints(cluster: Cluster, host: Host): Resource {
  return onNode(cluster, host, 'taints', ({ taints }) => {
    const missing = host.taints.filter(
      (wanted) =>
        !taints.some(
          ({ key, value, effect }) =>
            key === wanted.key && value === wanted.value && effect === wanted.effect,
        ),
    );
    const differences = missing.map(({ key, value, effect }): Difference => {
      const now = taints.find((taint) => taint.key === key && taint.effect === effect);
      return { what: `taint ${key}:${effect}`, from: now?.value ?? null, to: value };
    });
    const words = missing.map(({ key, value, effect }) => `${key}=${value}:${effect}`);
    const script = sh`${embed(kubectl)} taint node ${host.name} --overwrite ${words}`;
    return changeOr('taints are as wanted', differences, [
      { do: 'run', summary: `taint node ${host.name}`, script },
    ]);
  });
}

/** The node is there and says it is Ready; what keeps it from that is told. */
export function nodeReady(cluster: Cluster, host: Host): Resource {
  const isIgnored = cluster.ignoredChecks.includes('NodeReady');
  return onNode(cluster, host, 'ready', ({ isReady, message }) => {
    const differences = isReady || isIgnored ? [] : [{ what: 'Ready', from: message || 'False', to: 'True' }];
    const wait = command(
      '--request-timeout=310s',
      'wait',
      '--for=condition=Ready',
      `node/${host.name}`,
      '--timeout=300s',
    );
    const script = sh`${embed(kubectl)} ${embed(wait)} || { ${embed(kubectl)} describe node ${host.name} | sed -n '/^Conditions/,/^Addresses/p' >&2; ${embed(kubectl)} get pods -A -o wide | grep -v -E 'Running|Completed' >&2; exit 1; }`;
    return changeOr(isReady ? `node ${host.name} is Ready` : 'ignored: NodeReady', differences, [
      { do: 'run', summary: `wait until node ${host.name} is Ready`, script, timeoutMs: 320_000 },
    ]);
  });
}

function onNode(cluster: Cluster, host: Host, word: string, diff: (node: NodeState) => Outcome): Resource {
  return resource({
    address: `node-${word}:${host.name}`,
    facts: { api: at(firstControlPlane(cluster).name, apiState) },
    diff: ({ api }) => {
      const node = api.state === 'ready' ? api.nodes[host.name] : undefined;
      if (node !== undefined) return diff(node);
      const isFirst = firstControlPlane(cluster).name === host.name;
      return deferred({ host: host.name, phase: isFirst ? 'control-plane' : 'join' }, `node ${host.name}`);
    },
  });
}
