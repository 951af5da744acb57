import { type Fact, type Family, fact } from '#core/fact.ts';
import { embed, lines, type Script, sh } from '#core/shell.ts';

import { kubectl } from './kubectl.ts';

/** What a program prints, for a failure to show: it is asked once something was waited for in vain. */
const output = (name: string, script: () => Script): Fact<string> => {
  const family: Family<string, string> = {
    name: `diagnosis ${name}`,
    patienceMs: 20_000,
    script,
    parse: (printed) => [printed],
    bare: () => '',
    isVolatile: true,
  };
  return fact(family, name);
};

/**
 * `faults COUNT`: of what a program has written, the last lines that tell of a fault, each once. Where there are others,
 * those are left out that only follow from an API server which does not answer.
 *
 * Most programs write all lines to one stream, with the level in the line: logrus (`level=fatal`), zap
 * (`"level":"fatal"`), klog (`F1128 `). A line without a level counts for its words.
 */
const FAULTS: Script = sh`faults() { awk -v count="$1" ${String.raw`
function isFault() {
  if ($0 ~ /level=(error|fatal|panic)|"level":"(error|fatal|panic)"|^[EF][0-9][0-9][0-9][0-9] |^panic:/) return 1
  if ($0 ~ /level=|"level":"|^[IWD][0-9][0-9][0-9][0-9] /) return 0
  return tolower($0) ~ /fail|error|fatal|cannot|could not|unable|denied|invalid|unknown|not found|no such/
}
isFault() {
  text = $0; gsub(/[0-9]+/, "", text); if (seen[text]++) next
  if ($0 ~ /connection refused|node "[^"]*" not found/) follows[++f] = $0; else causes[++c] = $0
}
END {
  if (c) for (i = c > count ? c - count + 1 : 1; i <= c; i++) print causes[i]
  else for (i = f > count ? f - count + 1 : 1; i <= f; i++) print follows[i]
}`}; }`;

/** A unit that has run for longer is no attempt that is about to fail. */
const STEADY_SECONDS = 15;

/** What systemd says of each process that outlives its unit, as every container does. */
const LEFT_RUNNING =
  'remains running after unit stopped|^Found left-over process|^This usually indicates unclean';

/**
 * `journal_of UNIT SINCE`: what a unit says of the attempt to start it that failed last, or of the one that runs where
 * that has been steady; by the priority of its lines, else by their words, else its last ones and systemd's. The last lines by time may be those of the
 * next attempt, which systemd makes within seconds (journalctl's own `-n 1` means the first one after `--since`, in
 * systemd 252). Lines of a program that ended at once may lack the attempt's id:
 * then the unit's lines from that time are taken.
 *
 * @see https://www.freedesktop.org/software/systemd/man/252/systemd.exec.html#%24INVOCATION_ID
 * @see https://github.com/systemd/systemd/blob/v252/src/systemd/sd-messages.h (SD_MESSAGE_UNIT_FAILURE_RESULT)
 */
const JOURNAL_OF: Script = sh`window() {
  journalctl -q -b -o short-unix INVOCATION_ID="$1" | awk 'NR == 1 { from = int($1) } { to = int($1) + 1 } END { if (NR) print "--since=@" from, "--until=@" to }'
}
journal_of() {
  attempt=
  if ! systemctl show -p ActiveState,ActiveEnterTimestampMonotonic -- "$1" |
    awk -F= -v now="$(cut -d' ' -f1 /proc/uptime)" ${`{ is[$1] = $2 } END { exit !(is["ActiveState"] == "active" && now - is["ActiveEnterTimestampMonotonic"] / 1000000 > ${STEADY_SECONDS}) }`}
  then
    journalctl --sync 2>/dev/null
    attempt=$(journalctl -q -b -o export --output-fields=INVOCATION_ID UNIT="$1" MESSAGE_ID=d9b373ed55a64feb8242e02dbe79a49c --since="$2" | sed -n 's/^INVOCATION_ID=//p' | tail -n 1)
  fi
  [ -n "$attempt" ] || attempt=$(systemctl show -p InvocationID --value -- "$1")
  [ -n "$attempt" ] || return 0
  own="journalctl -q -b -o cat --no-pager _SYSTEMD_INVOCATION_ID=$attempt"
  said=$($own -p err | tail -n 5)
  [ -n "$said" ] || said=$($own | faults 5)
  [ -n "$said" ] || said=$(journalctl -q -b -o cat --no-pager _SYSTEMD_UNIT="$1" $(window "$attempt") | faults 5)
  [ -n "$said" ] || said=$(
    { $own | grep . || journalctl -q -b -o cat --no-pager _SYSTEMD_UNIT="$1" $(window "$attempt"); } | tail -n 5
    journalctl -q -b -o cat --no-pager INVOCATION_ID="$attempt" | grep -Ev ${LEFT_RUNNING} | tail -n 3
  )
  [ -z "$said" ] || printf '%s\n' "the journal of $1 says:" "$said"
}`;

/** What a unit says of its failure. */
export const journalOf = (unit: string): Fact<string> =>
  output(`journal ${unit}`, () => lines(FAULTS, JOURNAL_OF, sh`journal_of ${unit} 1970-01-01`));

/**
 * Why a machine does not become a node: what its kubelet says since it was configured, and the containers of its control
 * plane that ended.
 *
 * @param configuration the file that kubeadm writes before it starts the kubelet.
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/kubelet/kuberuntime/helpers.go for /var/log/pods
 */
export const nodeTroubles = (configuration: string): Fact<string> =>
  output('node', () =>
    lines(
      FAULTS,
      JOURNAL_OF,
      sh`[ ! -e ${configuration} ] || journal_of kubelet.service "$(stat -c @%Y ${configuration})"`,
      sh`for name in etcd kube-apiserver kube-controller-manager kube-scheduler; do`,
      sh`for directory in /var/log/pods/kube-system_"$name"-*/"$name"; do`,
      // The kubelet keeps the log of the last container that ended, and that of its successor.
      sh`  logs=$(ls "$directory" 2>/dev/null | grep ${'^[0-9]*[.]log$'} | sort -n | tail -n 2)`,
      sh`  case $logs in ''|0.log) continue ;; esac`,
      sh`  ended=$(printf '%s\n' "$logs" | head -n 1)`,
      sh`  said=$(sed 's/^[^ ]* std[a-z]* [FP] //' "$directory/$ended" | faults 3)`,
      sh`  [ -z "$said" ] || printf '%s\n' "$name, a container of which has ended, says:" "$said"`,
      sh`done; done`,
    ),
  );

/** What cloud-init says of itself, what it printed last, and the programs that it waits for. */
export const cloudInitTroubles: Fact<string> = output('cloud-init', () =>
  lines(
    sh`cloud-init status --long 2>/dev/null`,
    sh`tail -n 5 /var/log/cloud-init-output.log 2>/dev/null`,
    sh`systemctl status -n 0 --no-pager -l cloud-config.service cloud-final.service 2>/dev/null | grep -E ${'[|`]-'} | tail -n 5`,
    sh`:`,
  ),
);

interface Pods {
  readonly namespace: string;
  /** `k8s-app=calico-node`. */
  readonly selector: string;
}

/** The last lines of the first pod that crashes, of each workload. */
export const crashLogs = (workloads: readonly Pods[]): Fact<string> =>
  output(`crashes ${workloads.map(({ selector }) => selector).join(' ')}`, () =>
    lines(
      ...workloads.map(({ namespace, selector }) =>
        logOfFirst(namespace, sh`-l ${selector} -o jsonpath=${WAITING} | sed -n ${'/CrashLoop/s/ .*//p'}`),
      ),
    ),
  );

/** The last lines of the pod of a workload on one node. */
export const logsOn = (node: string, { namespace, selector }: Pods): Fact<string> =>
  output(`log ${selector} ${node}`, () =>
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
    () =>
      sh`for one in ${namespaces}; do ${embed(kubectl)} --request-timeout=10s -n "$one" get pods -o wide; done`,
  );
