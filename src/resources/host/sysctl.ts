import { type Resource, changeOr, differs, refused, resource } from '#core/resource.ts';
import { command } from '#core/shell.ts';
import { run } from '#core/step.ts';
import { fileName } from '#facts/drop-ins.ts';
import { type SysctlAnswer, sysctlValue } from '#facts/sysctl.ts';
import { writeStep } from '#resources/files/diff-file.ts';

export interface SysctlDefinition {
  /** Dotted: `net.ipv4.ip_forward`. */
  readonly key: string;
  readonly value: string;
}

/**
 * A kernel parameter, both live and after a reboot. If any file sets it already, that is enough; otherwise one is
 * written.
 *
 * @see https://www.freedesktop.org/software/systemd/man/257/sysctl.d.html
 */
export const sysctl = ({ key, value }: SysctlDefinition): Resource => {
  const path = sysctlPath(key);
  return resource({
    address: `sysctl:${key}`,
    facts: { found: sysctlValue(key) },
    diff: ({ found }) => {
      const winner = found.files.at(-1);
      if (winner !== undefined && winner.value !== value && isAfter(winner.path, path)) {
        return refused(
          'SysctlConflict',
          `${winner.path} sets ${key} to ${winner.value}, and is applied after ${path}`,
          `remove the line from ${winner.path}, or make it ${value}`,
        );
      }
      const isKept = winner?.value === value;
      const isLive = found.live === value;
      return changeOr(
        `${key} is ${value}, and ${winner?.path} keeps it`,
        [
          ...differs('after a reboot', afterReboot(found), value),
          ...differs('live value', found.live, value),
        ],
        () => [
          ...(isKept ? [] : [writeStep({ path, content: `${key} = ${value}\n` })]),
          ...(isLive ? [] : [run(`set ${key} to ${value}`, command('sysctl', '-w', `${key}=${value}`))]),
        ],
      );
    },
  });
};

/**
 * Named like k8s.conf in the documentation of Kubernetes: it sorts after all names that begin with a number.
 *
 * @see https://kubernetes.io/docs/setup/production-environment/container-runtimes/#prerequisite-ipv4-forwarding-optional (v1.34)
 */
export const sysctlPath = (key: string): string => `/etc/sysctl.d/k8s-${key}.conf`;

const afterReboot = ({ files }: SysctlAnswer): string | null => files.at(-1)?.value ?? null;

const isAfter = (path: string, ours: string): boolean => fileName(path) > fileName(ours);
