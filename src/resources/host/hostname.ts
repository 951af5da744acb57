import { changeOr, differs, type Resource, resource } from '#core/resource.ts';
import { command } from '#core/shell.ts';
import { run } from '#core/step.ts';
import { fileContent } from '#facts/file.ts';
import { os } from '#facts/os.ts';
import { edited, refuseUnreadable, writeStep } from '#resources/files/diff-file.ts';

/** @see https://www.freedesktop.org/software/systemd/man/257/hostname.html */
const HOSTNAME = '/etc/hostname';

/** What the machine calls itself, now and after a reboot. */
export const hostname = (name: string): Resource =>
  resource({
    address: 'hostname',
    facts: { found: fileContent(HOSTNAME), os: os() },
    diff: ({ found, os: { hostname: live } }) => {
      const unreadable = refuseUnreadable(found, HOSTNAME);
      if (unreadable !== undefined) return unreadable;
      const atBoot = firstName(found.content ?? '');
      return changeOr(
        `it is called ${name}`,
        [...differs('at boot', atBoot, name), ...differs('now', live, name)],
        [
          ...(atBoot === name ? [] : [writeStep(edited(found, HOSTNAME, `${name}\n`))]),
          ...(live === name ? [] : [run(`call it ${name}`, command('hostname', name))]),
        ],
      );
    },
  });

const firstName = (text: string): string | null =>
  text
    .split('\n')
    .map((line) => line.trim())
    .find((line) => line !== '' && !line.startsWith('#')) ?? null;
