import { type Fact, type Family, fact } from '#core/fact.ts';
import { lines, sh } from '#core/shell.ts';

import { dropIns, literal, readDropIns, type Setting } from './drop-ins.ts';

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
  /** What keeps it from being loaded; absent where nothing does. */
  readonly block?: ModuleBlock;
};

export type ModuleBlock = {
  /** A file of modprobe.d, or `/proc/cmdline`. */
  readonly path: string;
  readonly line: string;
  /** Whether it is only at boot, when systemd loads it: what is named in person is loaded all the same. */
  readonly isOfBoot: boolean;
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
grep -HsoE ${`/(${names.map(pattern).join('|')})\\.ko`} /lib/modules/"$release"/modules.builtin /lib/modules/"$release"/modules.dep
fi
while read -r device type; do
case $device,$type in overlay,|*,overlay) echo 'trace overlay';; esac
done </proc/filesystems`,
      ...names.map((name) => {
        const path = TRACES[name];
        return path === undefined ? sh`:` : sh`[ -e ${path} ] && echo ${`trace ${name}`}`;
      }),
      sh`read -r words </proc/cmdline; case $words in *blacklist=*) printf 'kernel %s\n' "$words";; esac`,
      dropIns(
        ['modules-load.d', 'modprobe.d'],
        `^[[:space:]]*((blacklist|install)[[:space:]]+)?(${names.map(pattern).join('|')})([[:space:]]|$)`,
      ),
    ),
  parse: (output, names) => {
    const rows = output.split('\n');
    const settings = readDropIns(
      rows.filter((row) => !/^(module|loaded|trace|kernel) /.test(row) && !KNOWN.test(row)).join('\n'),
    );
    const words = rows.flatMap((row) => (row.startsWith('kernel ') ? row.split(' ') : []));
    const known = rows.flatMap((row) => {
      const match = KNOWN.exec(row);
      return match === null ? [] : [{ list: match[1], name: underscored(match[2] ?? '') }];
    });
    return names.map((name) => {
      const isModule = rows.includes(`module ${name}`);
      const isLoaded = isModule || rows.includes(`loaded ${name}`);
      const lists = known.filter((entry) => entry.name === underscored(name)).map(({ list }) => list);
      const block = blockOf(name, words, settings);
      const isBuiltin =
        !isModule && (lists.includes('builtin') || (!isLoaded && rows.includes(`trace ${name}`)));
      return {
        isPresent: isLoaded || isBuiltin,
        isBuiltin,
        isAvailable: isLoaded || isBuiltin || lists.length > 0,
        files: settings
          .filter(
            ({ path, line }) =>
              !path.includes('/modprobe.d/') && underscored(line.trim()) === underscored(name),
          )
          .map(({ path }) => path),
        ...(block !== undefined && { block }),
      };
    });
  },
  bare: () => ({ isPresent: false, isBuiltin: false, isAvailable: true, files: [] }),
};

/** A module in one of the lists of the kernel's. */
const KNOWN = /^\/lib\/modules\/[^/]+\/modules\.(builtin|dep):.*\/([^/]+)\.ko$/;

/**
 * The first thing that forbids it always, else one that does at boot.
 *
 * @see https://manpages.debian.org/bookworm/kmod/modprobe.d.5.en.html (blacklist, install)
 * @see https://github.com/systemd/systemd/blob/v257/src/shared/module-util.c (KMOD_PROBE_APPLY_BLACKLIST)
 * @see https://docs.kernel.org/admin-guide/kernel-parameters.html (module_blacklist)
 */
function blockOf(
  name: string,
  words: readonly string[],
  settings: readonly Setting[],
): ModuleBlock | undefined {
  const word = words.find((one) => isListed(one, name));
  if (word !== undefined) {
    return { path: '/proc/cmdline', line: word, isOfBoot: word.startsWith('modprobe.') };
  }
  const rules = settings.flatMap(({ path, line }) => {
    const [verb = '', module = '', program = ''] = line.trim().split(/\s+/);
    if (!path.includes('/modprobe.d/') || underscored(module) !== underscored(name)) return [];
    if (verb === 'install' && !NOTHING.test(program)) return [];
    return [{ path, line: line.trim(), isOfBoot: verb === 'blacklist' }];
  });
  return rules.find(({ isOfBoot }) => !isOfBoot) ?? rules[0];
}

/** Programs that are named in place of loading a module; whatever else does load it, in its own way. */
const NOTHING = /^(?:.*\/)?(?:true|false|:)$/;

/** `module_blacklist=a,b` of the kernel's, `modprobe.blacklist=a,b` of modprobe's. */
function isListed(word: string, name: string): boolean {
  const [, names = ''] = /^(?:module_|modprobe\.)blacklist=(.*)$/.exec(word) ?? [];
  return names.split(',').map(underscored).includes(underscored(name));
}

/** Dash and underscore in a module's name mean the same to the kernel. */
const pattern = (name: string): string => literal(name).replaceAll(/[-_]/g, '[-_]');

const underscored = (name: string): string => name.replaceAll('-', '_');
