import { type Fact, type Family, fact } from '#core/fact.ts';
import { lines, sh } from '#core/shell.ts';

import { dropIns, readDropIns } from './drop-ins.ts';
import { modulePattern, underscored } from './module-name.ts';

/** A kernel module, or the feature where the kernel has it built in. */
export type KernelModuleAnswer = {
  /** In the kernel now, as a module or built in. */
  readonly isPresent: boolean;
  /** Compiled in: there is nothing to load, and modprobe may fail. */
  readonly isBuiltin: boolean;
  /** The running kernel's module tree has it. */
  readonly isAvailable: boolean;
  /** Files of modules-load.d that name it. */
  readonly files: readonly string[];
};

export const kernelModuleState = (name: string): Fact<KernelModuleAnswer> => fact(family, name);

/** Files that show a built-in feature in kernels that have no module tree, and so no list of what is built in. */
const TRACES: Readonly<Record<string, string>> = {
  br_netfilter: '/proc/sys/net/bridge/bridge-nf-call-iptables',
  ip_vs: '/proc/net/ip_vs',
};

const family: Family<string, KernelModuleAnswer> = {
  name: 'kernel-module',
  sharesShell: true,
  script: (names) =>
    lines(
      // Only a loaded module has the file initstate, a built-in one has not. The lists are read unless all are loaded.
      sh`lists=
for name in ${names}; do
if [ -e /sys/module/"$name"/initstate ]; then echo "module $name"; continue; fi
lists=1
[ -d /sys/module/"$name" ] && echo "loaded $name"
done
read -r _ _ release _ </proc/version
if [ -n "$lists" ] && [ -d /lib/modules/"$release" ]; then
grep -HsoE ${`/(${names.map(modulePattern).join('|')})\\.ko`} /lib/modules/"$release"/modules.builtin /lib/modules/"$release"/modules.dep | sed 's/^.*modules\./known /'
fi
while read -r device type; do
case $device,$type in overlay,|*,overlay) echo 'trace overlay';; esac
done </proc/filesystems`,
      ...names.map((name) => {
        const path = TRACES[name];
        return path === undefined ? sh`:` : sh`[ -e ${path} ] && echo ${`trace ${name}`}`;
      }),
      dropIns('modules-load.d', `^[[:space:]]*(${names.map(modulePattern).join('|')})[[:space:]]*$`),
    ),
  parse: (output, names) => {
    const rows = output.split('\n');
    const settings = readDropIns(rows.filter((row) => !/^(module|loaded|known|trace) /.test(row)).join('\n'));
    const known = rows.flatMap((row) => {
      const match = /^known (builtin|dep):.*\/([^/]+)\.ko$/.exec(row);
      return match === null ? [] : [{ list: match[1], name: underscored(match[2] ?? '') }];
    });
    return names.map((name) => {
      const isModule = rows.includes(`module ${name}`);
      const isLoaded = isModule || rows.includes(`loaded ${name}`);
      const lists = known.filter((entry) => entry.name === underscored(name)).map(({ list }) => list);
      const isBuiltin =
        !isModule && (lists.includes('builtin') || (!isLoaded && rows.includes(`trace ${name}`)));
      return {
        isPresent: isLoaded || isBuiltin,
        isBuiltin,
        isAvailable: isLoaded || isBuiltin || lists.length > 0,
        files: settings
          .filter(({ line }) => underscored(line.trim()) === underscored(name))
          .map(({ path }) => path),
      };
    });
  },
  bare: () => ({ isPresent: false, isBuiltin: false, isAvailable: true, files: [] }),
};
