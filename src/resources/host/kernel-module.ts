import { type Resource, changeOr, differs, none, refused, resource } from '#core/resource.ts';
import { command } from '#core/shell.ts';
import { distributionFamilyOf } from '#distributions/supported.ts';
import { kernelModuleState } from '#facts/kernel-module.ts';
import { os } from '#facts/os.ts';
import { writeStep } from '#resources/files/diff-file.ts';

/**
 * A kernel module, loaded now and at every boot. One that is built into the kernel needs neither.
 *
 * @see https://www.freedesktop.org/software/systemd/man/257/modules-load.d.html
 */
export const kernelModule = (name: string): Resource => {
  const path = `/etc/modules-load.d/k8s-${name}.conf`;
  return resource({
    address: `kernel-module:${name}`,
    facts: { found: kernelModuleState(name), os: os() },
    diff: ({ found, os: machine }) => {
      if (found.isBuiltin) return none(`${name} is built into the kernel`);
      const more = found.isAvailable
        ? undefined
        : distributionFamilyOf(machine)?.moreModules?.(machine.kernel);
      if (!found.isAvailable && more === undefined) {
        return refused(
          'KernelModule',
          `the running kernel has no module ${name}`,
          'install the package with the rest of its modules (linux-modules-extra on Ubuntu), or reboot into the kernel whose modules are installed',
        );
      }
      const { block } = found;
      if (block !== undefined) {
        return refused(
          'KernelModule',
          `${block.path} says "${block.line}", so ${name} ${block.isOfBoot ? 'would not be loaded at boot' : 'cannot be loaded'}`,
          block.path === '/proc/cmdline'
            ? `take ${name} out of the boot loader's command line for the kernel, and reboot`
            : `take that line out of ${block.path}`,
        );
      }
      const isKept = found.files.length > 0;
      return changeOr(
        `${name} is loaded, and ${found.files[0]} loads it at boot`,
        [
          ...(more === undefined ? [] : [{ what: more.name, from: null, to: 'installed' }]),
          ...differs('loaded at boot', isKept, true),
          ...differs('loaded', found.isPresent, true),
        ],
        () => [
          ...(more === undefined ? [] : [more.install]),
          ...(isKept ? [] : [writeStep({ path, content: `${name}\n` })]),
          ...(found.isPresent
            ? []
            : [{ do: 'run' as const, summary: `load ${name}`, script: command('modprobe', '--', name) }]),
        ],
      );
    },
  });
};
