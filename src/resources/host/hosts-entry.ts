import { editHosts } from '#configuration/etc-hosts.ts';
import { none, type Resource, resource } from '#core/resource.ts';
import { fileContent } from '#facts/file.ts';
import { diffFile, edited, refuseUnreadable } from '#resources/files/diff-file.ts';

export interface HostsEntry {
  readonly name: string;
  readonly address: string;
}

const HOSTS = '/etc/hosts';

/**
 * What cloud-init makes /etc/hosts of when a machine boots, where it is set to do so.
 *
 * @see https://cloudinit.readthedocs.io/en/23.1/reference/modules.html#update-etc-hosts (manage_etc_hosts)
 */
const TEMPLATES = ['debian', 'redhat'].map((family) => `/etc/cloud/templates/hosts.${family}.tmpl`);

/** A name that stands for one address on this host, and after a reboot too. */
export const hostsEntries = (entry: HostsEntry): readonly Resource[] => [
  ...TEMPLATES.map((path) => hostsFile(path, entry, { isOptional: true })),
  hostsFile(HOSTS, entry, { isOptional: false }),
];

const hostsFile = (
  path: string,
  { name, address }: HostsEntry,
  { isOptional }: { readonly isOptional: boolean },
): Resource =>
  resource({
    address: `file:${path}`,
    facts: { found: fileContent(path) },
    diff: ({ found }) => {
      if (isOptional && found.type === 'absent') return none(`there is no ${path}`);
      const unreadable = refuseUnreadable(found, path);
      if (unreadable !== undefined) return unreadable;
      const { text, others } = editHosts(found.content ?? '', name, address);
      // A line of somebody else's goes: of the file that had it a copy stays.
      return diffFile(found, { ...edited(found, path, text), isOwn: () => others.length === 0 });
    },
  });
