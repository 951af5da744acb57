import { type Fact, type Family, fact } from '#core/fact.ts';
import { embed, lines, type Script, sh } from '#core/shell.ts';

import { kubectl } from './kubectl.ts';

/** What a program prints, for a failure to show: it is asked once something was waited for in vain. */
const output = (name: string, script: Script): Fact<string> => {
  const family: Family<string, string> = {
    name: `diagnosis ${name}`,
    patienceMs: 20_000,
    script: () => script,
    parse: (printed) => [printed],
    bare: () => '',
    isVolatile: true,
  };
  return fact(family, name);
};

/** The last lines that a unit has written to the journal. */
export const journalOf = (unit: string): Fact<string> =>
  output(`journal ${unit}`, sh`journalctl -u ${unit} -n 20 --no-pager -o cat`);

interface Pods {
  readonly namespace: string;
  /** `k8s-app=calico-node`. */
  readonly selector: string;
}

/** The last lines of the first pod that crashes, of each workload. */
export const crashLogs = (workloads: readonly Pods[]): Fact<string> =>
  output(
    `crashes ${workloads.map(({ selector }) => selector).join(' ')}`,
    lines(
      ...workloads.map(({ namespace, selector }) =>
        logOfFirst(namespace, sh`-l ${selector} -o jsonpath=${WAITING} | sed -n ${'/CrashLoop/s/ .*//p'}`),
      ),
    ),
  );

/** The last lines of the pod of a workload on one node. */
export const logsOn = (node: string, { namespace, selector }: Pods): Fact<string> =>
  output(
    `log ${selector} ${node}`,
    logOfFirst(namespace, sh`-l ${selector} --field-selector=${`spec.nodeName=${node}`} -o name`),
  );

/** A line a pod: its name, and what its containers wait for. */
const WAITING =
  '{range .items[*]}{.metadata.name} {.status.initContainerStatuses[*].state.waiting.reason} {.status.containerStatuses[*].state.waiting.reason}{"\\n"}{end}';

const logOfFirst = (namespace: string, which: Script): Script => {
  const inNamespace = sh`${embed(kubectl)} --request-timeout=10s -n ${namespace}`;
  return sh`pod=$(${embed(inNamespace)} get pods ${embed(which)} | head -n 1); [ -z "$pod" ] || ${embed(inNamespace)} logs "$pod" --all-containers --prefix --tail=10`;
};

/** The pods of namespaces, as kubectl lists them. */
export const podsIn = (namespaces: readonly string[]): Fact<string> =>
  output(
    `pods of ${namespaces.join(' ')}`,
    sh`for one in ${namespaces}; do ${embed(kubectl)} --request-timeout=10s -n "$one" get pods -o wide; done`,
  );
