import { type Script, sh } from '#core/shell.ts';

/**
 * Where units are, in the order in which systemd prefers them.
 *
 * @see https://www.freedesktop.org/software/systemd/man/252/systemd.unit.html#Unit%20File%20Load%20Path
 */
const DIRECTORIES = ['/etc', '/run', '/usr/local/lib', '/usr/lib'].map((root) => `${root}/systemd/system`);

/** Shell patterns of what systemd reads of a unit. */
export const unitFiles = (name: string): readonly string[] =>
  DIRECTORIES.flatMap((directory) => [`${directory}/${name}`, `${directory}/${name}.d/*.conf`]);

/** Its time is when systemd last began to read all units; not every version of systemd has it. */
const LOADED = '/run/systemd/systemd-units-load';

/**
 * Has systemd read all units anew, unless nothing has changed since it did: it takes ten times as long as to look.
 *
 * Whatever changed in a directory of units counts, of any unit, by the time of change that nobody can set back, and so
 * does what systemd knows of this one, which may come from elsewhere. Where anything is unclear they are read anew.
 *
 * @see https://github.com/systemd/systemd/blob/v252/src/core/manager.c (manager_ready)
 */
export const readAnew = (name: string): Script => sh`is_read() {
[ "$(systemctl show -p NeedDaemonReload --value -- ${name})" = no ] && [ -e ${LOADED} ] || return 1
set --
for directory in ${DIRECTORIES} /lib/systemd/system; do [ ! -d "$directory" ] || set -- "$@" "$directory"; done
newer=$(find ${LOADED} "$@" -path ${LOADED} -newermt now -o ! -path ${LOADED} -newercm ${LOADED}) && [ -z "$newer" ]
}
is_read || systemctl daemon-reload`;
