import { command, embed, type Script, sh } from '#core/shell.ts';
import { kubectl } from '#facts/kubectl.ts';

/** Tries a program again, with pauses, until it succeeds or the time is over; what it printed last is printed. */
export const patiently = (seconds: number, program: Script): Script =>
  sh`end=$(($(date +%s) + ${seconds})); until said=$(${embed(program)} 2>&1); do [ "$(date +%s)" -lt "$end" ] || { printf '%s
' "$said" >&2; exit 1; }; sleep 2; done; printf '%s
' "$said"`;

/** kubectl in the namespace of the verification. */
export const kubectlIn = (namespace: string, ...words: readonly string[]): Script =>
  sh`${embed(kubectl)} ${embed(command(`--namespace=${namespace}`, ...words))}`;

export const lastLine = (text: string): string =>
  text
    .trim()
    .split('\n')
    .findLast((line) => line.trim() !== '') ?? '';

/** All nodes, as JSON. */
export const nodesJson = sh`${embed(kubectl)} --request-timeout=20s get nodes --output=json`;
