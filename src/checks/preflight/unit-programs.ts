import type { HostKind } from '#core/cluster.ts';
import type { Resource } from '#core/resource.ts';
import type { Runtime } from '#core/runtime.ts';
import { fileName } from '#facts/drop-ins.ts';
import { isPackaged, surroundings, type UnitLine } from '#facts/surroundings.ts';

import { check } from './check.ts';

/**
 * Units and drop-ins that others wrote, such as kubespray, come before the packages' of the same name, and may start
 * another program, or the same one on another configuration.
 */
export const unitPrograms = ({ runtime }: Pick<HostKind, 'runtime'>): Resource => {
  const ofRuntime = runtime.source.from === 'upstream' ? [] : RUNTIME_UNITS[runtime.type];
  const units = new Set(['kubelet', ...ofRuntime]);
  return check({
    name: 'UnitProgram',
    facts: { around: surroundings() },
    judge: ({ around: { unitLines = [] } }) => {
      const objections = unitLines
        .filter(({ unit }) => units.has(unit))
        .flatMap((line) => {
          const why = objectionTo(line);
          return why === undefined ? [] : [{ path: line.path, why }];
        });
      if (objections.length === 0) return "the packages' own units start their programs";
      const paths = [...new Set(objections.map(({ path }) => path))].join(' ');
      return {
        why: objections.map(({ path, why }) => `${path} starts ${why}`).join('; '),
        hint: `move it away: mv ${paths} /root/ && systemctl daemon-reload`,
      };
    },
  });
};

const RUNTIME_UNITS: Readonly<Record<Runtime['type'], readonly string[]>> = {
  containerd: ['containerd'],
  docker: ['docker', 'containerd'],
  'cri-o': ['crio'],
};

/**
 * The flags by which a runtime is given another configuration than its own.
 *
 * @see https://github.com/containerd/containerd/blob/v2.1.4/docs/man/containerd.8.md
 * @see https://docs.docker.com/reference/cli/dockerd/ (28.x)
 * @see https://github.com/cri-o/cri-o/blob/v1.36.0/docs/crio.8.md
 */
const CONFIGURATIONS: Readonly<Record<string, { readonly flag: RegExp; readonly path: string }>> = {
  containerd: { flag: /^--?(?:config|c)$/, path: '/etc/containerd/config.toml' },
  docker: { flag: /^--config-file$/, path: '/etc/docker/daemon.json' },
  crio: { flag: /^(?:--config|-c)$/, path: '/etc/crio/crio.conf' },
};

function objectionTo({ unit, path, line }: UnitLine): string | undefined {
  const [, command = ''] = /^ExecStart=[-@:+!|]*(.*)$/.exec(line) ?? [];
  const [program = '', ...words] = command.split(/\s+/);
  if (program === '') return undefined;
  if (!isPackaged(program)) return `${program} in place of the package's program`;
  if (unit === 'kubelet') {
    return isKubeadms(command) || !isLast(path)
      ? undefined
      : `${program} without $KUBELET_CONFIG_ARGS and $KUBELET_KUBEADM_ARGS, so on nothing of what kubeadm writes`;
  }
  const own = CONFIGURATIONS[unit];
  const flags = words.flatMap((word) => word.split('='));
  const at = flags.findIndex((word) => own?.flag.test(word));
  const given = at < 0 ? own?.path : flags[at + 1];
  return given === own?.path ? undefined : `${program} on ${given ?? ''} in place of ${own?.path}`;
}

const isKubeadms = (command: string): boolean =>
  ['KUBELET_CONFIG_ARGS', 'KUBELET_KUBEADM_ARGS'].every((name) => command.includes(name));

/** Whether a command counts beside that of the package's drop-in, which takes the place of what is read before it. */
const isLast = (path: string): boolean => path.endsWith('.conf') && fileName(path) >= '10-kubeadm.conf';
