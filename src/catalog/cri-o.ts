/**
 * The programs that CRI-O's package brings; they are on nobody's PATH. CRI-O does not start when one of its runtimes,
 * such as NVIDIA's, names no conmon that exists, and NVIDIA's runtime needs another one to start containers with.
 *
 * @see https://github.com/cri-o/packaging/blob/b111fe9/templates/latest/cri-o/bundle/10-crio.conf
 * @see https://github.com/cri-o/cri-o/blob/v1.36.3/pkg/config/config.go (ValidateConmonPath)
 */
export const CRIO_PROGRAMS = {
  crun: '/usr/libexec/crio/crun',
  conmon: '/usr/libexec/crio/conmon',
} as const;
