/**
 * Where CRI-O's package has the programs that it starts, out of everybody's PATH. CRI-O that finds no conmon for one
 * of its runtimes, such as NVIDIA's, does not start; and NVIDIA's starts no container without a runtime below it.
 *
 * @see https://github.com/cri-o/packaging/blob/b111fe9/templates/latest/cri-o/bundle/10-crio.conf
 * @see https://github.com/cri-o/cri-o/blob/v1.36.3/pkg/config/config.go (ValidateConmonPath)
 */
export const CRIO_PROGRAMS = {
  crun: '/usr/libexec/crio/crun',
  conmon: '/usr/libexec/crio/conmon',
} as const;
