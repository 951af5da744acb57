import { type Fact, type Family, fact } from '#core/fact.ts';
import { lines, sh } from '#core/shell.ts';

import { dropIns, readDropIns } from './drop-ins.ts';
import { modulePattern, underscored } from './module-name.ts';

/** What keeps a kernel module from being loaded; null where nothing does. */
export type ModuleBlock = {
  /** A file of modprobe.d, or `/proc/cmdline`. */
  readonly path: string;
  readonly line: string;
  /** Whether it is only at boot, when systemd loads it: what is named in person is loaded all the same. */
  readonly isOfBoot: boolean;
} | null;

export const moduleBlock = (name: string): Fact<ModuleBlock> => fact(family, name);

/**
 * @see https://manpages.debian.org/bookworm/kmod/modprobe.d.5.en.html (blacklist, install)
 * @see https://github.com/systemd/systemd/blob/v257/src/shared/module-util.c (KMOD_PROBE_APPLY_BLACKLIST)
 * @see https://docs.kernel.org/admin-guide/kernel-parameters.html (module_blacklist)
 */
const family: Family<string, ModuleBlock> = {
  name: 'module-block',
  sharesShell: true,
  script: (names) =>
    lines(
      sh`read -r words </proc/cmdline; case $words in *blacklist=*) printf 'kernel %s\n' "$words";; esac`,
      dropIns(
        'modprobe.d',
        `^[[:space:]]*(blacklist|install)[[:space:]]+(${names.map(modulePattern).join('|')})([[:space:]]|$)`,
      ),
    ),
  parse: (output, names) => {
    const rows = output.split('\n');
    const words = rows.flatMap((row) => (row.startsWith('kernel ') ? row.split(' ') : []));
    const settings = readDropIns(rows.filter((row) => !row.startsWith('kernel ')).join('\n'));
    return names.map((name) => {
      const word = words.find((one) => lists(one, name));
      if (word !== undefined) {
        return { path: '/proc/cmdline', line: word, isOfBoot: word.startsWith('modprobe.') };
      }
      const rules = settings.flatMap(({ path, line }) => {
        const [verb, module = '', program = ''] = line.trim().split(/\s+/);
        if (underscored(module) !== underscored(name)) return [];
        if (verb === 'install' && !NOTHING.test(program)) return [];
        return [{ path, line: line.trim(), isOfBoot: verb === 'blacklist' }];
      });
      return rules.find(({ isOfBoot }) => !isOfBoot) ?? rules[0] ?? null;
    });
  },
  bare: () => null,
};

/** Programs that are named in place of loading a module; whatever else does load it, in its own way. */
const NOTHING = /^(?:.*\/)?(?:true|false|:)$/;

/** `module_blacklist=a,b` of the kernel's, `modprobe.blacklist=a,b` of modprobe's. */
function lists(word: string, name: string): boolean {
  const [, names = ''] = /^(?:module_|modprobe\.)blacklist=(.*)$/.exec(word) ?? [];
  return names.split(',').map(underscored).includes(underscored(name));
}
