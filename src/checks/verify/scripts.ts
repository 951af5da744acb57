import { command, embed, type Script, sh } from '#core/shell.ts';
import { kubectl } from '#facts/kubectl.ts';

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
