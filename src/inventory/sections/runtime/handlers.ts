import { CRIO_PROGRAMS } from '#catalog/cri-o.ts';
import { HANDLER_TYPES, type Runtime, type RuntimeHandler } from '#core/runtime.ts';
import { type Accepted, map, mapOf, oneOf, required, text } from '#core/schema.ts';
import { type Finding, meaningless, type Path } from '#inventory/text/problem.ts';
import { dnsSubdomainFault } from '#inventory/values/kubernetes-name.ts';

const handler = map(
  {
    type: required(
      oneOf(HANDLER_TYPES, 'What it is: gVisor (runsc), Kata Containers, or crun in place of runc.'),
    ),
    program: text(
      "Its program: runsc, Kata's shim (with CRI-O), or crun. By default where its project puts it; slipway does not install it.",
      { wanted: 'an absolute path', pattern: '^/', examples: ['/usr/local/bin/runsc'] },
    ),
  },
  'A handler.',
);

/** Of `runtime`: other programs than runc that run the containers of pods that ask for them. */
export const handlers = mapOf(
  handler,
  'Handlers for pods with a RuntimeClass of the same name, which slipway makes; nodes that have one are labelled, and its pods go there. For containerd and CRI-O.',
  {
    wanted: 'a map of handlers by their names',
    examples: [{ gvisor: { type: 'gvisor' }, kata: { type: 'kata' }, crun: { type: 'crun' } }],
  },
);

type Written = Accepted<typeof handlers>;

/** Names that stand for something already. */
const TAKEN: Readonly<Record<string, string>> = {
  runc: 'is what runs all other containers',
  nvidia: "is the handler of NVIDIA's toolkit: see gpu",
};

export function handlerFindings(written: Written, type: Runtime['type'], path: Path): readonly Finding[] {
  const names = Object.keys(written);
  if (names.length > 0 && type === 'docker') return [meaningless(path, 'with type: docker')];
  return names.flatMap((name): readonly Finding[] => {
    const at = [...path, name];
    const fault = name.includes('.') ? 'must have no dots' : dnsSubdomainFault(name);
    if (fault !== undefined || name.length > 50) {
      return [
        { path: at, isKey: true, message: `the name "${name}" ${fault ?? 'is longer than 50 characters'}` },
      ];
    }
    const taken = TAKEN[name];
    if (taken !== undefined) return [{ path: at, isKey: true, message: `"${name}" ${taken}` }];
    return written[name]?.type === 'kata' && written[name].program !== undefined && type === 'containerd'
      ? [meaningless([...at, 'program'], "with containerd, which looks for Kata's shim itself")]
      : [];
  });
}

/**
 * @see https://gvisor.dev/docs/user_guide/install/ (/usr/local/bin)
 * @see https://github.com/kata-containers/kata-containers/blob/3.20.0/docs/how-to/containerd-kata.md (containerd-shim-kata-v2)
 */
const PROGRAMS: Readonly<Record<RuntimeHandler['type'], string>> = {
  gvisor: '/usr/local/bin/runsc',
  kata: '/usr/local/bin/containerd-shim-kata-v2',
  crun: '/usr/bin/crun',
};

export const buildHandlers = (written: Written, type: Runtime['type']): readonly RuntimeHandler[] =>
  Object.entries(written)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, one]) => ({
      name,
      type: one.type,
      program:
        one.program ?? (one.type === 'crun' && type === 'cri-o' ? CRIO_PROGRAMS.crun : PROGRAMS[one.type]),
    }));
